//! What discovery finds: packages, their manifests, and what is known of those that are not there.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{Named, NoLibrary, PluginIdTwice};
use crate::index::{IndexMap, IndexSet, IndexVec};
use crate::key_map::KeyMap;
use crate::model::{Absent, Manifest, PackageIx, Poison, Subject, Undeclared, Universe};
use crate::source::Origin;

/// A package with a manifest.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// The package.
    pub(crate) package: PackageIx,
    /// Its manifest.
    pub(crate) manifest: Manifest,
    /// The manifest's name for people.
    pub(crate) name: String,
    /// Digest of the manifest's bytes.
    pub(crate) digest: String,
    /// The direct dependency of the host that brings it in; for a direct one, itself.
    pub(crate) via: PackageIx,
}

/// What was found.
#[derive(Debug, Clone)]
pub(crate) struct Discovery {
    /// The packages.
    pub(crate) universe: Universe,
    /// Manifests of the host's direct dependencies, in the order of the packages; [`Package::manifest`](crate::model::Package::manifest) counts in this list.
    pub(crate) direct: Vec<Found>,
    /// Manifests of dependencies of dependencies. Mistakes in them are not reported: they are only good for saying that a plugin is there.
    pub(crate) indirect: Vec<Found>,
    /// What is known of the target: `unix`, `target_os="linux"`. Empty where no manifest asks.
    pub(crate) target: BTreeSet<String>,
    /// Files whose change changes the answer, with absolute paths, some of them twice.
    pub(crate) files: Vec<PathBuf>,
    /// Something is missing because a mistake in it has been reported: what is absent is not worth a report.
    pub(crate) incomplete: bool,
    /// What was read and left out because of a mistake that has been reported.
    pub(crate) poison: Poison,
    /// Plugins that a feature would bring.
    pub(crate) absent: Vec<Absent>,
    /// Direct dependencies that are plugins, and do not say so.
    pub(crate) undeclared: Vec<Undeclared>,
    /// Where the host's Cargo.toml names its direct dependencies.
    pub(crate) lines: IndexMap<PackageIx, Origin>,
    /// What Cargo says of the composing package; `None` where it was not asked.
    pub(crate) subject: Option<Subject>,
}

impl Discovery {
    /// Packages among which no plugin has been found yet.
    pub(crate) fn of(universe: Universe) -> Self {
        Self {
            universe,
            direct: Vec::new(),
            indirect: Vec::new(),
            target: BTreeSet::new(),
            files: Vec::new(),
            incomplete: false,
            poison: Poison::default(),
            absent: Vec::new(),
            undeclared: Vec::new(),
            lines: IndexMap::new(),
            subject: None,
        }
    }

    /// Adds a package's manifest.
    pub(crate) fn add(&mut self, found: Found) {
        if found.via == found.package {
            self.universe.packages[found.package].manifest = Some(self.direct.len());
            self.direct.push(found);
        } else if found.manifest.plugin.is_some() {
            self.indirect.push(found);
        }
    }

    /// Reports the plugin of a package that has no library, where it is one.
    pub(crate) fn without_library(
        &mut self,
        manifest: &Manifest,
        package: &str,
        problems: &mut Diagnostics,
    ) {
        let Some(plugin) = &manifest.plugin else {
            return;
        };
        let problem = NoLibrary {
            id: plugin.id.value.clone(),
            package: package.to_owned(),
        };
        problems.report(problem, plugin.id.origin);
        self.poison.absorb(&plugin.id.value);
        manifest.layer.leave_out(&mut self.poison);
    }

    /// Leaves out plugins whose id is another's; the host's own manifest, where it takes part, comes first.
    pub(crate) fn refuse_doubles(&mut self, host: Option<&Manifest>, problems: &mut Diagnostics) {
        let mut known: KeyMap<&str, (PackageIx, Origin)> = KeyMap::new();
        if let Some(own) = host.and_then(|host| host.plugin.as_ref()) {
            known.insert(&own.id.value, (self.universe.host, own.id.origin));
        }
        let name = |package: PackageIx| self.universe.packages[package].name.clone();
        let mut doubles = Vec::new();
        for (number, found) in self.direct.iter().enumerate() {
            let Some(plugin) = &found.manifest.plugin else {
                continue;
            };
            let (id, at) = (plugin.id.value.as_str(), plugin.id.origin);
            let (package, first) = *known.entry(id).get_or_insert((found.package, at));
            if first == at {
                continue;
            }
            let problem = PluginIdTwice {
                id: id.to_owned(),
                first: Named {
                    name: name(package),
                    at: Some(first),
                },
                second: name(found.package),
            };
            problems.report(problem, at);
            doubles.push(number);
        }
        for number in doubles {
            let found = &mut self.direct[number];
            found.manifest.layer.leave_out(&mut self.poison);
            found.manifest = Manifest::unreadable(found.manifest.source, "");
        }
    }

    /// What the names of a package's files start with, for people.
    pub(crate) fn called(&self, number: PackageIx) -> String {
        let universe = &self.universe;
        let package = &universe.packages[number];
        // Packages are sorted by name.
        let first = universe
            .packages
            .partition_point(|other| other.name < package.name);
        let second = universe.packages.get(first + 1);
        if number == universe.host {
            String::new()
        } else if second.is_some_and(|second| second.name == package.name) {
            format!("{}@{}/", package.name, package.version)
        } else {
            format!("{}/", package.name)
        }
    }

    /// For every package the direct dependency of the host that brings it in, the shortest way; ties by number.
    pub(crate) fn routes(&self) -> IndexVec<PackageIx, Option<PackageIx>> {
        let universe = &self.universe;
        let mut routes = IndexVec::filled(None, &universe.packages);
        let direct = universe.packages[universe.host].externs.values();
        let mut front: IndexSet<PackageIx> = direct.copied().collect();
        for number in front.iter() {
            routes[number] = Some(number);
        }
        while !front.is_empty() {
            let mut next = IndexSet::new();
            for number in front.iter() {
                for target in universe.packages[number].externs.values() {
                    if *target != universe.host && routes[*target].is_none() {
                        routes[*target] = routes[number];
                        next.insert(*target);
                    }
                }
            }
            front = next;
        }
        routes
    }
}
