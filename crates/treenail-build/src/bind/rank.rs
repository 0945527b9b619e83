//! `before` and `after`: one order of all components, ties by id.

use treenail_core::nearest::nearest;

use super::lookup::Lookup;
use super::unknown::meant;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{
    ComponentUse, Contradiction, Named, OrderWithoutService, UnusedOrder,
};
use crate::index::{IndexSet, IndexVec};
use crate::model::plugin_of;
use crate::resolve::{Candidate, CandidateIx, ServiceTypeIx};
use crate::source::{Located, Origin};
use crate::topology::{Edges, after_what_they_need, cycles};
use treenail_core::nearest::nearest;

/// Place of every candidate in that order.
pub(super) fn ranks(
    lookup: Lookup<'_, '_>,
    problems: &mut Diagnostics,
) -> IndexVec<CandidateIx, usize> {
    let resolved = lookup.resolved;
    let mut later: IndexVec<CandidateIx, Vec<(CandidateIx, Origin)>> =
        IndexVec::filled(Vec::new(), &resolved.candidates);
    let mut earlier: Edges<CandidateIx> = IndexVec::filled(IndexSet::new(), &resolved.candidates);
    let mut stated = Vec::new();
    for (number, candidate) in resolved.candidates.indexed() {
        let mut edge = |first: CandidateIx, second: CandidateIx, at: Origin| {
            if earlier[second].insert(first) {
                later[first].push((second, at));
            }
        };
        for name in &candidate.decl.before {
            let used = ComponentUse::Before;
            if let Some(other) = find(lookup, name, used, candidate, problems) {
                edge(number, other, name.origin);
                stated.push((number, other, name));
            }
        }
        for name in &candidate.decl.after {
            let used = ComponentUse::After;
            if let Some(other) = find(lookup, name, used, candidate, problems) {
                edge(other, number, name.origin);
                stated.push((number, other, name));
            }
        }
    }
    let edges = later
        .iter()
        .map(|all| all.iter().map(|(one, _)| *one).collect());
    let edges: Edges<CandidateIx> = edges.collect();
    for cycle in cycles(&resolved.known_among(&edges)) {
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
    let ordered = |one: CandidateIx| edges[one].len() + earlier[one].len();
    for (component, other, name) in stated {
        if is_idle(lookup, ordered, [component, other]) {
            let problem = OrderWithoutService {
                id: name.value.clone(),
                component: resolved.candidates[component].id.clone(),
            };
            problems.report(problem, name.origin);
        }
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
    let plugin = plugin_of(id);
    if let Some(part) = layered.part(plugin) {
        let is_in = layered.parts[part].is_in();
        return is_in
            .then(|| lookup.component(name, used, problems))
            .flatten();
    }
    // A plugin may be ordered beside one that is not there; its name may as well be misspelt.
    let ids = resolved.candidates.iter().map(|one| one.id.as_str());
    let suggestion = meant(layered, id, ids);
    let may_be_there = layered.poison.may_be_plugin(plugin, suggestion.is_some());
    if may_be_there || lookup.aliases.is_excused(&name.value) {
        return None;
    }
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

/// Whether nothing is ordered by what one component says of another: they have no service in common, and neither is ordered beside
/// a third, which could pass the order on.
fn is_idle(
    lookup: Lookup<'_, '_>,
    ordered: impl Fn(CandidateIx) -> usize,
    pair: [CandidateIx; 2],
) -> bool {
    let [one, other] = pair.map(|one| &lookup.resolved.candidates[one]);
    let is_known = |candidate: &Candidate<'_>| {
        candidate.provides.len() == candidate.decl.provides.len() && !candidate.is_unsure()
    };
    let services = &lookup.resolved.services;
    // A trait that is nearly another's may be that one.
    let is_near = |service: ServiceTypeIx, theirs: ServiceTypeIx| {
        let (service, theirs) = (&services[service].ty, &services[theirs].ty);
        let names = (service.last_ident(), theirs.last_ident());
        let traits = service.is_dyn && theirs.is_dyn;
        traits && (names.0 == names.1 || nearest(names.0, [names.1]).is_some())
    };
    let may_share = one.services().any(|service| {
        let mut others = other.services();
        others.any(|theirs| service == theirs || is_near(service, theirs))
    });
    is_known(one) && is_known(other) && !may_share && pair.into_iter().all(|one| ordered(one) == 1)
}
