//! One value of a configuration: its declared type, whether it is of that type, and what it becomes.

pub(crate) mod binding;
pub(crate) mod compile;
pub(crate) mod compiled;
pub(crate) mod declared_type;
pub(crate) mod duration;
pub(crate) mod fit;
pub(crate) mod secret;
