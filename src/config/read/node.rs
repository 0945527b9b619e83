//! The configuration as a tree: every value and every key knows where it came from.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::config::problem::Origin;

/// Maps and lists inside each other deeper than this are no configuration: whatever follows them down takes its stack for
/// each level.
pub(super) const DEPTH: usize = 128;

/// So many bytes a value counts for beside its key and its text, wherever an alias or a merge key brings it in.
pub(super) const WEIGHT: u64 = 16;

/// A value of the configuration.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) origin: Origin,
    pub(crate) kind: Kind,
    /// The value came from a variable: a text stands for a value of any type.
    pub(crate) from_text: bool,
}

/// What a value is. What is inside it is shared with whatever else has the same: an alias, or another reading of the settings.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// Null, a boolean, a number or a text.
    Scalar(Json),
    List(Arc<Vec<Node>>),
    /// In the order of the files.
    Map(Arc<Vec<Pair>>),
}

/// A key with its value.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) key: String,
    pub(crate) key_origin: Origin,
    pub(crate) value: Node,
}

impl Node {
    /// A value as a file has it.
    pub(crate) fn new(origin: Origin, kind: Kind) -> Self {
        Self {
            origin,
            kind,
            from_text: false,
        }
    }

    /// A map without keys, for what was not written.
    pub(crate) fn empty(origin: Origin) -> Self {
        Self::new(origin, Kind::Map(Arc::default()))
    }

    /// A value that a program gave, all of it from one place.
    pub(crate) fn from_json(value: Json, origin: Origin) -> Self {
        let kind = match value {
            Json::Array(items) => {
                let items = items.into_iter().map(|item| Self::from_json(item, origin));
                Kind::List(Arc::new(items.collect()))
            }
            Json::Object(object) => {
                let pairs = object.into_iter().map(|(key, value)| Pair {
                    key,
                    key_origin: origin,
                    value: Self::from_json(value, origin),
                });
                Kind::Map(Arc::new(pairs.collect()))
            }
            scalar => Kind::Scalar(scalar),
        };
        Self::new(origin, kind)
    }

    /// The value, without its places.
    #[cfg(feature = "pipes")]
    pub(crate) fn to_json(&self) -> Json {
        match &self.kind {
            Kind::Scalar(value) => value.clone(),
            Kind::List(items) => items.iter().map(Self::to_json).collect(),
            Kind::Map(pairs) => {
                let pairs = pairs.iter();
                let pairs = pairs.map(|pair| (pair.key.clone(), pair.value.to_json()));
                pairs.collect()
            }
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Scalar(Json::Null))
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(Json::String(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn pairs(&self) -> Option<&[Pair]> {
        match &self.kind {
            Kind::Map(pairs) => Some(pairs),
            _ => None,
        }
    }

    pub(crate) fn pair(&self, key: &str) -> Option<&Pair> {
        self.pairs()?.iter().find(|pair| pair.key == key)
    }

    /// Gives the value of a key another key.
    pub(crate) fn rename(&mut self, key: &str, new: &str) {
        if let Kind::Map(pairs) = &mut self.kind {
            let mut pairs = Arc::make_mut(pairs).iter_mut();
            if let Some(pair) = pairs.find(|pair| pair.key == key) {
                new.clone_into(&mut pair.key);
            }
        }
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.pair(key).map(|pair| &pair.value)
    }

    /// The value of a key, where it is not null: a key without a value is as good as none.
    pub(crate) fn given(&self, key: &str) -> Option<&Node> {
        self.get(key).filter(|node| !node.is_null())
    }

    /// Every text and every number in it, as they would be shown.
    pub(crate) fn texts(&self, found: &mut Vec<String>) {
        match &self.kind {
            Kind::Scalar(Json::String(text)) => {
                found.push(text.strip_suffix('\n').unwrap_or(text).to_owned());
            }
            Kind::Scalar(Json::Number(number)) => {
                found.push(number.to_string());
                // As errors of serde print it.
                found.extend(
                    number
                        .as_f64()
                        .filter(|_| number.is_f64())
                        .map(|number| number.to_string()),
                );
            }
            Kind::Scalar(_) => {}
            Kind::List(items) => items.iter().for_each(|item| item.texts(found)),
            Kind::Map(pairs) => pairs.iter().for_each(|pair| pair.value.texts(found)),
        }
    }

    /// What kind of value this is, in a word, for an error that does not show the value.
    pub(crate) fn found(&self) -> &'static str {
        match &self.kind {
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
            Kind::Scalar(value) => found(value),
        }
    }

    /// Says of all of it that it came from this variable.
    pub(super) fn came_from_variable(&mut self, origin: Origin) {
        self.origin = origin;
        self.from_text = true;
        match &mut self.kind {
            Kind::Scalar(_) => {}
            Kind::List(items) => {
                let items = Arc::make_mut(items).iter_mut();
                items.for_each(|item| item.came_from_variable(origin));
            }
            Kind::Map(pairs) => Arc::make_mut(pairs).iter_mut().for_each(|pair| {
                pair.key_origin = origin;
                pair.value.came_from_variable(origin);
            }),
        }
    }

    /// How many values there are in it, itself among them.
    pub(crate) fn count(&self) -> usize {
        1 + match &self.kind {
            Kind::Scalar(_) => 0,
            Kind::List(items) => items.iter().map(Node::count).sum(),
            Kind::Map(pairs) => pairs.iter().map(|pair| pair.value.count()).sum(),
        }
    }

    /// How much there is of it, and how deep it goes.
    pub(super) fn measure(&self) -> Measure {
        let text = self.text().map_or(0, str::len) as u64;
        let mut measure = Measure {
            weight: WEIGHT.saturating_add(text),
            depth: 0,
        };
        match &self.kind {
            Kind::Scalar(_) => {}
            Kind::List(items) => items.iter().for_each(|item| measure.add(item.measure())),
            Kind::Map(pairs) => pairs.iter().for_each(|pair| measure.add(pair.measure())),
        }
        measure.depth += 1;
        measure
    }
}

impl Pair {
    /// How much there is of it, and how deep its value goes.
    pub(super) fn measure(&self) -> Measure {
        let Measure { weight, depth } = self.value.measure();
        Measure {
            weight: weight.saturating_add(self.key.len() as u64),
            depth,
        }
    }
}

/// The size of a value.
#[derive(Clone, Copy)]
pub(super) struct Measure {
    /// About so many bytes it would be if it were written out.
    pub(super) weight: u64,
    /// So many maps and lists are inside each other at most, and what is in the innermost.
    pub(super) depth: usize,
}

impl Measure {
    /// Takes up what is inside.
    fn add(&mut self, inside: Self) {
        self.weight = self.weight.saturating_add(inside.weight);
        self.depth = self.depth.max(inside.depth);
    }
}

/// The kind of a JSON value in a word.
pub(crate) fn found(value: &Json) -> &'static str {
    match value {
        Json::Null => "nothing",
        Json::Bool(_) => "a boolean",
        Json::Number(number) if number.is_f64() => "a number",
        Json::Number(_) => "an integer",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "a map",
    }
}
