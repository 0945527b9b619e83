//! Two versions of one contract crate: to Rust, their traits are different traits.

use std::collections::BTreeSet;

use crate::diagnostic::mistake::{ContractTwice, Named};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::discover::Discovery;
use crate::index::{IndexMap, IndexSet, IndexVec};
use crate::key_map::KeyMap;
use crate::layer::{Layered, PartIx};
use crate::model::{PackageIx, Universe};
use crate::resolve::{CandidateIx, Resolved, ServiceTypeIx};
use crate::runtime::{self, RUNTIME};
use crate::source::Origin;
use crate::version::Versions;

/// By version of a package: who uses it, with the first place where they do.
type Users = IndexMap<PackageIx, KeyMap<String, Option<Origin>>>;

/// Reports every contract package of which one version is asked for and another one provided, and poisons its services.
pub(super) fn check(
    discovery: &Discovery,
    layered: &Layered<'_>,
    resolved: &mut Resolved<'_>,
    problems: &mut Diagnostics,
) {
    let universe = &discovery.universe;
    // Sorted by name: no two versions of a package, no two types of one name.
    let mut pairs = universe.packages.windows(2);
    if pairs.all(|two| two[0].name != two[1].name) {
        return;
    }
    let uses = Uses::of(resolved);
    let mut split = uses.split(universe, resolved);
    let runtimes = runtimes(universe, layered);
    let hosts = runtime::of(universe, universe.host).map(|(_, runtime)| runtime);
    let has_other_runtime = |part: PartIx| {
        let runtime = runtimes.get(part).copied();
        hosts.is_some() && runtime.is_some() && runtime != hosts
    };
    if runtimes.keys().any(has_other_runtime) {
        split.insert(RUNTIME.to_owned());
    }
    for package in split {
        let mut users = uses.users(universe, layered, resolved, &package);
        if package == RUNTIME {
            for (part, version) in runtimes.iter() {
                let part = &layered.parts[part];
                let at = part.section.map(|section| section.id.origin);
                let users = users.entry(*version).get_or_insert_default();
                users.entry(part.id.to_owned()).get_or_insert(at);
            }
        }
        let of_registries = uses.are_registries(universe, resolved, &package);
        problems.push(twice(discovery, layered, &package, &users, of_registries));
        for service in &mut resolved.services {
            let of = service.package.map(|of| &universe.packages[of].name);
            service.poisoned |= of == Some(&package);
        }
    }
    for candidate in &mut resolved.candidates {
        candidate.quiet |= has_other_runtime(candidate.part);
    }
}

/// What to say of a package of which several versions are in use.
fn twice(
    discovery: &Discovery,
    layered: &Layered<'_>,
    package: &str,
    users: &Users,
    of_registries: bool,
) -> Diagnostic {
    let versions = Versions::of(&discovery.universe, package);
    let count = |version: PackageIx| users.get(version).map_or(0, |users| users.keys().count());
    let mut users: Vec<_> = (users.iter())
        .flat_map(|(version, users)| users.iter().map(move |(name, at)| (version, name, *at)))
        .collect();
    // The odd one out comes first; of two it is the plugin, which has a place in a manifest, and not the host.
    users.sort_by_key(|(version, name, at)| (count(*version), at.is_none(), *version, *name));
    let users = users.into_iter().map(|(version, name, at)| {
        let (name, at) = (
            name.clone(),
            at.or_else(|| discovery.lines.get(version).copied()),
        );
        (Named { name, at }, versions.describe(version))
    });
    let users: Vec<(Named, String)> = users.collect();
    let at = users.first().and_then(|(user, _)| user.at);
    let problem = ContractTwice {
        package: package.to_owned(),
        of_registries,
        ways: versions.ways(&discovery.lines),
        users,
        cures: versions.cures(layered),
    };
    Diagnostic::new(problem, at)
}

/// The runtime of every plugin that depends on one, by the plugin's place in the list.
fn runtimes(universe: &Universe, layered: &Layered<'_>) -> IndexMap<PartIx, PackageIx> {
    let parts = layered.parts.indexed();
    let parts = parts.filter(|(_, part)| part.is_in() && !part.own);
    parts
        .filter_map(|(number, part)| {
            let (_, runtime) = runtime::of(universe, part.package)?;
            Some((number, runtime))
        })
        .collect()
}

/// A place where a plugin asks for a service or provides it; of a registry, where it asks for the entries or has some.
#[derive(Clone)]
struct Use {
    /// The plugin.
    part: PartIx,
    /// The component; `None` for an entry that is a constant.
    component: Option<CandidateIx>,
    at: Origin,
}

/// Who asks for and who provides which service.
struct Uses {
    needed: IndexVec<ServiceTypeIx, Vec<Use>>,
    provided: IndexVec<ServiceTypeIx, Vec<Use>>,
    /// Services that the host binds.
    bound: IndexSet<ServiceTypeIx>,
    /// Which of them are registries.
    registries: IndexSet<ServiceTypeIx>,
}

