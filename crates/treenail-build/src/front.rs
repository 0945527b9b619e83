//! The fronts of the compiler: what build scripts, the macros, tools and tests call.

pub(crate) mod build_script;
pub(crate) mod committed;
pub(crate) mod composed;
pub(crate) mod composer;
pub(crate) mod conditions;
pub(crate) mod distribution;
pub(crate) mod generated;
pub(crate) mod lock;
pub(crate) mod locked;
pub(crate) mod macros;
pub(crate) mod one_manifest;
mod points;
pub(crate) mod write_lock;
