//! Cargo's answer as the packages that the host reaches.

use std::collections::{BTreeMap, BTreeSet};

use semver::VersionReq;

use super::absent::switch;
use super::cargo_toml::HostDependency;
use super::features::Selection;
use super::metadata::{Dependency, MetaIx, MetaPackage};
use crate::index::{IndexMap, IndexVec};
use crate::key_map::KeyMap;
use crate::model::{Ask, DependencyOff, Package, PackageIx, Universe};
use crate::sort::sort_by;

/// The packages that the host reaches, sorted; and what Cargo says of each.
pub(super) fn universe<'m>(
    selection: &Selection<'m>,
) -> (Universe, IndexVec<PackageIx, &'m MetaPackage>) {
    let metadata = selection.metadata;
    let reached = |number: &MetaIx| selection.features[*number].is_some();
    let mut reached: Vec<MetaIx> = metadata.packages().indices().filter(reached).collect();
    let key = |number: &MetaIx| {
        let package = metadata.package(*number);
        (&package.name, &package.version, &package.id)
    };
    sort_by(&mut reached, |a, b| key(a).cmp(&key(b)));
    let reached: IndexVec<PackageIx, MetaIx> = reached.into();
    let places = reached.indexed();
    let places: IndexMap<MetaIx, PackageIx> =
        places.map(|(place, number)| (*number, place)).collect();
    let package = |number: &MetaIx| {
        let package = metadata.package(*number);
        let edges = selection.edges[*number].iter();
        let externs = edges.filter_map(|(name, to)| Some(((*name).to_owned(), *places.get(*to)?)));
        let features = selection.features[*number].iter().flatten();
        Package {
            name: package.name.clone(),
            version: package.version.clone(),
            externs: externs.collect(),
            off: off(selection, *number),
            lib: package.library(),
            features: features.map(|feature| (*feature).to_owned()).collect(),
            declared: package.features.keys().cloned().collect(),
            home: package.home(),
            in_workspace: package.lies_in(&metadata.workspace_root),
            asks: Vec::new(),
            sources: package.sources(),
            manifest: None,
        }
    };
    let mut packages: IndexVec<PackageIx, Package> = reached.iter().map(package).collect();
    let host = places[selection.root];
    let reached = reached.into_iter().map(|number| metadata.package(number));
    let reached: IndexVec<PackageIx, &MetaPackage> = reached.collect();
    note_asks(&mut packages, host, &reached);
    if selection.development
        && let Some(name) = packages[host].lib.clone()
    {
        packages[host].externs.entry(name).get_or_insert(host);
    }
    (Universe { packages, host }, reached)
}

/// The dependencies of a package that are not in this build, by the names that its code would have for them.
fn off(selection: &Selection<'_>, number: MetaIx) -> KeyMap<String, DependencyOff> {
    let package = selection.metadata.package(number);
    let mut off = KeyMap::new();
    for declared in package.dependencies.iter().filter(|one| one.kind.is_none()) {
        let name = declared.key().replace('-', "_");
        let why = match selection.is_on(number, declared) {
            false => DependencyOff::Feature(switch(package, declared.key(), None)),
            true if declared.target.is_some() => DependencyOff::Platform,
            true => continue,
        };
        if !selection.edges[number].contains_key(name.as_str()) {
            off.insert(name, why);
        }
    }
    off
}

/// Notes what packages ask for of others that are there in several versions, and what the host asks for.
fn note_asks(
    packages: &mut IndexVec<PackageIx, Package>,
    host: PackageIx,
    reached: &IndexVec<PackageIx, &MetaPackage>,
) {
    // Packages are sorted by name.
    let pairs = packages.windows(2).filter(|two| two[0].name == two[1].name);
    let several: BTreeSet<String> = pairs.map(|two| two[0].name.clone()).collect();
    for number in packages.indices() {
        let externs = Externs::of(packages, number);
        let declared = reached[number].dependencies.iter();
        let mut asks: Vec<Ask> = Vec::new();
        for one in declared.filter(|one| number == host || several.contains(&one.name)) {
            let Ok(versions) = VersionReq::parse(&one.req) else {
                continue;
            };
            for package in externs.resolved(one) {
                asks.retain(|before| before.package != package);
                asks.push(Ask {
                    package,
                    key: one.key().to_owned(),
                    versions: versions.clone(),
                    brought: brought(reached[number], one.key()),
                });
            }
        }
        packages[number].asks = asks;
    }
}

/// Features of a dependency that some feature of the package brings, with what to write after `--features`.
fn brought(package: &MetaPackage, dependency: &str) -> BTreeMap<String, String> {
    let entries = package.features.iter().flat_map(|(_, entries)| entries);
    let features = entries.filter_map(|entry| {
        let (name, feature) = entry.split_once('/')?;
        (name.trim_end_matches('?') == dependency).then_some(feature)
    });
    let switched = |feature: &str| switch(package, dependency, Some(feature));
    features
        .map(|feature| (feature.to_owned(), switched(feature)))
        .collect()
}

/// What the host's Cargo.toml calls its direct dependencies.
pub(super) fn dependencies(universe: &Universe, selection: &Selection<'_>) -> Vec<HostDependency> {
    let externs = Externs::of(&universe.packages, universe.host);
    let declared = selection.host().dependencies.iter();
    let mut dependencies = Vec::new();
    // A normal dependency is more of a reason than one for tests.
    for development in [false, true] {
        let of_kind = |one: &&Dependency| one.kind.is_some() == development;
        for one in declared.clone().filter(of_kind) {
            if selection.has(one) {
                dependencies.extend(externs.resolved(one).map(|package| HostDependency {
                    package,
                    key: one.key().to_owned(),
                    development,
                    target: one.target.clone(),
                }));
            }
        }
    }
    dependencies
}

/// What the code of one package calls others, by the names of their packages.
struct Externs<'u> {
    packages: &'u IndexVec<PackageIx, Package>,
    by_name: KeyMap<&'u str, Vec<(&'u str, PackageIx)>>,
}

impl<'u> Externs<'u> {
    fn of(packages: &'u IndexVec<PackageIx, Package>, number: PackageIx) -> Self {
        let mut by_name: KeyMap<&str, Vec<(&str, PackageIx)>> = KeyMap::new();
        for (called, package) in packages[number].externs.iter() {
            let name = packages[*package].name.as_str();
            let of_name = by_name.entry(name).get_or_insert_default();
            of_name.push((called, *package));
        }
        Self { packages, by_name }
    }

    /// The packages that Cargo has resolved a declaration to.
    fn resolved(&self, declared: &Dependency) -> impl Iterator<Item = PackageIx> {
        let of_name = self.by_name.get(declared.name.as_str());
        let called = of_name.into_iter().flatten().filter(|(called, package)| {
            declared.is_called(called, self.packages[*package].lib.as_deref())
        });
        called.map(|(_, package)| *package)
    }
}
