//! What can be wrong with a configuration: as data, where it stands, in words and as JSON.

mod display;
mod error;
mod excerpt;
mod json;
mod kind;
pub(crate) mod origin;
mod path;
mod problems;
mod words;

pub use error::{ConfigError, Problem};
pub use kind::ProblemKind;
pub(crate) use origin::{Layer, Lines, Origin};
pub(crate) use path::Path;
pub(crate) use problems::Problems;
