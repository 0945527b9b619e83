//! `before` and `after`: one order of all components, ties by id.

use std::collections::BTreeMap;

use treenail_core::nearest::nearest;

use crate::alias::Aliases;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{ComponentUse, Contradiction, Named, UnusedOrder};
use crate::layer::Layered;
use crate::order::{Edges, after_what_they_need, among_the_known, cycles};
use crate::resolve::{Candidate, Resolved};
use crate::source::{Located, Origin};
use crate::unknown::unknown_component;

/// Place of every candidate in that order.
pub(super) fn ranks(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    aliases: &Aliases,
    problems: &mut Diagnostics,
) -> Vec<usize> {
    let count = resolved.candidates.len();
    let mut later: Edges = vec![Default::default(); count];
    let mut said: BTreeMap<(usize, usize), Origin> = BTreeMap::new();
    for (number, candidate) in resolved.candidates.iter().enumerate() {
        let before = candidate
            .decl
            .before
            .iter()
            .map(|name| (name, ComponentUse::Before));
        let after = candidate
            .decl
            .after
            .iter()
            .map(|name| (name, ComponentUse::After));
        for (name, used) in before.chain(after) {
            let Some(other) = find(
                layered,
                resolved,
                aliases,
                (name, used),
                candidate,
                problems,
            ) else {
                continue;
            };
            let (first, second) = if used == ComponentUse::Before {
                (number, other)
            } else {
                (other, number)
            };
            later[first].insert(second);
            said.entry((first, second)).or_insert(name.origin);
        }
    }
    for cycle in cycles(&among_the_known(resolved, &later)) {
        let steps = cycle.iter().enumerate().map(|(place, component)| {
            let next = cycle[(place + 1) % cycle.len()];
            Named {
                name: resolved.candidates[*component].id.clone(),
                at: said.get(&(*component, next)).copied(),
            }
        });
        let steps: Vec<Named> = steps.collect();
        let at = steps.first().and_then(|step| step.at);
        problems.report(Contradiction { steps }, at);
    }
    let mut earlier: Edges = vec![Default::default(); count];
    for (first, second) in said.keys() {
        earlier[*second].insert(*first);
    }
    let mut ranks = vec![0; count];
    for (rank, number) in after_what_they_need(&earlier).into_iter().enumerate() {
        ranks[number] = rank;
    }
    ranks
}

/// The component that is meant. One that this composition leaves out, or of a plugin that is not there, is no mistake: then
/// there is nothing to order.
fn find(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    aliases: &Aliases,
    (name, used): (&Located<String>, ComponentUse),
    candidate: &Candidate<'_>,
    problems: &mut Diagnostics,
) -> Option<usize> {
    let id = aliases.target(&name.value);
    if let Some(found) = aliases.meant(&name.value, resolved) {
        return Some(found);
    }
    let plugin = id.split(':').next().unwrap_or(id);
    let is_there = layered
        .part(plugin)
        .is_some_and(|part| layered.parts[part].is_in());
    let left_out = |absent: &Candidate<'_>| absent.id == id && absent.off.is_some();
    let excused = candidate.quiet || aliases.is_excused(&name.value);
    if excused || resolved.absent.iter().any(left_out) {
        return None;
    }
    if is_there {
        if let Some(problem) = unknown_component(layered, resolved, id, used, &aliases.targets) {
            problems.report(problem, name.origin);
        }
    } else if layered.part(plugin).is_none() && !layered.poison.may_name(plugin) {
        // A plugin may be ordered beside one that is not there; its name may as well be misspelt.
        let ids = resolved.candidates.iter().map(|one| one.id.as_str());
        let suggestion = nearest(id, ids);
        if suggestion.is_some() || layered.parts[candidate.part].own {
            let problem = UnusedOrder {
                id: id.to_owned(),
                component: candidate.id.clone(),
                suggestion,
            };
            problems.report(problem, name.origin);
        }
    }
    None
}
