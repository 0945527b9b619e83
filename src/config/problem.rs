//! What can be wrong with a configuration: as data, where it stands, in words and as JSON.

mod display;
mod error;
mod excerpt;
mod json;
mod kind;
mod path;
pub(crate) mod place;
mod problems;
mod words;

pub use error::{ConfigError, Problem};
pub use kind::ProblemKind;
pub(crate) use path::Path;
pub(crate) use place::{Layer, Lines, Origin};
pub(crate) use problems::Problems;
