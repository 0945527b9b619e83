//! Rejects plugins that do not fit: the composition's constraints, other plugins, contract crates, the host.

mod between;
mod misfit;
mod plugin;
mod unify;

pub(crate) use plugin::check;
pub(crate) use unify::Versions;
