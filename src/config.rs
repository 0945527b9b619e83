//! Configuration: layers, checking against what the components declare, and the schema of it all.
//!
//! [`configure`] reads everything before anything is built, and reports every problem in one run. The order: structure of
//! the root, versions and plugins, services, injects, the pipe tree.

mod choice;
mod component;
mod document;
mod dotenv;
mod drawing;
mod duration;
mod inject;
mod layer;
mod lifecycle;
mod load;
mod logging;
mod machine;
mod names;
mod node;
mod path;
mod place;
mod problem;
mod render;
mod renderer;
mod report;
mod schema;
mod secret;
mod service;
mod settings;
mod shape;
#[cfg(feature = "pipes")]
mod step;
#[cfg(test)]
mod tests;
mod value;
mod version;

pub use document::check;
pub(crate) use document::configure;
pub use duration::{Duration, DurationError};
pub use logging::{LogFormat, LogLevel, Logging, logging};
pub use problem::{ConfigError, Problem, ProblemKind};
#[cfg(test)]
pub(crate) use render::{any, as_text};
pub use schema::schema;
pub use secret::Secret;
pub use settings::Settings;
#[cfg(test)]
pub(crate) use tests::recorded;
