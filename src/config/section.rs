//! The sections of a configuration, each checked against the composition.

pub(crate) mod component;
pub(crate) mod document;
pub(crate) mod inject;
pub(crate) mod lifecycle;
pub(crate) mod logging;
pub(crate) mod names;
pub(crate) mod renderer;
pub(crate) mod schema;
pub(crate) mod service;
#[cfg(feature = "pipes")]
pub(crate) mod step;
pub(crate) mod version;
