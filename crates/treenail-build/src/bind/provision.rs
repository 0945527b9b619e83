//! Who provides a service, and who of them wins.

use std::collections::BTreeMap;

use crate::alias::Aliases;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{ComponentUse, DoesNotProvide, Named};
use crate::layer::Layered;
use crate::model::{Scope, TypeExpr};
use crate::resolve::{Resolved, ServiceIx};
use crate::source::Located;
use crate::unknown::unknown_component;

/// Who provides a service.
#[derive(Debug, Clone)]
pub(crate) struct Provision {
    /// Every provider in order. Where the winner is decorated, the last decorator stands in its place.
    pub(crate) providers: Vec<usize>,
    /// Who answers where nothing else is said.
    pub(crate) winner: Winner,
    /// Something that was reported may provide it too: what is missing here is not worth a report.
    pub(crate) uncertain: bool,
}

/// Who answers where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Winner {
    /// This one: bound, or the only one that is not an instance.
    One(usize),
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
    pub(crate) fn known(self) -> Option<usize> {
        match self {
            Self::One(winner) => Some(winner),
            _ => None,
        }
    }
}

/// The providers of every service, before decoration.
pub(super) fn provisions(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    aliases: &Aliases,
    ranks: &[usize],
    problems: &mut Diagnostics,
) -> Vec<Provision> {
    let mut providers: Vec<Vec<usize>> = vec![Vec::new(); resolved.services.len()];
    for (number, candidate) in resolved.candidates.iter().enumerate() {
        let all = candidate
            .provides
            .iter()
            .map(|(service, _)| *service)
            .chain(candidate.own);
        for service in all.filter(|service| candidate.provides(*service)) {
            if !providers[service].contains(&number) {
                providers[service].push(number);
            }
        }
    }
    let bound = binds(layered, resolved, aliases, problems);
    let all = providers.into_iter().enumerate();
    all.map(|(service, mut providers)| {
        providers.sort_by_key(|number| ranks[*number]);
        let uncertain = is_uncertain(layered, resolved, service, &providers);
        let winner = match bound.get(&service) {
            Some(bound) => *bound,
            None => winner(layered, resolved, service, &providers, uncertain),
        };
        Provision {
            providers,
            winner,
            uncertain,
        }
    })
    .collect()
}

/// Whether what could not be read may provide this service, or what provides it may not be as it was read.
fn is_uncertain(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    service: ServiceIx,
    providers: &[usize],
) -> bool {
    let ty = &resolved.services[service];
    let unsure = |number: &usize| {
        resolved.candidates[*number].quiet || resolved.candidates[*number].decl.partial
    };
    ty.poisoned
        || layered.poison.may_provide(&ty.ty)
        || resolved.lost_provides.contains(ty.ty.last_ident())
        || providers.iter().any(unsure)
}

fn winner(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    service: ServiceIx,
    providers: &[usize],
    uncertain: bool,
) -> Winner {
    let ty = &resolved.services[service].ty;
    let mut fixed = providers
        .iter()
        .filter(|number| resolved.candidates[**number].decl.scope != Scope::Instance);
    let may_bind = || layered.poison.may_bind(ty) || resolved.lost_binds.contains(ty.last_ident());
    match (fixed.next(), fixed.next()) {
        _ if uncertain => Winner::Unknown,
        // Of several, another one may have been chosen.
        _ if providers.len() > 1 && may_bind() => Winner::Unknown,
        (Some(only), None) => Winner::One(*only),
        (None, _) if providers.is_empty() => Winner::Nobody,
        _ if may_bind() => Winner::Unknown,
        (None, _) => Winner::Instances,
        (Some(_), Some(_)) => Winner::Several,
    }
}

/// `[bind]`
fn binds(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    aliases: &Aliases,
    problems: &mut Diagnostics,
) -> BTreeMap<ServiceIx, Winner> {
    let mut bound = BTreeMap::new();
    for (service, (ty, provider)) in &resolved.binds {
        let winner = match component(
            layered,
            resolved,
            aliases,
            (provider, ComponentUse::Bind),
            problems,
        ) {
            Some(found)
                if provides(
                    layered,
                    resolved,
                    (*service, &ty.value),
                    (found, provider),
                    problems,
                ) =>
            {
                Winner::One(found)
            }
            _ => Winner::Unknown,
        };
        bound.insert(*service, winner);
    }
    bound
}

/// The component that a name means; one that is not there is reported.
pub(crate) fn component(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    aliases: &Aliases,
    (name, used): (&Located<String>, ComponentUse),
    problems: &mut Diagnostics,
) -> Option<usize> {
    let id = aliases.target(&name.value);
    let found = aliases.meant(&name.value, resolved);
    // What is said about the life of a component that this composition leaves out needs no component.
    let left_out = used == ComponentUse::Lifecycle
        && resolved
            .absent
            .iter()
            .any(|one| one.id == id && one.off.is_some());
    if found.is_none()
        && !left_out
        && !aliases.is_excused(&name.value)
        && let Some(problem) = unknown_component(layered, resolved, id, used, &aliases.targets)
    {
        problems.report(problem, name.origin);
    }
    found
}

/// Whether a component that was named for a service provides it; if not, that is reported.
pub(super) fn provides(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    (service, written): (ServiceIx, &TypeExpr),
    (found, name): (usize, &Located<String>),
    problems: &mut Diagnostics,
) -> bool {
    let candidate = &resolved.candidates[found];
    let named_for = |used: &Located<String>| used.origin == name.origin;
    let decorates = candidate.decorates == Some(service)
        && !resolved
            .binds
            .values()
            .any(|(_, provider)| named_for(provider));
    if candidate.provides(service) || decorates {
        return true;
    }
    let ty = &resolved.services[service];
    let lost = candidate
        .decl
        .provides
        .iter()
        .any(|ty| resolved.lost_provides.contains(ty.value.last_ident()));
    // Two components may have been given one name: then the other one may be meant.
    let (plugin, called) = (layered.parts[candidate.part].id, &candidate.decl.name.value);
    let another = layered.poison.may_declare(plugin, called) && layered.poison.may_provide(&ty.ty);
    let excused = candidate.quiet || candidate.decl.partial || ty.poisoned || lost || another;
    if !excused {
        let problem = DoesNotProvide {
            id: candidate.id.clone(),
            service: written.to_string(),
            provides: candidate
                .provides
                .iter()
                .map(|(service, _)| resolved.services[*service].display.clone())
                .collect(),
            declared: Some(candidate.decl.name.origin),
        };
        problems.report(problem, name.origin);
    }
    false
}

/// Providers with the places where they say so.
pub(super) fn named(
    resolved: &Resolved<'_>,
    service: ServiceIx,
    providers: &[usize],
) -> Vec<Named> {
    let named = |number: &usize| {
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
