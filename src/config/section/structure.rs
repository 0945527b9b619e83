//! What holds in every section: maps have known keys, and a section without components is of one type.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use treenail_core::nearest::nearest;

use crate::component::schema_of;
use crate::config::problem::{Path, ProblemKind, Problems};
use crate::config::read::Node;
use crate::config::value::{Compiler, DeclaredType, Texts};

/// Refuses every key that is not known here. What comes back has the right keys in the place of those that were nearly right.
pub(super) fn known_keys<'n>(
    node: &'n Node,
    path: &Path<'_>,
    known: &[&str],
    problems: &mut Problems<'_>,
) -> Cow<'n, Node> {
    for pair in node.pairs().unwrap_or_default() {
        if !known.contains(&pair.key.as_str()) {
            let kind =
                ProblemKind::unknown_key(&pair.key, pair.value.is_null(), known.iter().copied());
            problems.add_key(path, pair.key_origin, kind);
        }
    }
    mended(node, known)
}

/// A map with the right keys in the place of those that are nearly right.
pub(super) fn mended<'n>(node: &'n Node, known: &[&str]) -> Cow<'n, Node> {
    let mut mended = Cow::Borrowed(node);
    let there = known.iter().filter(|known| node.get(known).is_some());
    let mut there: Vec<String> = there.map(|known| (*known).to_owned()).collect();
    for pair in node.pairs().unwrap_or_default() {
        if there.len() < known.len()
            && !known.contains(&pair.key.as_str())
            && let Some(meant) = nearest(&pair.key, known.iter().copied())
            && !there.contains(&meant)
        {
            mended.to_mut().rename(&pair.key, &meant);
            there.push(meant);
        }
    }
    mended
}

/// Says that something else is expected where a value stands.
pub(super) fn wrong_type(
    node: &Node,
    path: &Path<'_>,
    expected: &str,
    problems: &mut Problems<'_>,
) {
    let kind = ProblemKind::wrong_type(expected, node.found());
    problems.add(path, node.origin, kind);
}

/// Reads a section that no component is part of; its texts are no templates. `None`: something is wrong with it.
pub(super) fn read_as<T: DeserializeOwned + JsonSchema>(
    node: &Node,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<T> {
    let schema = schema_of::<T>().to_value();
    let before = problems.len();
    let declared = DeclaredType::root(&schema);
    let compiled = Compiler::new(&Texts::Plain, problems).compile(node, declared, path);
    if problems.len() > before {
        return None;
    }
    match serde_json::from_value(compiled.fixed()) {
        Ok(section) => Some(section),
        Err(error) => {
            let message = error.to_string();
            problems.add(path, node.origin, ProblemKind::Refused { message });
            None
        }
    }
}
