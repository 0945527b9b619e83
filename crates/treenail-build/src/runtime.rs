//! The package of the runtime that a composition is compiled against.

use crate::model::{PackageIx, Universe};

/// Name of the runtime's package.
pub(crate) const RUNTIME: &str = "treenail";

/// The runtime that a package depends on, after the name that it has there.
pub(crate) fn of(universe: &Universe, package: PackageIx) -> Option<(&str, PackageIx)> {
    let mut externs = universe.packages[package].externs.iter();
    let (name, target) = externs.find(|(_, it)| universe.packages[**it].name == RUNTIME)?;
    Some((name, *target))
}

/// Whether a package depends on the runtime, or is it.
pub(crate) fn is_known_to(universe: &Universe, package: PackageIx) -> bool {
    universe.packages[package].name == RUNTIME || of(universe, package).is_some()
}
