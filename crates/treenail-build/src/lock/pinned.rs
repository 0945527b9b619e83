//! Makes a lock of what discovery has found at each point.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{At, Lock, LockedAbsent, LockedManifest, LockedPackage, LockedSource, Point};
use crate::discover::{DependencyFacts, Discovery, Found, LockedVersions};
use crate::index::{IndexMap, IndexVec};
use crate::model::{
    Ask, DependencyOff, Home, HostFeature, Manifest, Package, PackageIx, without_raw,
};
use crate::runtime::RUNTIME;
use crate::source::{Sources, relative, slashed};

/// What is known at a point.
pub(crate) struct Pin<'a> {
    /// The point.
    pub(crate) point: Point,
    /// What discovery has found.
    pub(crate) discovery: &'a Discovery,
    /// The texts that it has read.
    pub(crate) sources: &'a Sources,
    /// The composing package with its manifest.
    pub(crate) host: &'a Found,
    /// Root of the workspace.
    pub(crate) workspace: &'a Path,
}

/// The lock of these points, which are all of one host.
pub(crate) fn pin(
    pins: &[Pin<'_>],
    facts: DependencyFacts,
    versions: &LockedVersions,
    hermetic: bool,
) -> Lock {
    let mut packages: BTreeMap<(String, semver::Version), LockedPackage> = BTreeMap::new();
    let mut absent: BTreeMap<LockedAbsent, At> = BTreeMap::new();
    let mut host = String::new();
    for (number, pin) in pins.iter().enumerate() {
        host.clone_from(&pin.discovery.universe.packages[pin.discovery.universe.host].name);
        let kept = Kept::of(pin);
        for package in kept.packages.keys() {
            let found = &pin.discovery.universe.packages[package];
            let id = (found.name.clone(), found.version.clone());
            let locked = packages
                .entry(id)
                .or_insert_with(|| kept.package(package, versions, hermetic));
            locked.at.insert(number);
            kept.note(package, number, locked);
        }
        for one in &pin.discovery.absent {
            let locked = LockedAbsent {
                package: one.package.clone(),
                names: one.names.clone(),
                feature: one.feature.clone(),
                platform: one.platform.clone(),
                entries: one.entries.clone(),
                at: At::new(),
            };
            absent.entry(locked).or_default().insert(number);
        }
    }
    Lock {
        features: features(pins, &packages, &absent),
        host,
        hermetic,
        dependencies: facts.dependencies,
        points: pins.iter().map(|pin| pin.point.clone()).collect(),
        packages: packages.into_values().collect(),
        absent: absent
            .into_iter()
            .map(|(one, at)| LockedAbsent { at, ..one })
            .collect(),
    }
}

/// The features of the host, with those packages that have a manifest or would be plugins.
fn features(
    pins: &[Pin<'_>],
    packages: &BTreeMap<(String, semver::Version), LockedPackage>,
    absent: &BTreeMap<LockedAbsent, At>,
) -> Vec<HostFeature> {
    let here = packages.values().filter(|one| one.manifest.is_some());
    let here = here.map(|one| &one.name);
    let plugins: BTreeSet<&String> = here.chain(absent.keys().map(|one| &one.package)).collect();
    // They are the same at every point.
    let all = pins.first().map(|pin| &pin.discovery.features);
    let features = all.into_iter().flatten();
    let features = features.map(|one| one.among(|package| plugins.contains(package)));
    features.filter(HostFeature::matters).collect()
}

/// The packages that a lock keeps at one point, those with a manifest after it: they are what manifests can name.
struct Kept<'a> {
    pin: &'a Pin<'a>,
    packages: IndexMap<PackageIx, Option<&'a Found>>,
}

impl<'a> Kept<'a> {
    fn of(pin: &'a Pin<'a>) -> Self {
        let Discovery {
            direct,
            indirect,
            universe,
            ..
        } = pin.discovery;
        let mut packages: IndexMap<PackageIx, Option<&Found>> = IndexMap::new();
        for found in direct.iter().chain(indirect).chain([pin.host]) {
            packages.insert(found.package, Some(found));
            packages.entry(found.via).get_or_insert(None);
        }
        for found in direct.iter().chain([pin.host]) {
            let named = ManifestWords::of(&found.manifest, pin.sources);
            for (name, target) in universe.packages[found.package].externs.iter() {
                let package = &universe.packages[*target].name;
                if named.has(name) || named.has(package) || package == RUNTIME {
                    packages.entry(*target).get_or_insert(None);
                }
            }
        }
        Self { pin, packages }
    }

    fn all(&self) -> &'a IndexVec<PackageIx, Package> {
        &self.pin.discovery.universe.packages
    }

    fn id(&self, package: PackageIx) -> String {
        let package = &self.all()[package];
        format!("{} {}", package.name, package.version)
    }

    /// What is so at every point.
    fn package(
        &self,
        number: PackageIx,
        versions: &LockedVersions,
        hermetic: bool,
    ) -> LockedPackage {
        let package = &self.all()[number];
        let found = self.packages[number];
        let own = package.version.to_string();
        let beside = versions
            .of(&package.name)
            .filter(|version| **version != own);
        LockedPackage {
            name: package.name.clone(),
            version: package.version.clone(),
            beside: beside.cloned().collect(),
            source: self.source(package),
            library: package.lib.clone(),
            at: At::new(),
            features: BTreeMap::new(),
            declared: found.map_or_else(BTreeSet::new, |_| package.declared.clone()),
            via: found
                .filter(|found| found.via != number)
                .map(|found| self.id(found.via)),
            manifest: found.map(|found| self.manifest(found, hermetic)),
            calls: BTreeMap::new(),
        }
    }

    fn source(&self, package: &Package) -> LockedSource {
        match &package.home {
            Home::Folder(folder) => LockedSource::Folder {
                path: slashed(&relative(folder, self.pin.workspace)),
                member: package.in_workspace,
                cargo_toml: DependencyFacts::of(folder).and_then(|facts| facts.digest),
            },
            Home::Source(source) if !package.home.is_registry() => {
                LockedSource::Git(source.clone())
            }
            _ => LockedSource::Registry,
        }
    }

    fn manifest(&self, found: &Found, hermetic: bool) -> LockedManifest {
        let package = &self.all()[found.package];
        let is_host = found.package == self.pin.host.package;
        let called = self.pin.discovery.called(found.package);
        let path = found.name.strip_prefix(&called).unwrap_or(&found.name);
        let text = &self.pin.sources.get(found.manifest.source).text;
        let by_text = hermetic || !package.in_workspace && !is_host;
        LockedManifest {
            path: path.to_owned(),
            digest: found.digest.clone(),
            text: by_text.then(|| text.clone()),
        }
    }

    /// What is so at one point.
    fn note(&self, number: PackageIx, point: usize, locked: &mut LockedPackage) {
        let package = &self.all()[number];
        if number != self.pin.host.package {
            for feature in &package.features {
                locked
                    .features
                    .entry(feature.clone())
                    .or_default()
                    .insert(point);
            }
        }
        let composed = self.packages[number].filter(|found| found.via == number);
        let Some(found) = composed else {
            return;
        };
        for (name, target) in package.externs.iter() {
            if !self.packages.contains_key(*target) {
                continue;
            }
            let call = locked.calls.entry(name.clone()).or_default();
            call.package = Some(self.id(*target));
            call.at.insert(point);
            if let Some(ask) = package.ask(*target) {
                let Ask {
                    key,
                    versions,
                    brought,
                    ..
                } = ask;
                call.key = Some(key.clone());
                call.versions = Some(versions.to_string());
                call.brings.clone_from(brought);
            }
        }
        let named = ManifestWords::of(&found.manifest, self.pin.sources);
        for (name, off) in package.off.iter().filter(|(name, _)| named.has(name)) {
            let call = locked.calls.entry(name.clone()).or_default();
            match off {
                DependencyOff::Feature(feature) => call.feature = Some(feature.clone()),
                DependencyOff::Platform => {
                    call.elsewhere.insert(point);
                }
            }
        }
    }
}

/// Every word of a manifest: what it does not say, it does not name.
struct ManifestWords<'s>(BTreeSet<&'s str>);

impl<'s> ManifestWords<'s> {
    fn of(manifest: &Manifest, sources: &'s Sources) -> Self {
        let text = &sources.get(manifest.source).text;
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '#');
        let words = text.split(|c| !is_part(c));
        Self(words.map(without_raw).collect())
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}
