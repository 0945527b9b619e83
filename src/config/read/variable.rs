//! Variables and settings: each is one value at a path of names, and is laid over what the layers below it say there.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;
use treenail_core::environment::spelling;
use treenail_core::nearest::nearest;

use super::node::{DEPTH, Kind, Node, Pair};
use super::{file, yaml};
use crate::config::problem::{Origin, ProblemKind};

/// The key that holds the whole configuration.
pub(super) struct RootKey<'r> {
    /// Every name that it may have.
    pub(super) names: &'r [&'r str],
    /// The one that it has in this configuration.
    pub(super) used: &'r str,
}

/// What a program knows of the names in its configuration. A variable is read against it, whether the file mentions them or
/// not.
pub(crate) trait Vocabulary {
    /// What may stand at this path below the root key; `root` is what stands below it so far.
    fn at(&self, path: &[Segment], root: &Node) -> Known;
}

/// What a program knows of one place.
#[derive(Default)]
pub(crate) struct Known {
    /// The keys that it has or may have.
    pub(crate) names: Vec<String>,
    /// It is a list.
    pub(crate) is_list: bool,
}

/// One step from a map or a list to what is inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    /// A key of a map.
    Key(String),
    /// An item of a list.
    Item(usize),
}

impl Segment {
    /// What it leads to.
    pub(crate) fn of<'n>(&self, node: &'n Node) -> Option<&'n Node> {
        match (self, &node.kind) {
            (Self::Key(key), _) => node.get(key),
            (Self::Item(number), Kind::List(items)) => items.get(*number),
            (Self::Item(_), _) => None,
        }
    }
}

/// One value at a path of names.
pub(super) struct Override {
    /// Who says it.
    pub(super) source: String,
    /// The line it stands in, or 0.
    line: u32,
    /// The names below the root key, as they are written; `None` for all that is below it.
    names: Option<String>,
    separator: &'static str,
    value: Node,
}

/// What separates the names of a variable.
const SEPARATOR: &str = "__";

