//! Mistakes in the names of components, and what they have: TN0304 to TN0306, TN0308, TN0311.

use super::{Mistake, Named};
use crate::diagnostic::Code;
use crate::diagnostic::words::{Words, all_of};
use crate::model::plugin_of;
use crate::source::Origin;

/// TN0304: a component that is not there. At: the name.
pub(crate) struct UnknownComponent {
    /// The id.
    pub(crate) id: String,
    /// Who names it.
    pub(crate) used: ComponentUse,
    /// The id that was probably meant.
    pub(crate) suggestion: Option<String>,
    /// Why it is not there.
    pub(crate) absence: Absence,
}

/// Who names a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ComponentUse {
    /// `[bind]`
    Bind,
    /// `from` of a requirement.
    From,
    /// `before`
    Before,
    /// `after`
    After,
    /// The right side of `[alias]`.
    Alias,
    /// `[lifecycle]`
    Lifecycle,
    /// `[override]`
    Override,
}

/// Why a component is not there.
pub(crate) enum Absence {
    /// No plugin has this id.
    NoPlugin,
    /// Its plugin is switched off, there.
    PluginOff(Origin),
    /// Its plugin is optional and does not fit.
    PluginLeftOut,
    /// Its plugin declares no component of this name.
    NotDeclared,
    /// Its plugin declares it, and it is left out.
    Gone(Gone),
}

/// Why a component is not there although its plugin is.
pub(crate) enum Gone {
    /// `[override]` switches it off, there.
    Off(Origin),
    /// Its condition does not hold; where it is declared.
    When(Origin),
    /// An overlay gives its name to another component.
    Renamed {
        /// That one.
        to: String,
    },
}

impl Mistake for UnknownComponent {
    const CODE: Code = Code::TN0304;

    fn words(&self) -> Words {
        let id = &self.id;
        let plugin = plugin_of(id);
        let label = match self.used {
            ComponentUse::Bind => "bound here",
            ComponentUse::From => "wanted here",
            ComponentUse::Before | ComponentUse::After => "ordered here",
            ComponentUse::Lifecycle => "its deadlines and restarts are set here",
            ComponentUse::Alias => "the alias stands for it",
            ComponentUse::Override => "changed here",
        };
        let suggestion = self.suggestion.as_deref();
        let absent = |why: &str| Words::new(format!("component `{id}` is not there: {why}"), label);
        match &self.absence {
            Absence::NoPlugin => Words::new(
                format!("there is no component `{id}`: no plugin is called `{plugin}`"),
                label,
            )
            .help_or(
                suggestion,
                "add the package that declares the plugin with `cargo add`",
            ),
            Absence::PluginOff(at) => absent(&format!("plugin `{plugin}` is switched off"))
                .also(*at, "switched off here")
                .help("switch the plugin on, or remove this"),
            Absence::PluginLeftOut => {
                absent(&format!("plugin `{plugin}` does not fit and is left out"))
                    .help("make the plugin fit: the warning about it says how")
            }
            Absence::NotDeclared => Words::new(format!("there is no component `{id}`"), label)
                .help_or(
                    suggestion,
                    match self.used {
                        ComponentUse::Bind | ComponentUse::From => {
                            "name a component that provides the service".to_owned()
                        }
                        _ => format!("name a component that plugin `{plugin}` declares"),
                    },
                ),
            Absence::Gone(Gone::Off(at)) => absent("it is switched off")
                .also(*at, "switched off here")
                .help("switch it on, or remove this"),
            Absence::Gone(Gone::When(at)) => absent("its condition does not hold")
                .also(*at, "declared here, with `when`")
                .help("build it so that the condition holds, or remove this"),
            Absence::Gone(Gone::Renamed { to }) => {
                absent("an overlay gives its name to another one")
                    .help(format!("name `{to}`, or remove this"))
            }
        }
    }
}

/// TN0305: a component that does not provide what it is named for. At: the name in `[bind]` or `from`.
pub(crate) struct DoesNotProvide {
    /// The component.
    pub(crate) id: String,
    /// The service.
    pub(crate) service: String,
    /// What it does provide.
    pub(crate) provides: Vec<String>,
    /// What it decorates, if it is a decorator.
    pub(crate) decorates: Option<String>,
    /// Those who provide the service.
    pub(crate) providers: Vec<String>,
    /// What of that has a similar name.
    pub(crate) similar: Option<Named>,
    /// Where it is declared.
    pub(crate) declared: Option<Origin>,
}

impl Mistake for DoesNotProvide {
    const CODE: Code = Code::TN0305;

    fn words(&self) -> Words {
        let Self {
            id,
            service,
            provides,
            decorates,
            providers,
            similar,
            declared,
        } = self;
        let name_one = match &providers[..] {
            [] => format!("name a component that provides `{service}`"),
            [only] => format!("name `{only}`"),
            several => format!("name one of {}", all_of(several)),
        };
        let words = Words::new(
            format!("`{id}` does not provide `{service}`"),
            "does not provide it",
        )
        .also(*declared, "declared here");
        if let Some(decorated) = decorates {
            let words = words.note(format!(
                "`{id}` is a decorator: it wraps every provider of `{decorated}`, whoever is named"
            ));
            return words.help(name_one);
        }
        let words = words.note_names("it provides", provides);
        if let Some(Named { name, at }) = similar {
            return words.also(*at, "this is similar").help(format!(
                "if `{name}` and `{service}` are meant to be one, name both alike"
            ));
        }
        words.help(if provides.is_empty() {
            format!("{name_one}, or list it under `provides` of `{id}`")
        } else {
            name_one
        })
    }
}

