//! The package of the runtime that a composition is compiled against.

/// Name of the runtime's package.
pub(crate) const RUNTIME: &str = "treenail";
