//! Configuration: layers, checking against what the components declare, and the schema of it all.
//!
//! [`configure`] reads everything before anything is built, and reports every problem in one run. The order: structure of
//! the root, versions and plugins, services, injects, the pipe tree.
//!
//! Imports run one way: this face, `section`, `value`, `read`, `problem`. What stands below the configuration in the
//! crate, such as the pipes and the table, names the file of what it needs and not this face.

pub(crate) mod problem;
pub(crate) mod read;
pub(crate) mod section;
#[cfg(test)]
mod tests;
pub(crate) mod value;

pub use problem::{ConfigError, Place, Problem, ProblemKind};
pub use read::Settings;
pub use section::document::check;
pub(crate) use section::document::configure;
pub use section::logging::{LogFormat, LogLevel, Logging, logging};
pub use section::schema::schema;
#[cfg(test)]
pub(crate) use tests::recorded;
pub use value::{Binding, Duration, DurationError, Secret};
