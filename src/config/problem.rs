//! What can be wrong with a configuration: as data, where it stands, in words and as JSON.

mod display;
mod error;
mod excerpt;
mod json;
mod kind;
pub(crate) mod nearest;
mod path;
pub(crate) mod place;
mod problems;
mod words;

pub use error::{ConfigError, Problem};
pub use kind::ProblemKind;
pub(crate) use nearest::nearest;
pub(crate) use path::Path;
pub use place::Place;
pub(crate) use place::{Layer, Lines, Origin};
pub(crate) use problems::Problems;
