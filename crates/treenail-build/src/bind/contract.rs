//! Two versions of one contract crate: to Rust, their traits are different traits.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics, Named, Problem};
use crate::discover::Discovery;
use crate::layer::Layered;
use crate::model::PackageIx;
use crate::resolve::{Resolved, ServiceIx};
use crate::runtime::{self, RUNTIME};
use crate::source::Origin;
use crate::version::Versions;

/// Reports every contract package of which one version is asked for and another one provided, and poisons its services.
pub(super) fn check(
    discovery: &Discovery,
    layered: &Layered<'_>,
    resolved: &mut Resolved<'_>,
    problems: &mut Diagnostics,
) {
    let packages = &discovery.universe.packages;
    // Sorted by name: no two versions of a package, no two types of one name.
    if packages.windows(2).all(|two| two[0].name != two[1].name) {
        return;
    }
    let uses = Uses::of(resolved);
    let mut torn = uses.torn(discovery, resolved);
    let runtimes = runtimes(discovery, layered);
    let strangers: BTreeSet<usize> = runtimes
        .iter()
        .filter(|(_, _, same)| !same)
        .map(|(part, ..)| *part)
        .collect();
    if !strangers.is_empty() {
        torn.insert(RUNTIME.to_owned());
    }
    for package in torn {
        let mut users = uses.users(discovery, layered, resolved, &package);
        if package == RUNTIME {
            for (part, version, _) in &runtimes {
                let part = &layered.parts[*part];
                let at = part.section.map(|section| section.id.origin);
                users.entry((part.id.to_owned(), *version)).or_insert(at);
            }
        }
        let versions = Versions::of(&discovery.universe, &package);
        let mut users: Vec<(Named, String)> = users
            .into_iter()
            .map(|((name, version), at)| (Named { name, at }, versions.spoken(version)))
            .collect();
        // The host last: its place is not in a manifest.
        users
            .sort_by_key(|(user, version)| (user.at.is_none(), user.name.clone(), version.clone()));
        let at = users.first().and_then(|(user, _)| user.at);
        problems.push(Diagnostic::new(
            Problem::ContractTwice {
                package: package.clone(),
                users,
                ways: versions.ways(discovery),
                cures: versions.cures(layered),
            },
            at,
        ));
        poison(discovery, resolved, &package);
    }
    for candidate in resolved
        .candidates
        .iter_mut()
        .filter(|candidate| strangers.contains(&candidate.part))
    {
        candidate.quiet = true;
    }
}

fn poison(discovery: &Discovery, resolved: &mut Resolved<'_>, package: &str) {
    let packages = &discovery.universe.packages;
    for service in &mut resolved.services {
        service.poisoned |= service
            .package
            .is_some_and(|ix| packages[ix].name == package);
    }
}

/// For every plugin that depends on the runtime: its place in the list, the package, and whether it is the host's.
fn runtimes(discovery: &Discovery, layered: &Layered<'_>) -> Vec<(usize, PackageIx, bool)> {
    let universe = &discovery.universe;
    let Some((_, hosts)) = runtime::of(universe, universe.host) else {
        return Vec::new();
    };
    let parts = layered
        .parts
        .iter()
        .enumerate()
        .filter(|(_, part)| part.is_in() && !part.own);
    parts
        .filter_map(|(number, part)| {
            let (_, own) = runtime::of(universe, part.package)?;
            Some((number, own, own == hosts))
        })
        .collect()
}

/// Who asks for and who provides which service.
struct Uses {
    /// Places where a service is asked for, by the plugin that asks.
    needed: BTreeMap<ServiceIx, Vec<(usize, Origin)>>,
    /// Places where a service is provided, by the plugin that does.
    provided: BTreeMap<ServiceIx, Vec<(usize, Origin)>>,
    /// Components that provide a service.
    providers: BTreeMap<ServiceIx, Vec<usize>>,
    /// Places where the host binds a service.
    bound: BTreeMap<ServiceIx, Origin>,
}

