//! The manifests that packages declare in `[package.metadata.treenail]`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::cargo_toml::{self, Part};
use super::declaration::{self, DEFAULT, Declaration};
use super::metadata::{Dependency, MetaPackage, Metadata};
use super::{Discovery, Found, Request};
use crate::diagnostic::{Diagnostics, Problem};
use crate::digest::digest;
use crate::files;
use crate::manifest;
use crate::model::{Manifest, PackageIx};
use crate::source::{Origin, Sources};

/// Path of the manifest that the package in this folder declares: the one that `[package.metadata.treenail]` names, or
/// `plugins.toml`. Mistakes in the table are reported elsewhere.
pub(crate) fn own_manifest(package: &Path) -> PathBuf {
    declaration::own(
        package,
        &mut Sources::default(),
        &mut Diagnostics::default(),
    )
    .path
}

/// Reads the manifests of all packages that have one.
pub(super) fn read(
    discovery: &mut Discovery,
    metadata: &Metadata,
    ids: &[&str],
    request: &Request<'_>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) {
    let routes = routes(discovery);
    for (number, id) in ids.iter().enumerate() {
        let (Some(package), Some(via)) = (metadata.package(id), routes.get(&number).copied())
        else {
            continue;
        };
        let is_host = number == discovery.universe.host;
        // What the host itself says is looked at before Cargo is asked.
        if is_host && !request.development {
            continue;
        }
        let has_feature = |feature: &str| package.features.contains_key(feature);
        let declared = Declaration::read(&package.metadata, has_feature, || package.has_default());
        let called = called(discovery, number);
        let Some(declared) = declared else {
            if via == number && !is_host {
                undeclared(package, &called, sources, problems);
            }
            continue;
        };
        let mut indirect = Diagnostics::default();
        let direct = via == number;
        let reports = if direct {
            &mut *problems
        } else {
            &mut indirect
        };
        let mut reading = Reading {
            package,
            called,
            sources,
            problems: reports,
        };
        let on = &discovery.universe.packages[number].features;
        let result = match reading.declared(declared, on) {
            Ok(None) => continue,
            Ok(Some(path)) => reading.manifest(&path, &mut discovery.files),
            Err(()) => None,
        };
        discovery.incomplete |= direct && result.is_none();
        let Some((manifest, name, digest)) = result else {
            continue;
        };
        let found = Found {
            package: number,
            manifest,
            name,
            digest,
            via,
        };
        discovery.add(found);
    }
}

/// What the names of a package's files start with, for people.
pub(crate) fn called(discovery: &Discovery, number: PackageIx) -> String {
    let universe = &discovery.universe;
    let package = &universe.packages[number];
    // Packages are sorted by name.
    let mut beside = [number.checked_sub(1), number.checked_add(1)]
        .into_iter()
        .flatten()
        .filter_map(|number| universe.packages.get(number));
    if number == universe.host {
        String::new()
    } else if beside.any(|other| other.name == package.name) {
        format!("{}@{}/", package.name, package.version)
    } else {
        format!("{}/", package.name)
    }
}

/// Reports plugins that Cargo leaves out of its answer because they have no library. Only path dependencies can be looked at.
pub(super) fn report_without_library(
    discovery: &mut Discovery,
    (metadata, root): (&Metadata, &str),
    is_on: impl Fn(&Dependency) -> bool,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) {
    let edges = metadata.edges(root).iter();
    let resolved = edges.filter_map(|edge| Some(metadata.package(&edge.pkg)?.name.as_str()));
    let resolved: BTreeSet<&str> = resolved.collect();
    let declared = metadata
        .package(root)
        .into_iter()
        .flat_map(|package| &package.dependencies);
    for declared in
        declared.filter(|declared| is_on(declared) && !resolved.contains(declared.name.as_str()))
    {
        // Cargo leaves out as well what is for another platform.
        let Some(folder) = (declared.path.as_ref())
            .filter(|folder| declared.target.is_none() || !cargo_toml::has_library(folder))
        else {
            continue;
        };
        let manifest = own_manifest(folder);
        let Ok(bytes) = files::read(&manifest) else {
            continue;
        };
        let file = manifest
            .strip_prefix(folder)
            .unwrap_or(&manifest)
            .to_string_lossy();
        let name = format!("{}/{file}", declared.name);
        let read = manifest::read_bytes(&name, &bytes, sources, &mut Diagnostics::default());
        sources.lies_at(read.source, &manifest);
        discovery.without_library(&read, &declared.name, problems);
        discovery.files.push(folder.join("Cargo.toml"));
    }
}

