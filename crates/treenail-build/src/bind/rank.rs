//! `before` and `after`: one order of all components, ties by id.

use treenail_core::nearest::nearest;

use super::lookup::Lookup;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{ComponentUse, Contradiction, Named, UnusedOrder};
use crate::index::{IndexSet, IndexVec};
use crate::resolve::{Candidate, CandidateIx};
use crate::source::{Located, Origin};
use crate::topology::{Edges, after_what_they_need, cycles};

/// Place of every candidate in that order.
pub(super) fn ranks(
    lookup: Lookup<'_, '_>,
    problems: &mut Diagnostics,
) -> IndexVec<CandidateIx, usize> {
    let resolved = lookup.resolved;
    let mut later: IndexVec<CandidateIx, Vec<(CandidateIx, Origin)>> =
        IndexVec::filled(Vec::new(), &resolved.candidates);
    let mut earlier: Edges<CandidateIx> = IndexVec::filled(IndexSet::new(), &resolved.candidates);
    for (number, candidate) in resolved.candidates.indexed() {
        let mut edge = |first: CandidateIx, second: CandidateIx, at: Origin| {
            later[first].push((second, at));
            earlier[second].insert(first);
        };
        for name in &candidate.decl.before {
            let used = ComponentUse::Before;
            if let Some(other) = find(lookup, name, used, candidate, problems) {
                edge(number, other, name.origin);
            }
        }
        for name in &candidate.decl.after {
            let used = ComponentUse::After;
            if let Some(other) = find(lookup, name, used, candidate, problems) {
                edge(other, number, name.origin);
            }
        }
    }
    let edges = later
        .iter()
        .map(|all| all.iter().map(|(one, _)| *one).collect());
    for cycle in cycles(&resolved.known_among(&edges.collect())) {
        let steps = cycle.iter().enumerate().map(|(place, component)| {
            let next = cycle[(place + 1) % cycle.len()];
            let said = later[*component].iter().find(|(one, _)| *one == next);
            Named {
                name: resolved.candidates[*component].id.clone(),
                at: said.map(|(_, at)| *at),
            }
        });
        let steps: Vec<Named> = steps.collect();
        let at = steps.first().and_then(|step| step.at);
        problems.report(Contradiction { steps }, at);
    }
    let mut ranks = IndexVec::filled(0, &resolved.candidates);
    for (rank, number) in after_what_they_need(&earlier).into_iter().enumerate() {
        ranks[number] = rank;
    }
    ranks
}

/// The component that is meant. One that this composition leaves out, or of a plugin that is not there, is no mistake: then
/// there is nothing to order.
fn find(
    lookup: Lookup<'_, '_>,
    name: &Located<String>,
    used: ComponentUse,
    candidate: &Candidate<'_>,
    problems: &mut Diagnostics,
) -> Option<CandidateIx> {
    let (layered, resolved) = (lookup.layered, lookup.resolved);
    if candidate.quiet {
        return lookup.find(&name.value, used).ok();
    }
    let id = lookup.aliases.target(&name.value);
    let plugin = id.split(':').next().unwrap_or(id);
    if let Some(part) = layered.part(plugin) {
        let is_in = layered.parts[part].is_in();
        return is_in
            .then(|| lookup.component(name, used, problems))
            .flatten();
    }
    if layered.poison.may_name(plugin) || lookup.aliases.is_excused(&name.value) {
        return None;
    }
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
    None
}
