//! Rejects plugins that do not fit: the composition's constraints, other plugins, contract crates, the host.

mod contract;
mod plugin;
mod unify;

pub(crate) use contract::contracts;
pub(crate) use plugin::check;
