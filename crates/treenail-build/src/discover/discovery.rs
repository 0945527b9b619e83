//! What discovery finds: packages, their manifests, and what is known of those that are not there.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;

use super::declared::Declared;
use super::items::{Evidence, Items};
use crate::diagnostic::mistake::{
    BlankManifest, Named, NoLibrary, NothingToCompose, PluginIdTwice, Role, Unreadable,
};
use crate::diagnostic::{Diagnostics, Told};
use crate::index::{IndexMap, IndexSet, IndexVec};
use crate::key_map::KeyMap;
use crate::model::{
    Absent, HostFeature, Manifest, PackageIx, Poison, Subject, Undeclared, Universe,
};
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
    /// What its Cargo.toml declares, of a direct dependency.
    pub(crate) declared: Option<Declared>,
}

/// A direct dependency that is to be a plugin, and does not say which.
#[derive(Debug)]
pub(crate) struct Wordless {
    /// The package.
    pub(crate) package: PackageIx,
    /// Where that is told.
    pub(crate) at: Option<Origin>,
    /// Why nothing is known of the plugin.
    pub(crate) is: Silence,
}

/// Why nothing is known of a plugin.
#[derive(Debug)]
pub(crate) enum Silence {
    /// Its manifest says nothing at all.
    Blank,
    /// Its manifest has neither `[plugin]` nor `[host]`.
    NoPlugin,
    /// Its manifest has `[host]` and no `[plugin]`, and nothing composes from it.
    Host,
    /// Its manifest cannot be read.
    Unreadable {
        /// The path tried, relative to the package.
        path: String,
        /// What the system says.
        error: io::Error,
        /// A manifest that there is, relative to the package.
        instead: Option<String>,
    },
}

