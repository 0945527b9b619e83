//! The merged configuration as a tree: every value and every key knows where it came from.

use std::sync::Arc;

use super::path::Path;
use super::problem::{Problem, ProblemKind};
use crate::place::Place;

/// Where a value came from: a layer, and the place in it where it has lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(super) layer: usize,
    pub(super) line: u32,
    pub(super) column: u32,
}

impl Origin {
    /// The place, in a source of this name.
    pub(crate) fn place(self, source: String) -> Place {
        Place {
            source,
            line: self.line,
            column: self.column,
            excerpt: None,
            layer: self.layer,
        }
    }
}

/// A value of the configuration.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) origin: Origin,
    pub(crate) kind: Kind,
    /// The value came from a variable: a text stands for a value of any type.
    pub(crate) from_text: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// Null, a boolean, a number or a text.
    Scalar(serde_json::Value),
    List(Vec<Node>),
    /// In the order of the files.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_origin: Origin,
    pub(crate) value: Node,
}

impl Node {
    /// A map without keys, for what was not written.
    pub(crate) fn empty(origin: Origin) -> Self {
        Self {
            origin,
            kind: Kind::Map(Vec::new()),
            from_text: false,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Scalar(serde_json::Value::Null))
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(serde_json::Value::String(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn entries(&self) -> Option<&[Entry]> {
        match &self.kind {
            Kind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries()?
            .iter()
            .find(|entry| entry.key == key)
            .map(|entry| &entry.value)
    }

    /// Every text and every number in it, as they would be shown.
    pub(crate) fn texts(&self, found: &mut Vec<String>) {
        match &self.kind {
            Kind::Scalar(serde_json::Value::String(text)) => {
                found.push(text.strip_suffix('\n').unwrap_or(text).to_owned());
            }
            Kind::Scalar(serde_json::Value::Number(number)) => found.push(number.to_string()),
            Kind::Scalar(_) => {}
            Kind::List(items) => items.iter().for_each(|item| item.texts(found)),
            Kind::Map(entries) => entries.iter().for_each(|entry| entry.value.texts(found)),
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
}

/// The kind of a JSON value in a word.
pub(crate) fn found(value: &serde_json::Value) -> &'static str {
    match value {
        serde_json::Value::Null => "nothing",
        serde_json::Value::Bool(_) => "a boolean",
        serde_json::Value::Number(number) if number.is_f64() => "a number",
        serde_json::Value::Number(_) => "an integer",
        serde_json::Value::String(_) => "a text",
        serde_json::Value::Array(_) => "a list",
        serde_json::Value::Object(_) => "a map",
    }
}

/// A source of values.
#[derive(Debug)]
pub(super) struct Layer {
    /// The file, or the variable.
    pub(super) name: String,
    /// The lines, where they may be shown.
    pub(super) text: Option<Arc<Lines>>,
}

/// A text with the beginnings of its lines, so that a thousand problems are not a thousand walks through it.
#[derive(Debug)]
pub(super) struct Lines {
    text: String,
    starts: Vec<usize>,
}

impl Lines {
    pub(super) fn new(text: String) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self { text, starts }
    }

    fn line(&self, number: u32) -> Option<&str> {
        let start = *self.starts.get(number.checked_sub(1)? as usize)?;
        self.text[start..].lines().next()
    }
}

/// Collects problems, and gives each its place.
pub(crate) struct Problems<'a> {
    pub(super) layers: &'a [Layer],
    pub(super) found: Vec<Problem>,
}

impl<'a> Problems<'a> {
    pub(super) fn new(layers: &'a [Layer]) -> Self {
        Self {
            layers,
            found: Vec::new(),
        }
    }

    /// An empty collection about the same files: for trying one of several ways to read a value.
    pub(crate) fn trial(&self) -> Problems<'a> {
        Problems::new(self.layers)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    pub(crate) fn append(&mut self, mut other: Problems<'_>) {
        self.found.append(&mut other.found);
    }

    pub(crate) fn add(&mut self, path: &Path<'_>, origin: Origin, kind: ProblemKind) {
        self.add_at(path.to_string(), origin, kind);
    }

    pub(crate) fn add_at(&mut self, path: String, origin: Origin, kind: ProblemKind) {
        let place = self.layers.get(origin.layer).map(|layer| Place {
            excerpt: layer
                .text
                .as_ref()
                .and_then(|text| excerpt(text.line(origin.line)?, &kind)),
            ..origin.place(layer.name.clone())
        });
        self.found.push(Problem {
            path,
            place,
            kind: Box::new(kind),
        });
    }
}

/// A line longer than this helps nobody.
const LONG: usize = 1000;

/// The line of a problem. Behind the key the line is shown only where the value can be no secret.
fn excerpt(line: &str, kind: &ProblemKind) -> Option<String> {
    use ProblemKind as K;
    let line = line.trim_end();
    if line.len() > LONG {
        return None;
    }
    let open = matches!(
        kind,
        K::UnknownComponent { .. }
            | K::WrongKind { .. }
            | K::UnknownInject { .. }
            | K::UnknownService { .. }
            | K::WrongService { .. }
            | K::DuplicateStep { .. }
            | K::NotARequirement { .. }
            | K::ApiVersion { .. }
            | K::LeftOut { .. }
            | K::FeatureMissing { .. }
            | K::UnknownPlugin { .. }
            | K::PluginVersion { .. }
            | K::Duration { .. }
    );
    if open && !line.contains(['{', '[']) {
        // What was commented out may be secret too.
        return line
            .split(" #")
            .next()
            .map(|line| line.trim_end().to_owned());
    }
    let key = key(line)?;
    match line[key.len()..].strip_prefix(':')? {
        "" => Some(line.to_owned()),
        value if value.starts_with(' ') => Some(format!("{key}: ...")),
        _ => None,
    }
}

/// The line as far as its first key goes. What else begins a line may be the middle of a value.
fn key(line: &str) -> Option<&str> {
    let mut name = line.trim_start();
    while let Some(item) = name.strip_prefix("- ") {
        name = item.trim_start();
    }
    let start = line.len() - name.len();
    let quote = name.starts_with(['"', '\'']);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':');
    let end = if quote {
        1 + name[1..].find(|c: char| !plain(c))?
    } else {
        name.find(|c: char| !plain(c)).unwrap_or(name.len())
    };
    if quote {
        return name[end..]
            .starts_with(&name[..1])
            .then(|| &line[..start + end + 1]);
    }
    let end = name[..end].strip_suffix(':')?.len();
    (end > 0).then(|| &line[..start + end])
}
