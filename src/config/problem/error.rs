//! Everything that is wrong with a configuration: [`ConfigError`] and its problems.

use std::fmt;

use super::kind::ProblemKind;
use crate::place::Place;

/// Everything that is wrong with a configuration, found in one run.
#[derive(Clone)]
pub struct ConfigError {
    problems: Vec<Problem>,
}

impl ConfigError {
    pub(crate) fn new(mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| {
            let place = problem.place.as_ref();
            place.map(|place| (place.layer, place.line, place.column))
        });
        Self { problems }
    }

    /// One problem, with no value of the configuration in particular.
    pub(crate) fn one(place: Option<Place>, kind: ProblemKind) -> Self {
        Self {
            problems: vec![Problem {
                path: String::new(),
                place,
                kind: Box::new(kind),
            }],
        }
    }

    /// Adds what is wrong with another file.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.problems.append(&mut other.problems);
    }

    /// The problems, in the order of the file.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ConfigError {}

/// One thing that is wrong with a configuration, and where.
#[derive(Debug, Clone)]
pub struct Problem {
    pub(super) path: String,
    pub(super) place: Option<Place>,
    pub(super) kind: Box<ProblemKind>,
}

impl Problem {
    /// The path of the value, such as `app.services.store.params.url`; empty for the file as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Where the value was written, if it was written at all.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// What is wrong, as data.
    pub fn kind(&self) -> &ProblemKind {
        &self.kind
    }
}
