//! The problems of one run, each with its path, its place and the line that it stands in.

use std::borrow::Cow;

use super::error::{ConfigError, Problem};
use super::excerpt::excerpt;
use super::kind::ProblemKind;
use super::origin::{Layer, Origin};
use super::path::Path;
use crate::place::Place;
use crate::redact::Redactor;

/// Collects problems, and gives each its place.
pub(crate) struct Problems<'a> {
    pub(crate) layers: &'a [Layer],
    found: Vec<Problem>,
}

impl<'a> Problems<'a> {
    pub(crate) fn new(layers: &'a [Layer]) -> Self {
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

    pub(crate) fn kinds(&self) -> impl Iterator<Item = &ProblemKind> {
        self.found.iter().map(Problem::kind)
    }

    pub(crate) fn append(&mut self, mut other: Problems<'_>) {
        self.found.append(&mut other.found);
    }

    pub(crate) fn add(&mut self, path: &Path<'_>, origin: Origin, kind: ProblemKind) {
        self.add_at(path.to_string(), origin, kind);
    }

    /// Adds that a key of the map at this path is unknown.
    pub(crate) fn add_key(&mut self, path: &Path<'_>, origin: Origin, kind: ProblemKind) {
        let path = path.key(kind.key()).to_string();
        self.add_at(path, origin, kind);
    }

    /// Takes secrets out of what problems quote: the same text may stand where nothing secret is expected.
    pub(crate) fn redact(&mut self, redactor: &Redactor) {
        let redact = |text: &mut String| {
            if let Cow::Owned(clean) = redactor.redact(text) {
                *text = clean;
            }
        };
        for problem in &mut self.found {
            problem.kind.quoted().map(redact);
            let place = problem.place.as_mut();
            place.and_then(|place| place.excerpt.as_mut()).map(redact);
        }
    }

    /// Adds a problem at a path that was written out before.
    pub(crate) fn add_at(&mut self, path: String, origin: Origin, kind: ProblemKind) {
        let place = self.layers.get(origin.layer).map(|layer| {
            let lines = layer.text.as_ref();
            Place {
                excerpt: lines.and_then(|lines| excerpt(lines.line(origin.line)?, &kind)),
                ..origin.place(layer.name.clone())
            }
        });
        self.found.push(Problem {
            path,
            place,
            kind: Box::new(kind),
        });
    }

    /// Whether something was written in a file, and not in a variable, which is about one value.
    pub(crate) fn is_in_a_file(&self, origin: Origin) -> bool {
        let layer = self.layers.get(origin.layer);
        layer.is_some_and(|layer| layer.text.is_some())
    }

    /// Says of every key that is missing since so many problems were there that this component lacks it.
    pub(crate) fn name_component(&mut self, before: usize, id: &str) {
        for problem in &mut self.found[before..] {
            if let ProblemKind::MissingKey { component, .. } = &mut *problem.kind {
                *component = Some(id.to_owned());
            }
        }
    }

    /// Everything that was found.
    pub(crate) fn into_error(self) -> ConfigError {
        ConfigError::new(self.found)
    }

    /// This value, if nothing is wrong.
    ///
    /// # Errors
    /// Everything that was found.
    pub(crate) fn unless_any<T>(self, value: T) -> Result<T, ConfigError> {
        if self.is_empty() {
            Ok(value)
        } else {
            Err(ConfigError::new(self.found))
        }
    }
}