/// TN0306: an alias that cannot be one. At: the left side.
pub(crate) struct AliasMistake {
    /// The left side.
    pub(crate) from: String,
    /// The right side.
    pub(crate) to: String,
    /// What is wrong.
    pub(crate) fault: AliasFault,
}

/// What is wrong with an alias.
pub(crate) enum AliasFault {
    /// It stands for another alias.
    Chain {
        /// Where that one is written.
        next_at: Origin,
        /// A stronger layer states that one: then this name is to be replaced there as well.
        is_stronger: bool,
        /// What stands at the end of the chain, if that is there.
        end: Option<String>,
    },
    /// It stands for all components of a plugin: their names, where they are known.
    Wildcard(Vec<String>),
    /// It hides an existing component or plugin, outside an overlay.
    Shadows(Named),
    /// One side names a component, the other a plugin.
    Mixed,
}

impl Mistake for AliasMistake {
    const CODE: Code = Code::TN0306;

    fn words(&self) -> Words {
        let Self { from, to, fault } = self;
        let what_is_there = "name a component or a plugin that is there";
        match fault {
            AliasFault::Chain { .. } if from == to => Words::new(
                format!("alias `{from}` stands for itself"),
                "stands for itself",
            )
            .help(what_is_there),
            AliasFault::Chain {
                next_at,
                is_stronger,
                end,
            } => Words::new(
                format!("alias `{from}` stands for `{to}`, which is an alias itself"),
                "stands for another alias",
            )
            .also(*next_at, "the other alias")
            .help(match end {
                Some(end) if *is_stronger => {
                    format!("add `\"{from}\" = \"{end}\"` beside the other alias")
                }
                Some(end) => format!("write `{end}`, what `{to}` stands for"),
                None => what_is_there.to_owned(),
            }),
            AliasFault::Wildcard(names) => Words::new(
                format!("alias `{from}` stands for more than one component"),
                "one line is for one name",
            )
            .help(a_line_for_each(from, to, names)),
            AliasFault::Shadows(hidden) => Words::new(
                format!("alias `{from}` hides `{}`, which exists", hidden.name),
                "an alias of the same name",
            )
            .also(hidden.at, "hidden by the alias")
            .help("choose another name for the alias; only an overlay may replace what exists"),
            AliasFault::Mixed => Words::new(
                format!("alias `{from}` cannot stand for `{to}`"),
                "not of one kind",
            )
            .help("both sides have to be components (`plugin:Name`), or plugins (`plugin`)"),
        }
    }
}

/// What to write in place of `old:*` for `plugin:*`.
fn a_line_for_each(from: &str, to: &str, names: &[String]) -> String {
    let (old, plugin) = (from.trim_end_matches(":*"), to.trim_end_matches(":*"));
    let line = |name: &str| format!("\"{old}:{name}\" = \"{plugin}:{name}\"");
    if names.is_empty() {
        let example = line("Name");
        return format!("write a line for each component of plugin `{plugin}`, like `{example}`");
    }
    let lines = all_of(names.iter().map(|name| line(name)));
    format!("write a line for each component: {lines}")
}

/// TN0308: a component that needs a feature of the runtime. At: `config`, `params` or `kind` of the component.
pub(crate) struct FeatureOff {
    /// The component.
    pub(crate) id: String,
    /// The feature of `treenail` that is off: `config` or `pipes`.
    pub(crate) feature: String,
    /// The name the host has for the runtime crate's package in its Cargo.toml.
    pub(crate) runtime: String,
}

impl Mistake for FeatureOff {
    const CODE: Code = Code::TN0308;

    fn words(&self) -> Words {
        let Self {
            id,
            feature,
            runtime,
        } = self;
        Words::new(
            format!("`{id}` needs feature `{feature}` of `{runtime}`, which is off"),
            format!("needs feature `{feature}`"),
        )
        .help(format!(
            "switch it on: `cargo add {runtime} --features {feature}`"
        ))
    }
}

/// TN0311: two components that a variable of the environment cannot tell apart. At: the name of the second.
pub(crate) struct ReadAlike {
    /// The second.
    pub(crate) id: String,
    /// The first.
    pub(crate) first: Named,
    /// How both read.
    pub(crate) spelling: String,
}

impl Mistake for ReadAlike {
    const CODE: Code = Code::TN0311;

    fn words(&self) -> Words {
        let Self {
            id,
            first,
            spelling,
        } = self;
        Words::new(
            format!(
                "components `{}` and `{id}` read alike in the environment, as `{spelling}`",
                first.name
            ),
            "the second",
        )
        .also(first.at, "the first")
        .help("give one of them another `name`")
    }
}
