//! Gives every type that a manifest names its identity: the package it lives in, and its path.
//!
//! A manifest names types by its own package's names for crates; two plugins may have different names for one crate, or
//! one name for two. What is compared from here on are keys: `dyn helpdesk-api@1.4.0::TicketSystem`.

mod entry;
mod names;
mod resolved;
mod resolver;

use crate::diagnostic::Diagnostics;
use crate::layer::Layered;
use crate::model::Universe;
use crate::sort::sort_by;

pub(crate) use names::Names;
pub(crate) use resolved::{
    Candidate, CandidateIx, ChosenEntry, EntryCandidate, Off, Resolved, ServiceTypeIx, Win,
    of_the_runtime,
};

use resolver::Resolver;

/// Resolves the types of all components, of `[bind]` and of `[host] all`. `inside_library` says that the generated code stands in
/// the library of the composing package itself. What cannot be resolved joins what could not be read.
pub(crate) fn resolve<'a>(
    universe: &'a Universe,
    inside_library: bool,
    layered: &mut Layered<'a>,
    problems: &mut Diagnostics,
) -> Resolved<'a> {
    let mut resolver = Resolver::new(
        Names::new(universe, inside_library, &layered.parts),
        problems,
    );
    let (mut candidates, absent) = resolver.components(layered);
    let entries = resolver.entries(layered, &mut candidates);
    let choices = resolver.choices(layered);
    sort_by(&mut candidates, |a, b| a.id.cmp(&b.id));
    let binds = resolver.binds(layered);
    let all = resolver.host_all(layered);
    let asserted = resolver.asserted(layered);
    let Resolver {
        names,
        services,
        poison,
        ..
    } = resolver;
    layered.poison.merge(&poison);
    Resolved {
        candidates: candidates.into(),
        absent,
        entries,
        choices,
        services,
        binds,
        all,
        asserted,
        names,
    }
}
