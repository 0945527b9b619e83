//! Lists and maps whose end has not been read, and what each takes in.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::error::{YamlError, error};
use crate::config::problem::Origin;
use crate::config::read::node::{Kind, Node, Pair};

/// The key whose value is merged into the map that it stands in.
const MERGE: &str = "<<";

/// A list or a map whose end has not been read.
pub(super) struct Open {
    pub(super) origin: Origin,
    pub(super) anchor: usize,
    pub(super) inside: Inside,
}

/// What has been read of a list or a map.
pub(super) enum Inside {
    List {
        items: Vec<Node>,
        /// A merge key names it. What is new of its maps is counted later.
        merging: bool,
    },
    Map(OpenMap),
}

#[derive(Default)]
pub(super) struct OpenMap {
    pub(super) pairs: Vec<Pair>,
    pub(super) keys: BTreeMap<String, Origin>,
    /// The key whose value comes next.
    key: Option<(String, Origin)>,
    /// What its merge key names, and where that stands.
    pub(super) merged: Option<(Vec<Arc<Vec<Pair>>>, Origin)>,
}

impl Open {
    pub(super) fn new(origin: Origin, anchor: usize, inside: Inside) -> Self {
        Self {
            origin,
            anchor,
            inside,
        }
    }

    /// Whether what comes next is the value of a merge key, or a part of it.
    pub(super) fn is_merging(&self) -> bool {
        match &self.inside {
            Inside::List { merging, .. } => *merging,
            Inside::Map(map) => map.key.as_ref().is_some_and(|(key, _)| key == MERGE),
        }
    }

    /// Takes in the next value, or the next key.
    pub(super) fn take(&mut self, node: Node) -> Result<(), YamlError> {
        match &mut self.inside {
            Inside::List { items, .. } => items.push(node),
            Inside::Map(map) => match map.key.take() {
                Some((key, origin)) => map.take(key, origin, node)?,
                None => map.key = Some((key_text(&node)?, node.origin)),
            },
        }
        Ok(())
    }
}

impl OpenMap {
    fn take(&mut self, key: String, key_origin: Origin, mut value: Node) -> Result<(), YamlError> {
        // A map without braces begins with its first key; what is said of the map is not about that one.
        let mut inside = value.pairs().unwrap_or_default().iter();
        if inside.any(|first| first.key_origin == value.origin) {
            value.origin = key_origin;
        }
        if let Some(first) = self.keys.insert(key.clone(), key_origin) {
            let (line, column) = (first.line, first.column);
            let message = format!("duplicate key `{key}`: the first is at {line}:{column}");
            return Err(error(key_origin, message));
        }
        if key == MERGE {
            let origin = value.origin;
            self.merged = Some((maps_of(value)?, origin));
        } else {
            self.pairs.push(Pair {
                key,
                key_origin,
                value,
            });
        }
        Ok(())
    }
}

/// The maps that a merge key names: one, or several in a list.
fn maps_of(value: Node) -> Result<Vec<Arc<Vec<Pair>>>, YamlError> {
    let maps = match value.kind {
        Kind::Map(pairs) => return Ok(vec![pairs]),
        Kind::List(maps) => maps,
        Kind::Scalar(_) => {
            return Err(error(
                value.origin,
                "expected a map or a list of maps for merging",
            ));
        }
    };
    let pairs = |map: &Node| match &map.kind {
        Kind::Map(pairs) => Ok(Arc::clone(pairs)),
        _ => Err(error(map.origin, "expected a map for merging")),
    };
    maps.iter().map(pairs).collect()
}

/// Keys that are not text become text, as everywhere in JSON.
fn key_text(key: &Node) -> Result<String, YamlError> {
    match &key.kind {
        Kind::Scalar(Json::String(text)) => Ok(text.clone()),
        Kind::Scalar(value) => Ok(value.to_string()),
        _ => Err(error(
            key.origin,
            "a key of a map is itself a map or a list; a template needs quotes around its `{{ }}`",
        )),
    }
}