/// Why a variable says nothing: a problem at the path as far as it could be read.
pub(super) struct Unread {
    pub(super) path: Vec<Segment>,
    pub(super) kind: Box<ProblemKind>,
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
        let mut names = root.names.iter();
        let names = names.find_map(|root| behind(name, root, SEPARATOR))?;
        // A variable with the name of the root alone may be anybody's, unless it holds a map.
        if names.is_none() && !text.trim_start().starts_with('{') {
            return None;
        }
        Some(Self {
            source,
            line,
            names: names.map(str::to_owned),
            separator: SEPARATOR,
            value: value(text),
        })
    }

    /// What `Settings::set` says of a path with dots, which starts below the root key.
    pub(super) fn from_setting(path: &str, value: Json) -> Self {
        Self {
            source: format!("setting `{path}`"),
            line: 0,
            names: Some(path.to_owned()),
            separator: ".",
            value: Node::from_json(value, Origin::default()),
        }
    }

    /// By this, what holds others comes before them, and the `use` of a component before what it takes: so each name is
    /// read when what decides about it is known.
    pub(super) fn order(&self) -> (usize, bool) {
        let names = self.names.as_deref().unwrap_or_default();
        let last = names.rsplit(self.separator).next().unwrap_or_default();
        let depth = names.matches(self.separator).count();
        (depth, !last.eq_ignore_ascii_case("use"))
    }

    /// The path of the value in a document, `below`.
    ///
    /// # Errors
    /// One of its names means nothing, or it leads too deep.
    pub(super) fn path(
        &self,
        below: &Node,
        root: &RootKey<'_>,
        vocabulary: &dyn Vocabulary,
    ) -> Result<Vec<Segment>, Unread> {
        let mut path = self.path_below_root(below.get(root.used), vocabulary)?;
        // The document is around what its root key holds, where the path begins.
        if path.len() + 1 + self.value.measure().depth > DEPTH {
            return Err(too_deep(path));
        }
        path.insert(0, Segment::Key(root.used.to_owned()));
        Ok(path)
    }

    /// The document with the value at its path. An item of a list is one value among its others.
    pub(super) fn over(mut self, below: Node, path: &[Segment], origin: Origin) -> Node {
        self.value.came_from_variable(origin);
        with(below, path, self.value)
    }

    /// The place of the value in a layer that has this number.
    pub(super) fn origin(&self, layer: usize) -> Origin {
        Origin {
            layer,
            line: self.line,
            column: u32::from(self.line > 0),
        }
    }

    /// The path that the names mean, below what the root key holds.
    fn path_below_root(
        &self,
        root: Option<&Node>,
        vocabulary: &dyn Vocabulary,
    ) -> Result<Vec<Segment>, Unread> {
        let nothing = Node::empty(Origin::default());
        let root = root.unwrap_or(&nothing);
        let (mut path, mut node) = (Vec::new(), Some(root));
        let mut names = self.names.as_deref();
        while let Some(text) = names {
            if path.len() == DEPTH {
                return Err(too_deep(path));
            }
            let known = vocabulary.at(&path, root);
            match self.segment(text, node, &known) {
                Ok((segment, behind)) => {
                    node = node.and_then(|node| segment.of(node));
                    path.push(segment);
                    names = behind;
                }
                Err(kind) => {
                    let kind = Box::new(kind);
                    return Err(Unread { path, kind });
                }
            }
        }
        Ok(path)
    }

    /// What the first of these names means in a map or list, and the names behind it.
    fn segment<'t>(
        &self,
        text: &'t str,
        node: Option<&Node>,
        known: &Known,
    ) -> Result<(Segment, Option<&'t str>), ProblemKind> {
        let (first, behind_first) = match text.split_once(self.separator) {
            Some((first, behind)) => (first, Some(behind)),
            None => (text, None),
        };
        let items = match node.map(|node| &node.kind) {
            Some(Kind::List(items)) => Some(items.len()),
            None | Some(Kind::Scalar(Json::Null)) if known.is_list => Some(0),
            _ => None,
        };
        if let Some(length) = items {
            let number = first.parse().ok().filter(|number| *number <= length);
            let unknown = || ProblemKind::NoItem {
                name: first.to_owned(),
                length,
            };
            let number = number.ok_or_else(unknown)?;
            return Ok((Segment::Item(number), behind_first));
        }
        let written = node.and_then(Node::pairs).unwrap_or_default();
        let written = written.iter().map(|pair| pair.key.as_str());
        let mentioned = best(text, self.separator, written.clone())?;
        let known_names = known.names.iter().map(String::as_str);
        if let Some((key, behind)) = match mentioned {
            Some(found) => Some(found),
            None => best(text, self.separator, known_names.clone())?,
        } {
            return Ok((Segment::Key(key.to_owned()), behind));
        }
        if first.is_empty() {
            let names: Vec<&str> = written.chain(known_names).collect();
            return Err(ProblemKind::UnknownKey {
                key: text.to_owned(),
                suggestion: nearest(text.trim_matches('_'), names.iter().copied()),
                known: names.into_iter().map(str::to_owned).collect(),
            });
        }
        let new = if self.separator == SEPARATOR {
            first.to_lowercase()
        } else {
            first.to_owned()
        };
        Ok((Segment::Key(new), behind_first))
    }
}

/// The key that a text begins with, and what stands behind it: the longest, or the one that it spells exactly.
fn best<'k, 't>(
    text: &'t str,
    separator: &str,
    keys: impl Iterator<Item = &'k str>,
) -> Result<Option<(&'k str, Option<&'t str>)>, ProblemKind> {
    let mut found: Vec<(&'k str, Option<&'t str>)> = keys
        .filter_map(|key| Some((key, behind(text, key, separator)?)))
        .collect();
    let longest = found.iter().map(|(key, _)| key.chars().count()).max();
    found.retain(|(key, _)| Some(key.chars().count()) == longest);
    found.dedup();
    let exact = found.iter().find(|(key, _)| text.starts_with(key));
    match (exact, found.as_slice()) {
        (Some(found), _) | (None, [found]) => Ok(Some(*found)),
        (None, []) => Ok(None),
        (None, several) => Err(ProblemKind::ReadAlike {
            names: several.iter().map(|(key, _)| (*key).to_owned()).collect(),
        }),
    }
}

