//! What can be wrong with a configuration: as data, where it stands, in words and as JSON.

pub(crate) mod display;
pub(crate) mod error;
mod excerpt;
pub(crate) mod json;
pub(crate) mod kind;
pub(crate) mod nearest;
pub(crate) mod path;
pub(crate) mod place;
pub(crate) mod problems;
pub(crate) mod words;
