//! What nearly provides a service that nothing provides.

use treenail_core::nearest::nearest;

use crate::diagnostic::mistake::{IndirectPlugin, NearMiss};
use crate::layer::{Layered, State, indirect};
use crate::model::{Kind, PackageIx};
use crate::resolve::{Candidate, Off, Resolved, ServiceTypeIx};
use crate::source::Origin;

/// The plugin that would provide it, but is not a direct dependency of the host.
pub(super) fn indirect_provider(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    service: ServiceTypeIx,
) -> Option<IndirectPlugin> {
    let mut absent = resolved
        .absent
        .iter()
        .filter(|candidate| candidate.provides(service));
    let found = absent
        .find(|candidate| matches!(layered.parts[candidate.part].state, State::Indirect(_)))?;
    Some(indirect(
        resolved.names.universe,
        &layered.parts[found.part],
        Some(resolved.services[service].display.clone()),
    ))
}

/// Everything that comes close, the closest first.
pub(super) fn misses(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    service: ServiceTypeIx,
) -> Vec<NearMiss> {
    let mut misses: Vec<NearMiss> = decorator(resolved, service).into_iter().collect();
    misses.extend(absent(layered, resolved, service));
    misses.extend(behind_a_feature(layered, resolved, service));
    misses.extend(absent_in_another_version(resolved, service));
    misses.extend(similar(resolved, service));
    if misses.is_empty() {
        misses.extend(silent(resolved, service));
    }
    misses
}

/// The decorator whose own type is asked for.
fn decorator(resolved: &Resolved<'_>, service: ServiceTypeIx) -> Option<NearMiss> {
    let mut candidates = resolved.candidates.iter();
    let candidate = candidates.find(|one| one.own == Some(service))?;
    Some(NearMiss::Decorator {
        id: candidate.id.clone(),
        service: resolved.services[candidate.decorates?].display.clone(),
        at: Some(candidate.decl.name.origin),
    })
}

/// Providers of plugins that are switched off or left out.
fn absent(layered: &Layered<'_>, resolved: &Resolved<'_>, service: ServiceTypeIx) -> Vec<NearMiss> {
    let providers = resolved
        .absent
        .iter()
        .filter(|candidate| candidate.provides(service));
    let packages = &resolved.names.universe.packages;
    let miss = |candidate: &Candidate<'_>| {
        let part = &layered.parts[candidate.part];
        let (plugin, provider) = (part.id.to_owned(), candidate.id.clone());
        let feature = |package: PackageIx, features: &[String], at| {
            (!features.is_empty()).then(|| NearMiss::Feature {
                provider: candidate.id.clone(),
                package: packages[package].name.clone(),
                features: features.to_vec(),
                own: package == resolved.names.universe.host,
                at: Some(at),
            })
        };
        match (&candidate.off, &part.state) {
            (Some(Off::When(lacks)), _) => feature(part.package, lacks, candidate.decl.name.origin),
            (Some(Off::Override(at)), _) => Some(NearMiss::Overridden {
                provider,
                at: Some(*at),
            }),
            (Some(Off::Renamed(_)), _) => Some(NearMiss::Overridden { provider, at: None }),
            // Whoever asks for what they provide keeps them, so they are no answer to anybody.
            (Some(Off::Lost(_) | Off::Unneeded(_)), _) => None,
            (None, State::Off(at)) if !part.lacks.is_empty() => {
                feature(resolved.names.universe.host, &part.lacks, *at)
            }
            (None, State::Off(at)) => Some(NearMiss::Disabled {
                plugin,
                provider,
                at: Some(*at),
            }),
            (None, State::LeftOut) => Some(NearMiss::LeftOut { plugin, provider }),
            _ => None,
        }
    };
    providers.filter_map(miss).collect()
}