impl Uses {
    fn of(resolved: &Resolved<'_>) -> Self {
        let mut uses = Self {
            needed: IndexVec::filled(Vec::new(), &resolved.services),
            provided: IndexVec::filled(Vec::new(), &resolved.services),
            bound: resolved.binds.keys().collect(),
            registries: resolved
                .entries
                .iter()
                .map(|entry| entry.registry)
                .collect(),
        };
        let all = resolved.candidates.indexed();
        for (component, candidate) in all.filter(|(_, candidate)| !candidate.quiet) {
            let (decl, part) = (candidate.decl, candidate.part);
            let component = Some(component);
            let needs = decl.needs.iter().zip(&candidate.needs);
            let needs = needs.map(|(need, service)| (*service, need.service.origin));
            let inner = decl.decorate.iter();
            let inner = inner.map(|ty| (candidate.decorates, ty.origin));
            for (service, at) in needs.chain(inner) {
                if let Some(service) = service {
                    uses.needed[service].push(Use {
                        part,
                        component,
                        at,
                    });
                }
            }
            let own = candidate.own.map(|own| (own, decl.ty.origin));
            for (service, at) in candidate.provides.iter().copied().chain(own) {
                uses.provided[service].push(Use {
                    part,
                    component,
                    at,
                });
            }
        }
        for entry in &resolved.entries {
            if entry.off.is_none() && !entry.quiet {
                uses.provided[entry.registry].push(Use {
                    part: entry.part,
                    component: None,
                    at: entry.decl.registry.origin,
                });
            }
        }
        uses
    }

    fn is_needed(&self, service: ServiceTypeIx) -> bool {
        !self.needed[service].is_empty() || self.bound.contains(service)
    }

    fn is_provided(&self, service: ServiceTypeIx) -> bool {
        !self.provided[service].is_empty()
    }

    /// Names of the packages of which one version is asked for and another one provided.
    fn split(&self, universe: &Universe, resolved: &Resolved<'_>) -> BTreeSet<String> {
        let hosts = universe.direct();
        let mut by_stem: KeyMap<&str, Vec<ServiceTypeIx>> = KeyMap::new();
        for (number, service) in resolved.services.indexed() {
            let of_stem = by_stem.entry(&service.stem).get_or_insert_default();
            of_stem.push(number);
        }
        let mut split = BTreeSet::new();
        for versions in by_stem.values() {
            let any_provided = versions.iter().any(|one| self.is_provided(*one));
            for number in versions.iter().copied() {
                let service = &resolved.services[number];
                let Some(package) = service.package else {
                    continue;
                };
                let name = &universe.packages[package].name;
                let is_unmet = self.is_needed(number) && !self.is_provided(number) && any_provided;
                let is_unasked = || {
                    let mut others = versions.iter().filter(|other| **other != number);
                    let hosts = hosts.get(name.as_str());
                    (service.ty.is_dyn || self.registries.contains(number))
                        && self.is_provided(number)
                        && !self.is_needed(number)
                        && !self.is_provided_beside(resolved, number, versions)
                        && (others.any(|other| self.is_needed(*other))
                            || hosts.is_some_and(|hosts| !hosts.contains(&package)))
                };
                if is_unmet || is_unasked() || self.is_split_registry(number, versions) {
                    split.insert(name.clone());
                }
            }
        }
        split
    }

    /// Whether a plugin has entries of one version of a registry, and somebody else of another one. Who has some of both knows
    /// what it does.
    fn is_split_registry(&self, registry: ServiceTypeIx, versions: &[ServiceTypeIx]) -> bool {
        let users = |one: ServiceTypeIx| {
            let places = self.provided[one].iter().chain(&self.needed[one]);
            places.map(|place| place.part).collect::<BTreeSet<PartIx>>()
        };
        let of_it = users(registry);
        let mut others = versions.iter().filter(|other| **other != registry);
        self.registries.contains(registry)
            && others.any(|other| {
                let others = users(*other);
                !others.is_empty() && !of_it.is_empty() && of_it.is_disjoint(&others)
            })
    }

    /// Whether all that is used of a package are registries.
    fn are_registries(&self, universe: &Universe, resolved: &Resolved<'_>, package: &str) -> bool {
        let stem = |one: ServiceTypeIx| resolved.services[one].stem.as_str();
        let registries: BTreeSet<&str> = self.registries.iter().map(stem).collect();
        let used = self.needed.indexed().chain(self.provided.indexed());
        let used = used.filter(|(service, places)| {
            let of = resolved.services[*service].package;
            !places.is_empty() && of.is_some_and(|of| universe.packages[of].name == package)
        });
        let mut used = used.map(|(service, _)| stem(service)).peekable();
        used.peek().is_some() && used.all(|stem| registries.contains(stem))
    }

    /// Whether every provider of a service provides another version of it too: then it knows what it does.
    fn is_provided_beside(
        &self,
        resolved: &Resolved<'_>,
        service: ServiceTypeIx,
        versions: &[ServiceTypeIx],
    ) -> bool {
        let mut providers = self.provided[service].iter();
        providers.all(|provider| {
            let Some(component) = provider.component else {
                return false;
            };
            let candidate = &resolved.candidates[component];
            let mut others = versions.iter().filter(|other| **other != service);
            !candidate.provides(service) || others.any(|other| candidate.provides(*other))
        })
    }

    /// The plugins that use a package, and the host.
    fn users(
        &self,
        universe: &Universe,
        layered: &Layered<'_>,
        resolved: &Resolved<'_>,
        package: &str,
    ) -> Users {
        let host = &universe.packages[universe.host];
        let is_meant = |one: &PackageIx| universe.packages[*one].name == package;
        let mut users = Users::new();
        for (service, places) in self.needed.indexed().chain(self.provided.indexed()) {
            let Some(version) = resolved.services[service].package.filter(is_meant) else {
                continue;
            };
            for Use { part, at, .. } in places {
                let part = &layered.parts[*part];
                let name = if part.own {
                    host.name.as_str()
                } else {
                    part.id
                };
                let users = users.entry(version).get_or_insert_default();
                let first = users.entry(name.to_owned()).get_or_insert(Some(*at));
                *first = (*first).min(Some(*at));
            }
        }
        for version in host.externs.values().copied().filter(is_meant) {
            let users = users.entry(version).get_or_insert_default();
            users.entry(host.name.clone()).get_or_insert(None);
        }
        users
    }
}
