//! How each component is taken through its life: its own words, with the host's and the overlay's `[lifecycle]` over them.

use crate::alias::Aliases;
use crate::bind::component;
use crate::diagnostic::{ComponentUse, Diagnostics};
use crate::layer::Layered;
use crate::model::{Deadlines, Tending};
use crate::resolve::Resolved;

/// What came of it for one component.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tuned {
    /// Deadlines and restarts.
    pub(crate) tending: Tending,
    /// Whether the application cannot go on when its run has failed for good.
    pub(crate) fatal: bool,
}

/// One answer for each component; reports lines of `[lifecycle]` that speak of none.
pub(crate) fn tune(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    aliases: &Aliases,
    problems: &mut Diagnostics,
) -> Vec<Tuned> {
    let own = |candidate: &crate::resolve::Candidate<'_>| Tuned {
        tending: candidate.decl.tending,
        fatal: false,
    };
    let mut tuned = resolved.candidates.iter().map(own).collect::<Vec<_>>();
    for tuning in &layered.tunings {
        let name = (&tuning.component, ComponentUse::Lifecycle);
        let Some(found) = component(layered, resolved, aliases, name, problems) else {
            continue;
        };
        let tuned = &mut tuned[found];
        let (own, said) = (tuned.tending, tuning.tending);
        tuned.tending = Tending {
            deadline: Deadlines {
                build: said.deadline.build.or(own.deadline.build),
                start: said.deadline.start.or(own.deadline.start),
                stop: said.deadline.stop.or(own.deadline.stop),
            },
            restart: said.restart.or(own.restart),
        };
        tuned.fatal = tuning.fatal.unwrap_or(tuned.fatal);
    }
    tuned
}