/// The ids that a manifest asks for.
fn asked_for(manifest: &Manifest) -> impl Iterator<Item = &str> {
    let plugin = manifest.plugin.iter();
    let required = plugin.flat_map(|plugin| &plugin.requires);
    let rules = manifest.layer.rules.iter().map(|rule| &rule.id);
    let all = required.map(|one| &one.name).chain(rules);
    all.map(|id| id.value.as_str())
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
    /// What was read and left out because of a mistake that has been reported.
    pub(crate) poison: Poison,
    /// Plugins that a feature would bring.
    pub(crate) absent: Vec<Absent>,
    /// The features of the host's package, with what they bring.
    pub(crate) features: Vec<HostFeature>,
    /// Direct dependencies that are plugins, and do not say so.
    pub(crate) undeclared: Vec<Undeclared>,
    /// Where the host's Cargo.toml names its direct dependencies.
    pub(crate) lines: IndexMap<PackageIx, Origin>,
    /// What Cargo says of the composing package; `None` where it was not asked.
    pub(crate) subject: Option<Subject>,
    /// What the sources of packages have, of those that were asked for.
    evidence: Evidence,
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
            poison: Poison::default(),
            absent: Vec::new(),
            features: Vec::new(),
            undeclared: Vec::new(),
            lines: IndexMap::new(),
            subject: None,
            evidence: Evidence::new(),
        }
    }

    /// What the sources of a package have, where they are on this machine. They are read when they are first asked for.
    pub(crate) fn items(&self, package: PackageIx) -> Option<Rc<Items>> {
        let folder = self.universe.packages[package].sources.as_deref();
        self.evidence.of(package, folder)
    }

    /// The files that were read for that.
    pub(crate) fn looked_at(&self) -> Vec<PathBuf> {
        self.evidence.files()
    }

    /// Adds a package's manifest. Of a direct dependency that is to be a plugin: what is to be said because it does not declare
    /// one, unless a mistake in it `is_told`. Only a package that `composes` may be a host instead.
    pub(crate) fn add(&mut self, found: Found, is_told: bool, composes: bool) -> Option<Wordless> {
        let manifest = &found.manifest;
        let is_direct = found.via == found.package;
        let start = Origin::new(manifest.source, 0..0);
        let says_nothing = match &manifest.host {
            _ if !is_direct || is_told || manifest.plugin.is_some() => None,
            _ if manifest.is_blank => Some((start, Silence::Blank)),
            None => Some((start, Silence::NoPlugin)),
            Some(host) => (!composes).then_some((host.origin, Silence::Host)),
        };
        let wordless = says_nothing.map(|(at, is)| Wordless {
            package: found.package,
            at: Some(at),
            is,
        });
        self.keep(found);
        wordless
    }

    fn keep(&mut self, found: Found) {
        if found.via == found.package {
            self.universe.packages[found.package].manifest = Some(self.direct.len());
            self.direct.push(found);
        } else if found.manifest.plugin.is_some() {
            self.indirect.push(found);
        }
    }

    /// Reports the plugins that say nothing about themselves. Which id each could have is told by those who ask for one that is not
    /// there, of which the package has the name.
    pub(crate) fn report_wordless(
        &mut self,
        host: &Manifest,
        all: Vec<Wordless>,
        problems: &mut Diagnostics,
    ) {
        let manifests = self.direct.iter().map(|found| &found.manifest);
        let there: BTreeSet<&str> = manifests
            .clone()
            .filter_map(|manifest| Some(manifest.plugin.as_ref()?.id.value.as_str()))
            .collect();
        let asked = manifests.chain([host]).flat_map(asked_for);
        let open: BTreeSet<String> = asked
            .filter(|id| !there.contains(id))
            .map(str::to_owned)
            .collect();
        for Wordless { package, at, is } in all {
            match &is {
                Silence::Blank | Silence::Unreadable { instead: None, .. } => {
                    let name = &self.universe.packages[package].name;
                    self.poison.absorb_plugin(name);
                }
                Silence::NoPlugin | Silence::Host => {
                    self.poison.any_plugin = true;
                    let mut direct = self.direct.iter();
                    let found = direct.find(|found| found.package == package);
                    if let Some(found) = found {
                        found.manifest.layer.leave_out(&mut self.poison);
                    }
                }
                Silence::Unreadable { .. } => {}
            }
            let package = self.universe.packages[package].name.clone();
            let has_its_name = |id: &&String| package.split(['-', '_']).any(|word| word == *id);
            let id = open.iter().find(has_its_name).unwrap_or(&package);
            let should = Role::Plugin(id.clone());
            let told: Told = match is {
                Silence::Blank => BlankManifest { should }.into(),
                Silence::NoPlugin => NothingToCompose {
                    has_host: false,
                    should,
                }
                .into(),
                Silence::Host => NothingToCompose {
                    has_host: true,
                    should,
                }
                .into(),
                Silence::Unreadable {
                    path,
                    error,
                    instead,
                } => Unreadable {
                    package: package.clone(),
                    path,
                    error,
                    instead,
                    should,
                }
                .into(),
            };
            problems.report(told, at);
        }
    }

    /// Reports the plugin of a package that has no library, where it is one.
    pub(crate) fn without_library(
        &mut self,
        manifest: &Manifest,
        package: &str,
        is_macro: bool,
        problems: &mut Diagnostics,
    ) {
        let Some(plugin) = &manifest.plugin else {
            return;
        };
        let problem = NoLibrary {
            id: plugin.id.value.clone(),
            package: package.to_owned(),
            is_macro,
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
        let packages = &self.universe.packages;
        let name = |package: PackageIx, other: PackageIx| {
            let (one, other) = (&packages[package], &packages[other]);
            match one.name == other.name {
                true => format!("{} {}", one.name, one.version),
                false => one.name.clone(),
            }
        };
        // An edition names both in one file.
        let is_edition = host.is_some_and(|host| host.distribution.is_some());
        let place = |package: PackageIx, at: Origin| {
            let line = self.lines.get(package).filter(|_| is_edition);
            line.copied().unwrap_or(at)
        };
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
                    name: name(package, found.package),
                    at: Some(place(package, first)),
                },
                second: name(found.package, package),
            };
            problems.report(problem, place(found.package, at));
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
