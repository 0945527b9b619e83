//! Whether a schema is that of a composition.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use crate::composition::{Component, Composition, Kind, Scope};
use crate::page::Parts;

/// What shows that a schema is not that of a composition. Its text says it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mismatch {
    /// The schema does not know the root key.
    Root(String),
    /// The schema calls itself otherwise.
    Title {
        /// What it says.
        says: String,
        /// What it should say.
        expected: String,
    },
    /// The schema has a component that the composition does not have.
    Unknown(String),
    /// The composition has a component that the schema does not have.
    Missing(String),
}

/// Everything that shows that a schema is that of another program, or of an earlier or a later version of this one.
#[must_use]
pub fn mismatches(composition: &Composition, schema: &Value) -> Vec<Mismatch> {
    let root = &composition.root;
    let Some(parts) = Parts::of(composition, schema) else {
        return vec![Mismatch::Root(root.clone())];
    };
    let mut found = Vec::new();
    let expected = format!("Configuration of {} {}", composition.host, composition.api);
    let says = schema["title"].as_str().unwrap_or_default();
    if says != expected {
        let says = says.to_owned();
        found.push(Mismatch::Title { says, expected });
    }
    let known: BTreeSet<&str> = composition
        .components
        .iter()
        .map(|one| one.id.as_str())
        .collect();
    let is_known = |id: &&str| known.contains(id) || composition.aliases.contains_key(*id);
    let there: BTreeSet<&str> = parts.components().collect();
    let unknown = there.iter().filter(|id| !is_known(id));
    found.extend(unknown.map(|id| Mismatch::Unknown((*id).to_owned())));
    let missing = composition.components.iter().filter(|one| {
        let expected = is_expected(one, &parts);
        expected && !composition.aliases.contains_key(&one.id) && !there.contains(one.id.as_str())
    });
    found.extend(missing.map(|one| Mismatch::Missing(one.id.clone())));
    found
}

/// Whether the schema of a program with a component has that.
fn is_expected(component: &Component, parts: &Parts<'_>) -> bool {
    match (component.kind, component.scope) {
        (Kind::Pipe, _) => parts.has_pipeline(),
        (Kind::Service, Scope::Instance) => true,
        (Kind::Service, _) => component.configured,
        (Kind::Hooks | Kind::Entry, _) => false,
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(root) => write!(f, "it does not know `{root}`, the root key"),
            Self::Title { says, expected } if says.is_empty() => {
                write!(f, "it does not say that it is the `{expected}`")
            }
            Self::Title { says, expected } => {
                write!(f, "it is the `{says}`, and not the `{expected}`")
            }
            Self::Unknown(id) => write!(f, "it has `{id}`, which is not in the composition"),
            Self::Missing(id) => write!(f, "it does not have `{id}`, which is in the composition"),
        }
    }
}
