//! Mistakes in what layers state, and in what is asked of the composition: TN05.

use super::Mistake;
use crate::diagnostic::Code;
use crate::diagnostic::words::{Words, all_of};
use crate::source::Origin;

/// TN0501: statements of one strength that differ. At: the first of them.
pub(crate) struct StatedDifferently {
    /// What they are about.
    pub(crate) about: About,
    /// All of them, the strongest first.
    pub(crate) statements: Vec<Statement>,
}

/// One of several statements about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// What it says, as it is written.
    pub(crate) says: String,
    /// Where.
    pub(crate) at: Origin,
    /// How strong it is: the lower, the stronger.
    pub(crate) priority: u32,
}

/// What several layers may state something about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum About {
    /// Who answers for a service: `[bind]`.
    Provider(String),
    /// What an alias stands for.
    Alias(String),
    /// What becomes of a warning, by its name.
    Lint(&'static str),
    /// `[override]` of a component.
    ComponentIsEnabled(String),
    /// `enabled` of a plugin.
    PluginIsEnabled(String),
    /// Whose entry of a registry counts.
    Entry {
        /// The registry.
        registry: String,
        /// The key.
        key: String,
    },
    /// A key of `[host]`.
    HostKey(&'static str),
    /// A further key of a plugin in `[plugins]`.
    PluginKey {
        /// The key.
        key: &'static str,
        /// The plugin.
        id: String,
    },
    /// A key of a component in `[lifecycle]`.
    ComponentKey {
        /// The key: `deadline.start`.
        key: String,
        /// The component.
        id: String,
    },
}

impl About {
    fn words(&self) -> String {
        match self {
            Self::Provider(service) => format!("the provider of `{service}`"),
            Self::Alias(from) => format!("alias `{from}`"),
            Self::Lint(name) => format!("the level of `{name}`"),
            Self::ComponentIsEnabled(id) => format!("whether component `{id}` is enabled"),
            Self::PluginIsEnabled(id) => format!("whether plugin `{id}` is enabled"),
            Self::Entry { registry, key } => format!("entry {key:?} of `{registry}`"),
            Self::HostKey(key) => format!("`{key}` of the host"),
            Self::PluginKey { key, id } => format!("`{key}` of plugin `{id}`"),
            Self::ComponentKey { key, id } => format!("`{key}` of component `{id}`"),
        }
    }
}

impl Mistake for StatedDifferently {
    const CODE: Code = Code::TN0501;

    fn words(&self) -> Words {
        let statements = self.statements.iter();
        let first = self.statements.first();
        let strongest = first.map_or(0, |one| one.priority);
        let equal = statements.filter(|one| one.priority == strongest).count();
        let times = match equal {
            2 => "twice".to_owned(),
            number => format!("{number} times"),
        };
        let label = |one: &Statement| {
            let Statement { says, priority, .. } = one;
            let weaker = if *priority == strongest {
                ""
            } else {
                ", which is weaker"
            };
            format!("says `{says}`, with priority {priority}{weaker}")
        };
        let mut words = Words::new(
            format!(
                "{} is stated {times}, differently and equally strongly",
                self.about.words()
            ),
            first.map(label).unwrap_or_default(),
        );
        for one in self.statements.iter().skip(1) {
            words = words.also(one.at, label(one));
        }
        let order = "the lower number wins, and without a priority an overlay is stronger than the host, and the host than a plugin";
        let Some(stronger) = stronger(strongest) else {
            return words.help(format!("keep one of them: {order}"));
        };
        let value = match first.map_or("", |one| one.says.as_str()) {
            text @ ("true" | "false") => text.to_owned(),
            table if table.starts_with(['{', '[']) => table.to_owned(),
            text => format!("{text:?}"),
        };
        words.help(format!(
            "keep one of them, or state one more strongly, in place of its value: `{{ value = {value}, priority = {stronger} }}`; {order}"
        ))
    }
}

/// A priority that is stronger than this one, as it is written.
fn stronger(than: u32) -> Option<String> {
    if than > 50 {
        return Some("\"force\"".to_owned());
    }
    than.checked_sub(1).map(|one| one.to_string())
}

/// TN0502: a condition names a feature that its package does not have. At: the name.
pub(crate) struct UnknownFeature {
    /// The feature.
    pub(crate) feature: String,
    /// The package.
    pub(crate) package: String,
    /// The one that was probably meant.
    pub(crate) suggestion: Option<String>,
    /// The features that there are.
    pub(crate) known: Vec<String>,
}

impl Mistake for UnknownFeature {
    const CODE: Code = Code::TN0502;

    fn words(&self) -> Words {
        let Self {
            feature, package, ..
        } = self;
        Words::new(
            format!("package `{package}` has no feature `{feature}`"),
            "no such feature",
        )
        .note_names("its features:", &self.known)
        .help_or(
            self.suggestion.as_deref(),
            format!("declare it in the package's Cargo.toml, under `[features]`: `{feature} = []`"),
        )
    }
}

/// TN0503: an assertion does not hold. At: the condition.
pub(crate) struct AssertionFailed {
    /// Its author's words.
    pub(crate) message: String,
    /// What is the case.
    pub(crate) found: Vec<Fact>,
}

/// What is the case, where an assertion asks for something else.
pub(crate) enum Fact {
    /// A plugin takes part at this version, or does not.
    Plugin {
        /// Its id.
        id: String,
        /// Its version, where it does.
        version: Option<String>,
        /// A similar id that exists.
        suggestion: Option<String>,
    },
    /// A component is there, or not.
    Component {
        /// Its id.
        id: String,
        /// Whether it is.
        there: bool,
        /// A similar id that exists.
        suggestion: Option<String>,
    },
    /// Who provides a service.
    Service {
        /// The service.
        service: String,
        /// Its providers.
        providers: Vec<String>,
    },
}

impl Fact {
    fn words(&self) -> String {
        let meant = |suggestion: Option<&str>| match suggestion {
            Some(name) => format!("; did you mean `{name}`?"),
            None => String::new(),
        };
        match self {
            Self::Plugin {
                id,
                version: Some(version),
                ..
            } => format!("plugin `{id}` takes part, at version {version}"),
            Self::Plugin { id, suggestion, .. } => {
                let meant = meant(suggestion.as_deref());
                format!("plugin `{id}` does not take part{meant}")
            }
            Self::Component {
                id, there: true, ..
            } => format!("component `{id}` is there"),
            Self::Component { id, suggestion, .. } => {
                let meant = meant(suggestion.as_deref());
                format!("component `{id}` is not there{meant}")
            }
            Self::Service { service, providers } => {
                let names = all_of(providers);
                match providers.len() {
                    0 => format!("nothing provides `{service}`"),
                    1 => format!("`{service}` has 1 provider: {names}"),
                    number => format!("`{service}` has {number} providers: {names}"),
                }
            }
        }
    }
}

impl Mistake for AssertionFailed {
    const CODE: Code = Code::TN0503;

    fn words(&self) -> Words {
        let mut words = Words::new(
            format!(
                "an assertion about this composition fails: {}",
                self.message
            ),
            "this does not hold",
        );
        for one in &self.found {
            words = words.note(one.words());
        }
        words.help("change the composition so that it holds, or take the `[[assert]]` out")
    }
}

/// TN0504: an overlay's alias takes a name that nothing has, but nearly. At: the name.
pub(crate) struct ReplacesNothing {
    /// The name.
    pub(crate) name: String,
    /// The name that was probably meant.
    pub(crate) suggestion: Option<String>,
}

impl Mistake for ReplacesNothing {
    const CODE: Code = Code::TN0504;

    fn words(&self) -> Words {
        Words::new(
            format!("this overlay replaces `{}`, which is not there", self.name),
            "nothing has this name",
        )
        .help_or(self.suggestion.as_deref(), "name something that is there")
    }
}
