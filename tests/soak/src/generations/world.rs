//! What a trial is made of: a composition, and the configurations and faults that it is taken through. All of it is read from
//! bytes, so that chance can make it, and make it smaller.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use treenail::__private::{Form, Scope};
use treenail::Phase;

/// A composition, and what happens to it.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) parts: Vec<Part>,
    pub(crate) services: Vec<Service>,
    pub(crate) first: Configuration,
    /// While it starts.
    pub(crate) faults: Vec<Fault>,
    pub(crate) steps: Vec<Step>,
    pub(crate) end: End,
}

/// One component of the composition.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) number: usize,
    /// All but the first one are optional.
    pub(crate) plugin: usize,
    pub(crate) scope: Scope,
    pub(crate) kind: Kind,
    pub(crate) wants: Vec<Want>,
}

/// The author's word on how a component is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Recreate,
    Overlap,
    Reconfigure,
}

/// What a component asks for.
#[derive(Debug, Clone)]
pub(crate) struct Want {
    pub(crate) service: usize,
    pub(crate) form: Form,
    /// The provider that it gets where nothing else is said.
    pub(crate) default: Option<usize>,
    /// Whether the configuration may say so of a component that is no instance.
    pub(crate) named: bool,
}

/// Who provides a service, and who wraps its providers, from within.
#[derive(Debug, Clone, Default)]
pub(crate) struct Service {
    pub(crate) providers: Vec<usize>,
    pub(crate) decorators: Vec<usize>,
}

/// A configuration.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Configuration {
    /// By component.
    pub(crate) values: BTreeMap<usize, u32>,
    /// In the order of the file.
    pub(crate) instances: Vec<Instance>,
    /// By component that is no instance, and by number of what it asks for.
    pub(crate) injects: BTreeMap<(usize, usize), String>,
    /// One value is no number.
    pub(crate) is_wrong: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Instance {
    pub(crate) part: usize,
    pub(crate) name: String,
    pub(crate) value: u32,
    pub(crate) injects: BTreeMap<usize, String>,
}

/// What goes wrong: of every node of a component, or of those with this configuration.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) part: usize,
    pub(crate) value: Option<u32>,
    pub(crate) phase: Phase,
    pub(crate) way: Way,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Error,
    Panic,
    Hang,
}

/// One reload.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) next: Configuration,
    pub(crate) faults: Vec<Fault>,
    pub(crate) caller: Caller,
}

/// Who waits for a reload.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Caller {
    Waits,
    /// Drops the future after so many seconds.
    Drops(u64),
    /// Does not wait for it before the next one is asked for.
    GoesOn,
}

/// How a trial ends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    Stop,
    /// With a last reload that is so many seconds old.
    StopDuring(u64),
    Drop,
}

impl World {
    pub(crate) fn id(&self, part: usize) -> String {
        format!("{}:C{part}", PLUGINS[self.parts[part].plugin])
    }

    /// The file.
    pub(crate) fn text(&self, configuration: &Configuration) -> String {
        let mut text = String::from("app:\n  components:\n");
        let mut wrong = configuration.is_wrong;
        for (part, value) in &configuration.values {
            if self.parts[*part].scope != Scope::Instance {
                let told = match std::mem::take(&mut wrong) {
                    true => "many".to_owned(),
                    false => value.to_string(),
                };
                let _ = writeln!(text, "    \"{}\": {{ value: {told} }}", self.id(*part));
            }
        }
        if wrong {
            text.push_str("    nobody: {}\n");
        }
        let map = |injects: Vec<(usize, &String)>| {
            let injects = injects.into_iter();
            let injects: Vec<String> = injects
                .map(|(want, target)| format!("want{want}: \"{target}\""))
                .collect();
            injects.join(", ")
        };
        text.push_str("  services:\n");
        for one in &configuration.instances {
            let (id, injects) = (
                self.id(one.part),
                map(one
                    .injects
                    .iter()
                    .map(|(want, target)| (*want, target))
                    .collect()),
            );
            let _ = writeln!(
                text,
                "    {}: {{ use: \"{id}\", params: {{ value: {} }}, injects: {{ {injects} }} }}",
                one.name, one.value
            );
        }
        let mut header = "  injects:\n";
        for part in &self.parts {
            let own = configuration.injects.iter();
            let own = own.filter(|((of, _), _)| *of == part.number);
            let own: Vec<(usize, &String)> =
                own.map(|((_, want), target)| (*want, target)).collect();
            if !own.is_empty() {
                text.push_str(std::mem::take(&mut header));
                let _ = writeln!(text, "    \"{}\": {{ {} }}", self.id(part.number), map(own));
            }
        }
        text
    }
}

/// Short enough to be read: a line for each component, then the files.
impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            let (id, scope, kind) = (self.id(part.number), part.scope, part.kind);
            write!(f, "\n{id} {scope:?} {kind:?}:")?;
            for want in &part.wants {
                let Want {
                    service,
                    form,
                    default,
                    ..
                } = want;
                let providers = &self.services[*service].providers;
                write!(f, " {form:?} of {providers:?}, by default {default:?};")?;
            }
        }
        write!(f, "\n{}{:?}", self.text(&self.first), self.faults)?;
        for step in &self.steps {
            let (text, faults) = (self.text(&step.next), &step.faults);
            write!(f, "\n{text}{faults:?} {:?}", step.caller)?;
        }
        write!(f, "\n{:?}", self.end)
    }
}

/// The plugins.
pub(crate) const PLUGINS: [&str; 3] = ["core", "east", "west"];
