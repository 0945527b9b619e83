//! Variables and settings: each is one value at a path of keys, and becomes a layer that says this value alone.

use serde_json::Value as Json;

use super::node::{Kind, Node, Pair};
use super::yaml;
use crate::config::problem::Origin;

/// The key that holds the whole configuration.
pub(super) struct RootKey<'r> {
    /// Every name that it may have.
    pub(super) names: &'r [&'r str],
    /// The one that it has in this configuration.
    pub(super) used: &'r str,
}

/// One value at a path of keys.
pub(super) struct Override {
    /// Who says it.
    pub(super) source: String,
    /// The line it stands in, or 0.
    line: u32,
    path: Vec<String>,
    value: Node,
}

impl Override {
    /// Reads `ROOT__A__B=value`, where `ROOT` is any of the names of the root key. `None`: the variable is not about the
    /// configuration.
    pub(super) fn from_variable(
        source: String,
        line: u32,
        name: &str,
        text: &str,
        root: &RootKey<'_>,
    ) -> Option<Self> {
        let mut segments = name.split("__");
        let first = segments.next()?;
        let mut names = root.names.iter();
        if !names.any(|known| known.eq_ignore_ascii_case(first)) {
            return None;
        }
        let path: Vec<String> = std::iter::once(root.used)
            .chain(segments)
            .map(str::to_owned)
            .collect();
        // A variable with the name of the root alone may be anybody's, unless it holds a map.
        let alone = path.len() == 1 && !text.trim_start().starts_with('{');
        if alone || path.iter().any(String::is_empty) {
            return None;
        }
        Some(Self {
            source,
            line,
            path,
            value: value(text),
        })
    }

    /// What `Settings::set` says of a path with dots, which starts below the root key.
    pub(super) fn from_setting(path: &str, value: Json, root: &RootKey<'_>) -> Self {
        Self {
            source: format!("setting `{path}`"),
            line: 0,
            path: std::iter::once(root.used)
                .chain(path.split('.'))
                .map(str::to_owned)
                .collect(),
            value: Node::from_json(value, Origin::default()),
        }
    }

    /// The override as the layer with this number over `below`: names are matched in any case, and an item of a list
    /// takes the place of the one below, together with the rest of the list.
    pub(super) fn over(mut self, below: &Node, layer: usize) -> Node {
        let origin = Origin {
            layer,
            line: self.line,
            column: u32::from(self.line > 0),
        };
        self.value.came_from_variable(origin);
        reach(&self.path, self.value, Some(below))
    }
}

/// A value in braces or brackets is YAML, so JSON too, and stands for a whole map or list. Any other is a text.
fn value(text: &str) -> Node {
    let trimmed = text.trim_start();
    let whole =
        trimmed.starts_with(['{', '[']) && !trimmed.starts_with("{{") && !trimmed.starts_with("{%");
    let parsed = whole.then(|| yaml::parse(text, 0).ok());
    let as_text = || Node::from_json(text.into(), Origin::default());
    parsed.flatten().unwrap_or_else(as_text)
}

/// The maps and lists on the way to the value, with nothing else in the maps. What is on the way and was there before
/// stays where it was written.
fn reach(path: &[String], value: Node, below: Option<&Node>) -> Node {
    let Some((first, rest)) = path.split_first() else {
        return value;
    };
    let origin = below.map_or(value.origin, |below| below.origin);
    if let Some(Kind::List(items)) = below.map(|below| &below.kind)
        && let Ok(number) = first.parse::<usize>()
        && number <= items.len()
    {
        let mut items = items.clone();
        match items.get_mut(number) {
            Some(item) => {
                let reached = reach(rest, value, Some(item));
                lay_over(item, reached);
            }
            None => items.push(reach(rest, value, None)),
        }
        return Node::new(origin, Kind::List(items));
    }
    let pairs = below.and_then(Node::pairs).unwrap_or_default();
    let exact = pairs.iter().find(|pair| pair.key == *first);
    let found = exact.or_else(|| {
        let mut pairs = pairs.iter();
        pairs.find(|pair| pair.key.eq_ignore_ascii_case(first))
    });
    let on_the_way = found.filter(|_| !rest.is_empty());
    let pair = Pair {
        key: found.map_or_else(|| first.to_lowercase(), |pair| pair.key.clone()),
        key_origin: on_the_way.map_or(value.origin, |pair| pair.key_origin),
        value: reach(rest, value, found.map(|pair| &pair.value)),
    };
    Node::new(origin, Kind::Map(vec![pair]))
}

/// Lays a value over an item of a list. Figment merges maps and replaces lists, so what is inside a list is merged here.
fn lay_over(old: &mut Node, new: Node) {
    match (&mut old.kind, new.kind) {
        (Kind::Map(below), Kind::Map(pairs)) => {
            for pair in pairs {
                match below.iter_mut().find(|old| old.key == pair.key) {
                    Some(old) => {
                        old.key_origin = pair.key_origin;
                        lay_over(&mut old.value, pair.value);
                    }
                    None => below.push(pair),
                }
            }
        }
        (kind, new) => *kind = new,
    }
    old.origin = new.origin;
    old.from_text = new.from_text;
}
