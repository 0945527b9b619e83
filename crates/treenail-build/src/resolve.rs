//! Gives every type that a manifest names its identity: the package it lives in, and its path.
//!
//! A manifest names types by its own package's names for crates; two plugins may have different names for one crate, or
//! one name for two. What is compared from here on are keys: `dyn helpdesk-api@1.4.0::TicketSystem`.

mod names;
mod resolved;
mod resolver;

use crate::diagnostic::Diagnostics;
use crate::inputs::Inputs;
use crate::layer::Layered;

pub(crate) use names::Names;
pub(crate) use resolved::{Candidate, Off, Resolved, ServiceIx, Win};

use resolver::Resolver;

/// Resolves the types of all components, of `[bind]` and of `[host] all`.
pub(crate) fn resolve<'a>(
    inputs: &'a Inputs,
    layered: &Layered<'a>,
    problems: &mut Diagnostics,
) -> Resolved<'a> {
    let mut resolver = Resolver::new(Names::new(inputs), problems);
    let (candidates, absent) = resolver.components(layered);
    let (binds, lost_binds) = resolver.binds(layered);
    let all = resolver.host_all(layered);
    let Resolver {
        names,
        services,
        lost_provides,
        ..
    } = resolver;
    Resolved {
        candidates,
        absent,
        services,
        binds,
        all,
        names,
        lost_provides,
        lost_binds,
    }
}
