//! Who provides a service, and who of them wins.

use super::lookup::{Lookup, ProviderName, report};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{ComponentUse, Named};
use crate::index::{IndexMap, IndexVec};
use crate::model::Scope;
use crate::resolve::{CandidateIx, Resolved, ServiceTypeIx};
use crate::sort::sort_by;

/// Who provides a service.
#[derive(Debug, Clone)]
pub(crate) struct Provision {
    /// Every provider in order.
    pub(crate) providers: Vec<CandidateIx>,
    /// Every decorator in order: each wraps what the one before it made of a provider.
    pub(crate) decorators: Vec<CandidateIx>,
    /// Who answers where nothing else is said.
    pub(crate) winner: Winner,
    /// Something that was reported may provide it too: what is missing here is not worth a report.
    pub(crate) uncertain: bool,
}

/// Who answers where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Winner {
    /// This one: bound, or the only one that is not an instance.
    One(CandidateIx),
    /// Nothing provides the service.
    Nobody,
    /// Several do, and `[bind]` says nothing.
    Several,
    /// Only instances that the configuration names do.
    Instances,
    /// A mistake that was reported keeps it from being known.
    Unknown,
}

impl Winner {
    /// The winner, where it is known.
    pub(crate) fn known(self) -> Option<CandidateIx> {
        match self {
            Self::One(winner) => Some(winner),
            _ => None,
        }
    }
}

/// Who provides every service, and who wraps them.
pub(super) fn provisions(
    lookup: Lookup<'_, '_>,
    ranks: &IndexVec<CandidateIx, usize>,
    problems: &mut Diagnostics,
) -> IndexVec<ServiceTypeIx, Provision> {
    let bound = winners_by_bind(lookup, problems);
    let all = lookup.resolved.providers().into_indexed();
    let decorators = lookup.resolved.decorators();
    all.zip(decorators)
        .map(|((service, mut providers), mut decorators)| {
            sort_by(&mut providers, |a, b| ranks[*a].cmp(&ranks[*b]));
            sort_by(&mut decorators, |a, b| ranks[*a].cmp(&ranks[*b]));
            let uncertain = is_uncertain(lookup, service, &providers);
            let bound = bound.get(service).copied();
            Provision {
                winner: bound.unwrap_or_else(|| match uncertain {
                    true => Winner::Unknown,
                    false => winner(lookup, service, &providers),
                }),
                providers,
                decorators,
                uncertain,
            }
        })
        .collect()
}

/// Whether what could not be read may provide this service, or what provides it may not be as it was read.
fn is_uncertain(lookup: Lookup<'_, '_>, service: ServiceTypeIx, providers: &[CandidateIx]) -> bool {
    let (layered, resolved) = (lookup.layered, lookup.resolved);
    let ty = &resolved.services[service];
    let is_named = match providers {
        // Whoever else provides it makes no choice between those who are known.
        [_, ..] => layered.poison.names_provided(&ty.ty),
        [] => layered.poison.may_provide(&ty.ty),
    };
    let mut providers = providers.iter();
    ty.poisoned || is_named || providers.any(|number| resolved.candidates[*number].is_unsure())
}

/// Who answers for a service about which `[bind]` says nothing.
fn winner(lookup: Lookup<'_, '_>, service: ServiceTypeIx, providers: &[CandidateIx]) -> Winner {
    let (layered, resolved) = (lookup.layered, lookup.resolved);
    let ty = &resolved.services[service].ty;
    let is_fixed =
        |number: &&CandidateIx| resolved.candidates[**number].decl.scope != Scope::Instance;
    let fixed: Vec<CandidateIx> = providers.iter().filter(is_fixed).copied().collect();
    let may_bind = layered.poison.may_bind(ty);
    match fixed[..] {
        _ if providers.is_empty() => Winner::Nobody,
        [only] if providers.len() == 1 || !may_bind => Winner::One(only),
        // Another one may have been chosen.
        _ if may_bind => Winner::Unknown,
        [] => Winner::Instances,
        _ => Winner::Several,
    }
}

/// Who answers by `[bind]`. A line that names nobody who can is reported.
fn winners_by_bind(
    lookup: Lookup<'_, '_>,
    problems: &mut Diagnostics,
) -> IndexMap<ServiceTypeIx, Winner> {
    let mut bound = IndexMap::new();
    for (service, (ty, provider)) in lookup.resolved.binds.iter() {
        let found = lookup.provider(ProviderName {
            name: &provider.value,
            used: ComponentUse::Bind,
            service,
            written: &ty.value,
        });
        let winner = match found {
            Ok(found) => Winner::One(found),
            Err(none) => {
                report(none, provider, problems);
                Winner::Unknown
            }
        };
        bound.insert(service, winner);
    }
    bound
}

/// Providers with the places where they say so.
pub(super) fn named(
    resolved: &Resolved<'_>,
    service: ServiceTypeIx,
    providers: &[CandidateIx],
) -> Vec<Named> {
    let named = |number: &CandidateIx| {
        let candidate = &resolved.candidates[*number];
        let stated = candidate
            .provides
            .iter()
            .find(|(one, _)| *one == service)
            .map(|(_, at)| *at);
        Named {
            name: candidate.id.clone(),
            at: Some(stated.unwrap_or(candidate.decl.ty.origin)),
        }
    };
    providers.iter().map(named).collect()
}