/// What stands behind a name and a separator at the beginning of a text; `Some(None)`: the name is all of it.
fn behind<'t>(text: &'t str, name: &str, separator: &str) -> Option<Option<&'t str>> {
    // Most names are others, and need no spelling to be told from this one.
    let differ = |(one, other): (char, char)| {
        one.is_ascii_alphanumeric()
            && other.is_ascii_alphanumeric()
            && !one.eq_ignore_ascii_case(&other)
    };
    if text.chars().zip(name.chars()).any(differ) {
        return None;
    }
    let length = name.chars().count();
    let end = text.char_indices().nth(length);
    let end = end.map_or(text.len(), |(end, _)| end);
    let (beginning, rest) = text.split_at(end);
    if name.is_empty() || spelling(beginning) != spelling(name) {
        return None;
    }
    if rest.is_empty() {
        return Some(None);
    }
    rest.strip_prefix(separator).map(Some)
}

/// A value in braces or brackets is YAML, so JSON too, and stands for a whole map or list. Any other is a text.
fn value(text: &str) -> Node {
    let trimmed = text.trim_start();
    let whole =
        trimmed.starts_with(['{', '[']) && !trimmed.starts_with("{{") && !trimmed.starts_with("{%");
    let parsed = whole.then(|| yaml::parse(text, 0, file::LARGEST).ok());
    let as_text = || Node::from_json(text.into(), Origin::default());
    parsed.flatten().unwrap_or_else(as_text)
}

/// What is said of a variable that leads deeper than a configuration goes.
fn too_deep(path: Vec<Segment>) -> Unread {
    let kind = Box::new(ProblemKind::NestedTooDeep { most: DEPTH });
    Unread { path, kind }
}

/// A value with another one at a path in it, and with the maps and lists on the way there. What is on the way and was there
/// before stays where it was written.
fn with(below: Node, path: &[Segment], value: Node) -> Node {
    let Some((first, rest)) = path.split_first() else {
        return laid_over(below, value);
    };
    let at = value.origin;
    let kind = match first {
        Segment::Key(key) => {
            let mut pairs = match below.kind {
                Kind::Map(pairs) => Arc::unwrap_or_clone(pairs),
                _ => Vec::new(),
            };
            let found = pairs.iter().position(|pair| pair.key == *key);
            let place = found.unwrap_or(pairs.len());
            if found.is_none() {
                pairs.push(Pair {
                    key: key.clone(),
                    key_origin: at,
                    value: Node::empty(at),
                });
            }
            let old = std::mem::replace(&mut pairs[place].value, Node::empty(at));
            pairs[place].value = with(old, rest, value);
            if rest.is_empty() {
                pairs[place].key_origin = at;
                // The order is that of the places.
                pairs[place..].rotate_left(1);
            }
            Kind::Map(Arc::new(pairs))
        }
        Segment::Item(number) => {
            let mut items = match below.kind {
                Kind::List(items) => Arc::unwrap_or_clone(items),
                _ => Vec::new(),
            };
            if *number == items.len() {
                items.push(Node::empty(at));
            }
            let old = std::mem::replace(&mut items[*number], Node::empty(at));
            items[*number] = with(old, rest, value);
            Kind::List(Arc::new(items))
        }
    };
    Node::new(below.origin, kind)
}

/// A value laid over another: maps are merged, and all else is replaced.
fn laid_over(old: Node, new: Node) -> Node {
    let kind = match (old.kind, new.kind) {
        (Kind::Map(below), Kind::Map(pairs)) => {
            let mut below = Arc::unwrap_or_clone(below);
            let keys = below.iter().enumerate();
            let places: BTreeMap<String, usize> = keys
                .map(|(place, pair)| (pair.key.clone(), place))
                .collect();
            for pair in Arc::unwrap_or_clone(pairs) {
                match places.get(&pair.key) {
                    Some(place) => {
                        let old = &mut below[*place];
                        let value = std::mem::replace(&mut old.value, Node::empty(pair.key_origin));
                        old.value = laid_over(value, pair.value);
                        old.key_origin = pair.key_origin;
                    }
                    None => below.push(pair),
                }
            }
            below.sort_by_key(|pair| pair.key_origin);
            Kind::Map(Arc::new(below))
        }
        (_, kind) => kind,
    };
    Node { kind, ..new }
}
