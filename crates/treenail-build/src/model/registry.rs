//! Registries, as manifests declare them: entries under keys, and what a host says of those of plugins.

use std::fmt;

use super::component::ComponentDecl;
use super::statement::{Condition, Setting};
use super::type_expr::TypeExpr;
use crate::source::Located;

/// One line of a `[registry."path::Type"]` with an entry.
#[derive(Debug, Clone)]
pub(crate) struct EntryDecl {
    /// The registry.
    pub(crate) registry: Located<TypeExpr>,
    /// The key: any text.
    pub(crate) key: Located<String>,
    /// What the entry is.
    pub(crate) what: EntryPath,
    /// What makes it of its services, where it has `requires`: a component of kind [`Kind::Entry`](super::Kind::Entry).
    pub(crate) wired: Option<ComponentDecl>,
    /// One sentence for people.
    pub(crate) description: Option<String>,
    /// What else is said of it, in the order of the file.
    pub(crate) attributes: Vec<(String, String)>,
    /// It is there only where this holds.
    pub(crate) when: Option<Condition>,
}

impl EntryDecl {
    /// Every type that it names, in the order of its keys, and the path to a value.
    pub(crate) fn types(&self) -> impl Iterator<Item = &Located<TypeExpr>> {
        let needs = self.wired.iter().flat_map(|wired| &wired.needs);
        [&self.registry, self.what.path()]
            .into_iter()
            .chain(needs.map(|need| &need.service))
    }
}

/// What an entry is: a path in Rust.
#[derive(Debug, Clone)]
pub(crate) enum EntryPath {
    /// A function, a constant or a static that is an entry.
    Value(Located<TypeExpr>),
    /// A type that the registry accepts.
    Type(Located<TypeExpr>),
}

impl EntryPath {
    /// The path.
    pub(crate) fn path(&self) -> &Located<TypeExpr> {
        match self {
            Self::Value(path) | Self::Type(path) => path,
        }
    }
}

/// One line of a host's `[registry."path::Type"]` that says whose entry counts.
#[derive(Debug, Clone)]
pub(crate) struct EntryChoice {
    /// The registry.
    pub(crate) registry: Located<TypeExpr>,
    /// The key.
    pub(crate) key: Located<String>,
    /// Whose entry counts.
    pub(crate) of: Setting<EntryOf>,
}

/// Whose entry counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EntryOf {
    /// `false`: no plugin's.
    Nobody,
    /// `{ from = "plugin" }`
    Plugin(String),
}

impl fmt::Display for EntryOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("false"),
            Self::Plugin(plugin) => write!(f, "{{ from = {plugin:?} }}"),
        }
    }
}