/// By package: the direct dependency of the host that brings it in, the shortest way; ties by number.
pub(crate) fn routes(discovery: &Discovery) -> BTreeMap<PackageIx, PackageIx> {
    let universe = &discovery.universe;
    let direct = universe.packages[universe.host].externs.values();
    let mut routes: BTreeMap<PackageIx, PackageIx> =
        direct.map(|number| (*number, *number)).collect();
    let mut front: Vec<PackageIx> = routes.keys().copied().collect();
    while !front.is_empty() {
        let mut next = BTreeMap::new();
        for number in front {
            for target in universe.packages[number].externs.values() {
                if *target != universe.host && !routes.contains_key(target) {
                    next.entry(*target).or_insert(routes[&number]);
                }
            }
        }
        front = next.keys().copied().collect();
        routes.extend(next);
    }
    routes
}

/// Warns of a package that looks like a plugin, and does not say that it is one.
fn undeclared(
    package: &MetaPackage,
    called: &str,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) {
    let folder = package.manifest_path.parent().unwrap_or(Path::new(""));
    let text = files::read(&folder.join(DEFAULT)).ok();
    let Some(text) = text.and_then(|bytes| String::from_utf8(bytes).ok()) else {
        return;
    };
    let (tree, _) = DeTable::parse_recoverable(&text);
    let has = |key: &str| tree.get_ref().get(key).is_some();
    if has("treenail") && has("plugin") {
        let file = format!("{called}Cargo.toml");
        let keys = ["package", "name"];
        let at = cargo_toml::place(&package.manifest_path, &file, &keys, Part::Value, sources);
        let package = package.name.clone();
        problems.report(Problem::UndeclaredPlugin { package, file }, at);
    }
}

/// One package whose manifest is read.
struct Reading<'a> {
    package: &'a MetaPackage,
    /// What its files' names start with, for people.
    called: String,
    sources: &'a mut Sources,
    problems: &'a mut Diagnostics,
}

impl Reading<'_> {
    /// Path of the manifest, relative to the package; `None` where the feature that it belongs to is off.
    fn declared(
        &mut self,
        mut declared: Declaration,
        features: &BTreeSet<String>,
    ) -> Result<Option<String>, ()> {
        let sound = declared.faults.is_empty();
        let name = format!("{}Cargo.toml", self.called);
        let file = (self.package.manifest_path.as_path(), name.as_str());
        declared.report(&self.package.name, file, self.sources, self.problems);
        let off = |feature: &String| !features.contains(feature);
        if declared.feature.as_ref().is_some_and(off) {
            return Ok(None);
        }
        match declared.manifest {
            Some(path) => Ok(Some(path)),
            None if sound => Ok(None),
            None => Err(()),
        }
    }

    /// The place of a key of `[package.metadata.treenail]` in the package's Cargo.toml.
    fn place(&mut self, keys: &[&str]) -> Option<Origin> {
        let path = [&["package", "metadata", "treenail"], keys].concat();
        let name = format!("{}Cargo.toml", self.called);
        let file = &self.package.manifest_path;
        cargo_toml::place(file, &name, &path, Part::Value, self.sources)
    }

    /// The manifest with its name and digest.
    fn manifest(
        &mut self,
        path: &str,
        read: &mut Vec<PathBuf>,
    ) -> Option<(Manifest, String, String)> {
        let file = self
            .package
            .manifest_path
            .parent()
            .unwrap_or(Path::new(""))
            .join(path);
        read.push(file.clone());
        match files::read(&file) {
            Ok(bytes) => {
                let name = format!("{}{path}", self.called);
                let manifest = manifest::read_bytes(&name, &bytes, self.sources, self.problems);
                self.sources.lies_at(manifest.source, &file);
                Some((manifest, name, digest(&bytes)))
            }
            Err(error) => {
                let (package, path, words) =
                    (self.package.name.clone(), path.to_owned(), error.words());
                let at = self.place(&["manifest"]);
                self.problems.report(
                    Problem::Unreadable {
                        package,
                        path,
                        words,
                    },
                    at,
                );
                None
            }
        }
    }
}
