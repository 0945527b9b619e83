//! How several versions of one package come into a graph, and what would make them one.

use std::collections::VecDeque;

use crate::diagnostic::mistake::{Cure, Way};
use crate::index::{IndexMap, IndexSet};
use crate::layer::Layered;
use crate::model::{Home, PackageIx, Universe, dependency, source};
use crate::sort::sort_by;
use crate::source::Origin;

/// The packages of one name, and who depends on them.
pub(crate) struct Versions<'a> {
    universe: &'a Universe,
    /// Each with the packages that depend on it.
    dependents: IndexMap<PackageIx, Vec<PackageIx>>,
}

impl<'a> Versions<'a> {
    /// The packages of this name.
    pub(crate) fn of(universe: &'a Universe, name: &str) -> Self {
        let all = universe.packages.indexed();
        let named = all.clone().filter(|(_, package)| package.name == name);
        let mut dependents: IndexMap<PackageIx, Vec<PackageIx>> =
            named.map(|(number, _)| (number, Vec::new())).collect();
        for (number, package) in all {
            let targets: IndexSet<PackageIx> = package.externs.values().copied().collect();
            for target in targets.iter() {
                if let Some(dependents) = dependents.entry(target) {
                    dependents.push(number);
                }
            }
        }
        Self {
            universe,
            dependents,
        }
    }

    /// The version of a package for people; where it comes from as well, where another one has the same.
    pub(crate) fn describe(&self, number: PackageIx) -> String {
        let package = &self.universe.packages[number];
        let versions = self.dependents.keys();
        let versions = versions.map(|one| &self.universe.packages[one]);
        let same =
            versions.filter(|one| one.name == package.name && one.version == package.version);
        if same.count() < 2 {
            return package.version.to_string();
        }
        let from = match &package.home {
            Home::Folder(_) => "a folder",
            Home::Source(_) if package.home.is_registry() => "a registry",
            Home::Source(_) => "a Git repository",
            Home::Unknown => "elsewhere",
        };
        format!("{} from {from}", package.version)
    }

    /// The shortest way from the host to each package that depends on one of the versions. `lines` are the places where the host
    /// names its dependencies.
    pub(crate) fn ways(&self, lines: &IndexMap<PackageIx, Origin>) -> Vec<Way> {
        let came_from = self.came_from();
        let mut ways = Vec::new();
        for (version, dependents) in self.dependents.iter() {
            for dependent in dependents {
                let Some(mut steps) = self.way(&came_from, *dependent) else {
                    continue;
                };
                steps.push(version);
                let asked = self.universe.packages[*dependent].ask(version);
                ways.push(Way {
                    at: lines.get(steps[1]).copied(),
                    version: self.describe(version),
                    steps: steps.into_iter().map(|step| self.named(step)).collect(),
                    asked: asked.map(|ask| ask.versions.to_string()),
                });
            }
        }
        ways
    }

    fn named(&self, number: PackageIx) -> String {
        let name = &self.universe.packages[number].name;
        if number == self.universe.host {
            name.clone()
        } else {
            format!("{name} {}", self.describe(number))
        }
    }

    /// For every package that the host reaches: the one before it on the shortest way.
    fn came_from(&self) -> IndexMap<PackageIx, PackageIx> {
        let host = self.universe.host;
        let mut came_from = IndexMap::new();
        let mut open = VecDeque::from([host]);
        while let Some(here) = open.pop_front() {
            for next in self.universe.packages[here].externs.values() {
                if *next != host && !came_from.contains_key(*next) {
                    came_from.insert(*next, here);
                    open.push_back(*next);
                }
            }
        }
        came_from
    }

    /// From the host to a package, both included.
    fn way(
        &self,
        came_from: &IndexMap<PackageIx, PackageIx>,
        to: PackageIx,
    ) -> Option<Vec<PackageIx>> {
        let mut way = vec![to];
        let mut here = to;
        while here != self.universe.host {
            here = *came_from.get(here)?;
            way.push(here);
        }
        way.reverse();
        Some(way)
    }

    /// What would leave one version: the one that most depend on, or else the host's own, or else the newest.
    pub(crate) fn cures(&self, layered: &Layered<'_>) -> Vec<Cure> {
        let mut targets: Vec<PackageIx> = self.dependents.keys().collect();
        let weight = |target: &PackageIx| {
            let dependents = &self.dependents[*target];
            let has_host = dependents.contains(&self.universe.host);
            (dependents.len(), has_host, *target)
        };
        sort_by(&mut targets, |a, b| weight(b).cmp(&weight(a)));
        let updates = targets.iter().find_map(|target| self.updates(*target));
        updates.unwrap_or_else(|| {
            let target = targets.first();
            target.map_or_else(Vec::new, |target| self.edits(layered, *target))
        })
    }

    /// The updates that leave this version alone, where Cargo allows them: whoever depends on another one allows it too.
    fn updates(&self, target: PackageIx) -> Option<Vec<Cure>> {
        let kept = &self.universe.packages[target];
        let mut updates = Vec::new();
        for (other, dependents) in self.dependents.iter().filter(|(one, _)| *one != target) {
            let package = &self.universe.packages[other];
            let is_allowed = dependents.iter().all(|dependent| {
                let ask = self.universe.packages[*dependent].ask(other);
                ask.is_some_and(|ask| ask.versions.matches(&kept.version))
            });
            if !is_allowed || package.home != kept.home || !package.home.is_registry() {
                return None;
            }
            updates.push(Cure::Update {
                package: package.name.clone(),
                from: package.version.to_string(),
                to: kept.version.to_string(),
            });
        }
        Some(updates)
    }

    /// What has to be changed by hand to leave this version alone.
    fn edits(&self, layered: &Layered<'_>, target: PackageIx) -> Vec<Cure> {
        let mut cures = Vec::new();
        for (other, dependents) in self.dependents.iter().filter(|(one, _)| *one != target) {
            for dependent in dependents {
                let cure = self.edit(layered, *dependent, other, target);
                if !cures.contains(&cure) {
                    cures.push(cure);
                }
            }
        }
        cures
    }

    fn edit(
        &self,
        layered: &Layered<'_>,
        dependent: PackageIx,
        other: PackageIx,
        target: PackageIx,
    ) -> Cure {
        let package = &self.universe.packages[dependent];
        let kept = &self.universe.packages[target];
        let mut parts = layered.parts.iter();
        let plugin = parts.find(|part| part.package == dependent && !part.own && part.is_in());
        let is_host = dependent == self.universe.host;
        let is_at_hand = is_host || matches!(package.home, Home::Folder(_));
        let key = package.ask(other).map_or(&kept.name, |ask| &ask.key);
        let source = source(&package.home, &kept.home);
        let version = kept.version.to_string();
        Cure::Change {
            package: package.name.clone(),
            plugin: plugin.map(|part| part.id.to_owned()),
            contract: format!("{} {}", kept.name, self.describe(target)),
            line: is_at_hand.then(|| dependency(key, &kept.name, &version, source.as_deref())),
        }
    }
}