impl Uses {
    fn of(resolved: &Resolved<'_>) -> Self {
        let bound = resolved
            .binds
            .iter()
            .map(|(service, (ty, _))| (*service, ty.origin))
            .collect();
        let mut uses = Self {
            needed: BTreeMap::new(),
            provided: BTreeMap::new(),
            providers: BTreeMap::new(),
            bound,
        };
        let all = resolved.candidates.iter().enumerate();
        for (number, candidate) in all.filter(|(_, candidate)| !candidate.quiet) {
            for (need, service) in candidate.decl.needs.iter().zip(&candidate.needs) {
                if let Some(service) = service {
                    uses.needed
                        .entry(*service)
                        .or_default()
                        .push((candidate.part, need.service.origin));
                }
            }
            if let (Some(service), Some(ty)) = (candidate.decorates, &candidate.decl.decorate) {
                uses.needed
                    .entry(service)
                    .or_default()
                    .push((candidate.part, ty.origin));
            }
            let provides = candidate.provides.iter().map(|(service, _)| *service);
            for service in provides.chain(candidate.own) {
                uses.providers.entry(service).or_default().push(number);
            }
            for (service, at) in &candidate.provides {
                uses.provided
                    .entry(*service)
                    .or_default()
                    .push((candidate.part, *at));
            }
            if let Some(own) = candidate.own {
                uses.provided
                    .entry(own)
                    .or_default()
                    .push((candidate.part, candidate.decl.ty.origin));
            }
        }
        uses
    }

    fn is_needed(&self, service: ServiceIx) -> bool {
        self.needed.contains_key(&service) || self.bound.contains_key(&service)
    }

    /// Names of the packages of which one version is provided to nobody while another one is asked for.
    fn torn(&self, discovery: &Discovery, resolved: &Resolved<'_>) -> BTreeSet<String> {
        let packages = &discovery.universe.packages;
        let hosts = discovery.universe.direct();
        let mut by_stem: BTreeMap<&str, Vec<ServiceIx>> = BTreeMap::new();
        for (number, service) in resolved.services.iter().enumerate() {
            by_stem.entry(&service.stem).or_default().push(number);
        }
        let mut torn = BTreeSet::new();
        for (number, service) in resolved.services.iter().enumerate() {
            let Some(package) = service.package else {
                continue;
            };
            if !service.ty.is_dyn || self.is_needed(number) || !self.provided.contains_key(&number)
            {
                continue;
            }
            let others = &by_stem[service.stem.as_str()];
            if self.provided_beside(resolved, number, others) {
                continue;
            }
            let asked_for_otherwise = others
                .iter()
                .any(|other| *other != number && self.is_needed(*other));
            let own = hosts.get(packages[package].name.as_str());
            if asked_for_otherwise || own.is_some_and(|own| !own.contains(&package)) {
                torn.insert(packages[package].name.clone());
            }
        }
        // Asked for in one version and provided in another, whoever else asks.
        for others in by_stem.values().filter(|others| others.len() > 1) {
            let provided = |service: &ServiceIx| self.provided.contains_key(service);
            let wanting = others
                .iter()
                .find(|service| self.is_needed(**service) && !provided(service));
            if let Some(package) = wanting.and_then(|service| resolved.services[*service].package)
                && others.iter().any(provided)
            {
                torn.insert(packages[package].name.clone());
            }
        }
        torn
    }

    /// Whether every provider of a service provides another version of it too: then it knows what it does.
    fn provided_beside(
        &self,
        resolved: &Resolved<'_>,
        service: ServiceIx,
        versions: &[ServiceIx],
    ) -> bool {
        let providers = self.providers.get(&service).into_iter().flatten();
        let mut providers = providers.map(|number| &resolved.candidates[*number]);
        providers.all(|candidate| {
            let mut others = versions.iter().filter(|other| **other != service);
            !candidate.provides(service) || others.any(|other| candidate.provides(*other))
        })
    }

    /// The plugins that use a package, with the version they mean and the first place where they do; and the host.
    fn users(
        &self,
        discovery: &Discovery,
        layered: &Layered<'_>,
        resolved: &Resolved<'_>,
        package: &str,
    ) -> BTreeMap<(String, PackageIx), Option<Origin>> {
        let universe = &discovery.universe;
        let host = &universe.packages[universe.host];
        let mut users: BTreeMap<(String, PackageIx), Option<Origin>> = BTreeMap::new();
        for (service, places) in self.needed.iter().chain(&self.provided) {
            let Some(ix) = resolved.services[*service].package else {
                continue;
            };
            let found = &universe.packages[ix];
            if found.name != package {
                continue;
            }
            for (part, at) in places {
                let part = &layered.parts[*part];
                let name = if part.own {
                    host.name.clone()
                } else {
                    part.id.to_owned()
                };
                let place = users.entry((name, ix)).or_insert(Some(*at));
                *place = (*place).min(Some(*at));
            }
        }
        for dependency in host
            .externs
            .values()
            .filter(|dependency| universe.packages[**dependency].name == package)
        {
            users
                .entry((host.name.clone(), *dependency))
                .or_insert(None);
        }
        users
    }
}
