//! One value of a configuration: its declared type, whether it is of that type, and what it becomes.

pub(crate) mod binding;
mod compile;
pub(crate) mod compiled;
mod declared_type;
mod duration;
pub(crate) mod fit;
mod secret;

pub use binding::Binding;
pub(crate) use binding::schema_of;
#[cfg(feature = "pipes")]
pub(crate) use compile::FoundStep;
pub(crate) use compile::{Compiler, Texts};
#[cfg(feature = "pipes")]
pub(crate) use compiled::Compiled;
pub(crate) use compiled::Failure;
pub(crate) use declared_type::DeclaredType;
pub use duration::{Duration, DurationError};
pub use secret::Secret;