/// Providers of plugins that are not in this build, because a feature is off.
fn behind_a_feature<'a>(
    layered: &'a Layered<'_>,
    resolved: &'a Resolved<'_>,
    service: ServiceTypeIx,
) -> impl Iterator<Item = NearMiss> + 'a {
    let wanted = &resolved.services[service].stem;
    let all = layered.absent.iter().filter(|one| one.platform.is_none());
    all.flat_map(move |absent| {
        let provided = absent.provides.iter();
        let same = provided.filter(move |(stem, _)| stem == wanted);
        same.map(|(_, provider)| NearMiss::Feature {
            provider: provider.clone(),
            package: absent.host.clone(),
            features: vec![absent.feature.clone()],
            own: true,
            at: None,
        })
    })
}

/// A provider that does not take part, and whose contract is of another version: to switch it on would not be enough.
fn absent_in_another_version(resolved: &Resolved<'_>, service: ServiceTypeIx) -> Option<NearMiss> {
    let packages = &resolved.names.universe.packages;
    let wanted = &resolved.services[service];
    let is_other =
        |one: ServiceTypeIx| one != service && resolved.services[one].stem == wanted.stem;
    let mut provided = provided(&resolved.absent);
    let (candidate, one, at) = provided.find(|(_, one, _)| is_other(*one))?;
    let theirs = &packages[resolved.services[one].package?];
    let ours = &packages[wanted.package?];
    Some(NearMiss::OtherVersion {
        provider: candidate.id.clone(),
        package: ours.name.clone(),
        theirs: theirs.version.to_string(),
        ours: ours.version.to_string(),
        at: Some(at),
    })
}

/// What components state that they provide, with the places where they do. A registry is no service, whoever has an entry of it.
fn provided<'r, 'a>(
    candidates: &'r [Candidate<'a>],
) -> impl Iterator<Item = (&'r Candidate<'a>, ServiceTypeIx, Origin)> {
    let all = candidates.iter();
    let all = all.filter(|one| one.decl.kind != Kind::Entry);
    all.flat_map(|candidate| {
        let provides = candidate.provides.iter();
        provides.map(move |(service, at)| (candidate, *service, *at))
    })
}

/// Components that say they provide nothing, where a trait is asked for: that may be what they leave out.
fn silent(resolved: &Resolved<'_>, service: ServiceTypeIx) -> Vec<NearMiss> {
    let wanted = &resolved.services[service];
    let candidates = resolved.candidates.iter().filter(|_| wanted.ty.is_dyn);
    let silent = candidates.filter_map(|candidate| {
        Some(NearMiss::Nothing {
            service: wanted.display.clone(),
            provider: candidate.id.clone(),
            at: Some(candidate.decl.provides_nothing?),
        })
    });
    silent.collect()
}

/// A service of a similar name, or of that name with `dyn` or without.
fn similar(resolved: &Resolved<'_>, service: ServiceTypeIx) -> Option<NearMiss> {
    let services = &resolved.services;
    let without_dyn = |service: ServiceTypeIx| {
        let key = services[service].key.as_str();
        key.strip_prefix("dyn ").unwrap_or(key)
    };
    let name = |service: ServiceTypeIx| services[service].ty.last_ident();
    // A trait is no slip for the type of a component; the other way round, `dyn` may be forgotten.
    let own = resolved.candidates.iter().filter_map(|candidate| {
        let own = candidate.own.filter(|own| candidate.provides(*own))?;
        Some((candidate, own, candidate.decl.ty.origin))
    });
    let own: Vec<_> = own.filter(|_| !services[service].ty.is_dyn).collect();
    let all = || provided(&resolved.candidates).chain(own.iter().copied());
    let names = all().map(|(_, one, _)| name(one));
    let nearest = nearest(name(service), names);
    let is_similar = |one: ServiceTypeIx| {
        without_dyn(one) == without_dyn(service)
            || name(one) == name(service)
            || nearest.as_deref() == Some(name(one))
    };
    let (candidate, one, at) = all().find(|(_, one, _)| is_similar(*one))?;
    let asked =
        |other: &Candidate<'_>| other.needs.contains(&Some(one)) || other.decorates == Some(one);
    Some(NearMiss::Similar {
        service: services[one].display.clone(),
        provider: candidate.id.clone(),
        is_asked_for: !services[one].ty.is_dyn
            || resolved.binds.contains_key(one)
            || resolved.candidates.iter().any(asked),
        at: Some(at),
    })
}
