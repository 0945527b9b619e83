//! What a reload changes, component by component, and why; as data, and its words.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::container::{Cause, NewNode, OldNode, Plan, Table, Transition};
#[cfg(feature = "pipes")]
use crate::pipe::PipelinePlan;

/// What a reload changes, or would change.
///
/// `{}` is a line for each component that does not stay as it is, with the reason.
///
/// ```text
/// recreate tickets: `base_url` changed
/// recreate poller:Poller: `tickets` changed: `base_url`
/// start archive: it is new
/// replace the pipeline: `orchestrator.params.steps` changed
/// 12 components stay as they are
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Changes {
    /// The generation that the application is in afterwards, from 1 at its start.
    pub generation: u64,
    /// Every component there is and every one there will be, dependencies first; those that are only stopped come last.
    pub components: Vec<Change>,
    /// Why another pipeline takes the place of the one that runs, where it is written otherwise. Names of settings, and no values.
    pub pipeline: Option<String>,
    /// How long it took, from reading the configuration to the last stop; zero of a plan.
    pub took: Duration,
}

/// What becomes of one component in a reload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// Its id, or the name of the instance.
    pub component: String,
    /// Its plugin.
    pub plugin: &'static str,
    /// What becomes of it.
    pub what: Changed,
    /// Why, where it does not stay as it is. Names of settings, and no values.
    pub because: Option<String>,
}

/// What becomes of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Changed {
    /// It stays: the same value, with its tasks.
    Kept,
    /// There was none.
    Start,
    /// The old one is stopped, then the new one is built.
    Recreate,
    /// The new one is built and started, then the old one is stopped.
    Overlap,
    /// It takes another configuration while it runs.
    Reconfigure,
    /// There is none any more.
    Stop,
    /// It had failed, in an optional plugin; nothing about it has changed, and it is not tried again.
    LeftOut,
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Kept => "keep",
            Self::Start => "start",
            Self::Recreate => "recreate",
            Self::Overlap => "overlap",
            Self::Reconfigure => "reconfigure",
            Self::Stop => "stop",
            Self::LeftOut => "leave out",
        })
    }
}

impl Changes {
    /// Those that do not stay as they are.
    pub fn changed(&self) -> impl Iterator<Item = &Change> {
        let stays = |one: &&Change| matches!(one.what, Changed::Kept | Changed::LeftOut);
        self.components.iter().filter(move |one| !stays(one))
    }

    /// From one plan to the next.
    pub(super) fn of(
        table: &Table,
        old: &Plan,
        new: &Plan,
        transition: &Transition,
        generation: u64,
    ) -> Self {
        let reader = Reader {
            table,
            new,
            transition,
        };
        let mut components: Vec<Change> = (0..new.nodes.len())
            .map(|node| reader.change(node))
            .collect();
        let has_successor: BTreeSet<usize> =
            transition.predecessors.iter().flatten().copied().collect();
        let gone = transition.last.iter().enumerate();
        let gone =
            gone.filter(|(node, last)| **last != OldNode::Absent && !has_successor.contains(node));
        components.extend(gone.map(|(node, _)| Change {
            component: old.nodes[node].name.clone(),
            plugin: reader.plugin(old.nodes[node].component),
            what: Changed::Stop,
            because: Some(GONE.to_owned()),
        }));
        Self {
            generation,
            components,
            pipeline: None,
            took: Duration::ZERO,
        }
    }

    /// With what is written otherwise of the pipeline.
    #[cfg(feature = "pipes")]
    pub(super) fn with_pipeline(
        mut self,
        old: Option<&PipelinePlan>,
        new: Option<&PipelinePlan>,
    ) -> Self {
        self.pipeline = match (old, new) {
            (Some(old), Some(new)) => {
                let paths = old.fingerprint.differences(&new.fingerprint);
                (!paths.is_empty()).then(|| differs(&paths))
            }
            (None, Some(_)) => Some("it is new".to_owned()),
            (Some(_), None) => Some(GONE.to_owned()),
            (None, None) => None,
        };
        self
    }
}

/// Why something is only stopped.
const GONE: &str = "the configuration has it no more";

struct Reader<'a> {
    table: &'a Table,
    new: &'a Plan,
    transition: &'a Transition,
}

impl Reader<'_> {
    fn plugin(&self, component: usize) -> &'static str {
        self.table.plugins[self.table.components[component].plugin].id
    }

    fn change(&self, node: usize) -> Change {
        let (what, because) = match &self.transition.next[node] {
            NewNode::Kept => (Changed::Kept, None),
            NewNode::LeftOut => (Changed::LeftOut, None),
            NewNode::Reconfigured(paths) if paths.is_empty() => {
                let because = "it has not taken its configuration again".to_owned();
                (Changed::Reconfigure, Some(because))
            }
            NewNode::Reconfigured(paths) => (Changed::Reconfigure, Some(differs(paths))),
            NewNode::Built(cause) => (self.built(node), Some(self.because(cause))),
        };
        Change {
            component: self.new.nodes[node].name.clone(),
            plugin: self.plugin(self.new.nodes[node].component),
            what,
            because,
        }
    }

    fn built(&self, node: usize) -> Changed {
        let was = self.transition.predecessors[node];
        match was.map(|was| self.transition.last[was]) {
            Some(OldNode::StoppedFirst | OldNode::Kept) => Changed::Recreate,
            Some(OldNode::StoppedLast) => Changed::Overlap,
            Some(OldNode::Absent) | None => Changed::Start,
        }
    }

    fn because(&self, cause: &Cause) -> String {
        match cause {
            Cause::New => "it is new".to_owned(),
            Cause::Missing => "it did not run".to_owned(),
            Cause::Config(paths) => differs(paths),
            Cause::Holder(holder) => self.root(*holder),
            Cause::Need(field, nodes) => match nodes.first() {
                Some(first) => self.root(*first),
                None => format!("its `{field}` has one less"),
            },
        }
    }

    /// The change that a change of this node comes from.
    fn root(&self, mut node: usize) -> String {
        let mut seen = vec![node];
        loop {
            let name = &self.new.nodes[node].name;
            match &self.transition.next[node] {
                NewNode::Built(Cause::Need(_, nodes))
                    if nodes.first().is_some_and(|next| !seen.contains(next)) =>
                {
                    node = nodes[0];
                    seen.push(node);
                }
                NewNode::Built(Cause::Holder(holder)) if !seen.contains(holder) => {
                    node = *holder;
                    seen.push(node);
                }
                NewNode::Built(Cause::Config(paths)) => {
                    return format!("`{name}` changed: {}", quoted(paths));
                }
                NewNode::Built(Cause::New) => return format!("`{name}` is new"),
                NewNode::Built(Cause::Missing) => return format!("`{name}` did not run"),
                _ => return format!("`{name}` changed"),
            }
        }
    }
}

fn differs(paths: &[String]) -> String {
    match paths {
        [] => "its configuration changed".to_owned(),
        paths => format!("{} changed", quoted(paths)),
    }
}

fn quoted(paths: &[String]) -> String {
    let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    paths.join(", ")
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut changed = 0;
        for Change {
            component,
            what,
            because,
            ..
        } in self.changed()
        {
            changed += 1;
            write!(f, "{what} {component}")?;
            match because {
                Some(because) => writeln!(f, ": {because}")?,
                None => writeln!(f)?,
            }
        }
        if let Some(because) = &self.pipeline {
            writeln!(f, "replace the pipeline: {because}")?;
        }
        match self.components.len() - changed {
            1 => write!(f, "1 component stays as it is"),
            stay => write!(f, "{stay} components stay as they are"),
        }
    }
}
