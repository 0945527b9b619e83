//! Configuration: layers, checking against what the components declare, and the schema of it all.
//!
//! [`configure`] reads everything before anything is built, and reports every problem in one run. The order: structure of
//! the root, versions and plugins, services, injects, the pipe tree.
//!
//! Imports run one way: this face, `section`, `value`, `read`, `problem`.

mod problem;
mod read;
mod section;
#[cfg(test)]
mod tests;
pub(crate) mod value;

pub use problem::{ConfigError, Problem, ProblemKind};
pub use read::Settings;
pub(crate) use section::document::configure;
pub use section::document::{check, logging};
pub use section::features::Features;
pub(crate) use section::features::features;
pub use section::logging::{LogFormat, LogLevel, Logging};
pub use section::schema::schema;
#[cfg(test)]
#[cfg(feature = "pipes")]
pub(crate) use tests::recorded;
pub use value::{Duration, DurationError, Secret};
