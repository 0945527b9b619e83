//! What a layer states: values with a priority and a condition, assertions, levels of lints.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::type_expr::TypeExpr;
use crate::source::{Located, Origin};

/// A value with what is said about it: `"plain"`, or `{ value = …, priority = …, when = … }`.
#[derive(Debug, Clone)]
pub(crate) struct Setting<T> {
    /// The value.
    pub(crate) value: Located<T>,
    /// How strongly it is stated; the lower number wins. `None`: as strongly as its layer does by itself.
    pub(crate) priority: Option<u32>,
    /// It is stated only where this holds.
    pub(crate) when: Option<Condition>,
}

impl<T> Setting<T> {
    /// A value that stands alone.
    pub(crate) fn plain(value: Located<T>) -> Self {
        Self {
            value,
            priority: None,
            when: None,
        }
    }
}

/// One `[override."plugin:Name"]`: whether a component that is declared elsewhere is there.
#[derive(Debug, Clone)]
pub(crate) struct Override {
    /// The component.
    pub(crate) id: Located<String>,
    /// `false` leaves it out.
    pub(crate) enabled: Option<Setting<bool>>,
    /// Nothing of it is stated where this does not hold.
    pub(crate) when: Option<Condition>,
}

/// What has to hold for something to be there: `{ feature = "name" }`, or `'cfg(…)'`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    /// A feature of the manifest's own package is on.
    Feature(Located<String>),
    /// What `rustc --print cfg` prints holds of the target: `unix`, or `target_os="linux"`.
    Cfg(String),
    /// All of them hold.
    All(Vec<Condition>),
    /// One of them holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
}

impl Condition {
    /// The features that it names.
    pub(crate) fn features(&self) -> Vec<&Located<String>> {
        match self {
            Self::Feature(name) => vec![name],
            Self::Cfg(_) => Vec::new(),
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().flat_map(Condition::features).collect()
            }
            Self::Not(part) => part.features(),
        }
    }

    /// What it asks of the target.
    pub(crate) fn of_target(&self) -> BTreeSet<String> {
        match self {
            Self::Feature(_) => BTreeSet::new(),
            Self::Cfg(line) => BTreeSet::from([line.clone()]),
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().flat_map(Condition::of_target).collect()
            }
            Self::Not(part) => part.of_target(),
        }
    }
}

/// Several conditions of rustc's as one: `all(…)` or `any(…)`, where they are not one already.
pub(crate) fn cfg_of(word: &str, conditions: &[String]) -> String {
    match conditions {
        [only] => only.clone(),
        _ => format!("{word}({})", conditions.join(", ")),
    }
}

/// One `[[assert]]`.
#[derive(Debug, Clone)]
pub(crate) struct Assertion {
    /// All of these have to hold.
    pub(crate) all: Vec<Claim>,
    /// These may not hold together.
    pub(crate) not: Vec<Claim>,
    /// Place of `that`.
    pub(crate) at: Origin,
    /// What to say where it fails.
    pub(crate) message: String,
    /// It is asked only where this holds.
    pub(crate) when: Option<Condition>,
}

/// What an assertion says of a composition.
#[derive(Debug, Clone)]
pub(crate) enum Claim {
    /// A plugin takes part.
    Plugin(Located<String>),
    /// A component is there.
    Component(Located<String>),
    /// So many components provide a service.
    Service(Located<TypeExpr>, RangeInclusive<usize>),
}

/// One line of `[lints]`.
#[derive(Debug, Clone)]
pub(crate) struct LintLine {
    /// A code, a name, or a group of lints.
    pub(crate) name: Located<String>,
    /// What becomes of it.
    pub(crate) level: Setting<Level>,
}

/// What becomes of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Nothing is said.
    Allow,
    /// It is a warning.
    Warn,
    /// It is an error.
    Deny,
}

impl Level {
    /// As `[lints]` spells it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}
