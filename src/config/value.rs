//! One value of a configuration: its declared type, whether it is of that type, and what it becomes.

mod compile;
mod compiled;
mod declared_type;
mod duration;
pub(crate) mod fit;
mod secret;

#[cfg(feature = "pipes")]
pub(crate) use compile::FoundStep;
pub(crate) use compile::{Compiler, Texts};
#[cfg(feature = "pipes")]
pub(crate) use compiled::Compiled;
pub(crate) use compiled::Failure;
pub(crate) use declared_type::DeclaredType;
pub use duration::{Duration, DurationError};
pub use secret::Secret;
