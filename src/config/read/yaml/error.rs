//! Why a text is no configuration, while it is read.

use crate::config::problem::{Origin, ProblemKind};
use crate::config::read::node::DEPTH;

/// Why a text is no configuration in YAML, and where.
#[derive(Debug)]
pub(in crate::config::read) struct YamlError {
    /// Without a line for the text as a whole.
    pub(in crate::config::read) origin: Origin,
    pub(in crate::config::read) kind: Box<ProblemKind>,
}

impl YamlError {
    pub(super) fn new(origin: Origin, kind: ProblemKind) -> Self {
        let kind = Box::new(kind);
        Self { origin, kind }
    }
}

pub(super) fn error(origin: Origin, message: impl Into<String>) -> YamlError {
    let message = message.into();
    YamlError::new(origin, ProblemKind::Yaml { message })
}

/// Where the parser's events end a value that none has begun.
pub(super) fn no_value(origin: Origin) -> YamlError {
    error(origin, "a value is missing")
}

pub(super) fn too_deep(origin: Origin) -> YamlError {
    YamlError::new(origin, ProblemKind::NestedTooDeep { most: DEPTH })
}
