//! The manifests that packages declare in `[package.metadata.treenail]`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::cargo_toml::{self, Part};
use super::declaration::{self, DEFAULT, Declaration};
use super::metadata::{Dependency, MetaIx, MetaPackage, Metadata};
use super::{Discovery, Found, Request};
use crate::diagnostic::{Diagnostics, Problem};
use crate::digest::digest;
use crate::files::{self, FileError};
use crate::manifest;
use crate::model::{PackageIx, Undeclared};
use crate::source::Sources;

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

/// Reads the manifests of all packages that have one. Mistakes in what the host does not depend on directly are not reported.
pub(super) fn read(
    discovery: &mut Discovery,
    packages: &[&MetaPackage],
    request: &Request<'_>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) {
    for one in wanted(discovery, packages, request, sources, problems) {
        discovery.files.push(one.file.clone());
        let bytes = match files::read(&one.file) {
            Ok(bytes) => bytes,
            Err(error) if one.is_direct() => {
                one.report_unreadable(&error, discovery, sources, problems);
                continue;
            }
            Err(_) => continue,
        };
        let mut unreported = Diagnostics::default();
        let problems = match one.is_direct() {
            true => &mut *problems,
            false => &mut unreported,
        };
        let manifest = manifest::read_bytes(&one.name, &bytes, sources, problems);
        sources.lies_at(manifest.source, &one.file);
        discovery.add(Found {
            package: one.number,
            manifest,
            name: one.name,
            digest: digest(&bytes),
            via: one.via,
        });
    }
}

/// The manifests that packages declare.
fn wanted<'m>(
    discovery: &mut Discovery,
    packages: &[&'m MetaPackage],
    request: &Request<'_>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Vec<Wanted<'m>> {
    let routes = routes(discovery);
    let mut all = Vec::new();
    for (number, package) in packages.iter().enumerate() {
        let Some(via) = routes[number] else { continue };
        let is_host = number == discovery.universe.host;
        // What the host itself says is looked at before Cargo is asked.
        if is_host && !request.development {
            continue;
        }
        let has_feature = |feature: &str| package.features.contains_key(feature);
        let declared = Declaration::read(&package.metadata, has_feature, || package.has_default());
        let called = called(discovery, number);
        let direct = via == number;
        let Some(mut declared) = declared else {
            if direct && !is_host {
                let found = undeclared(package, &called, sources);
                discovery.undeclared.extend(found);
            }
            continue;
        };
        let sound = declared.faults.is_empty();
        if direct {
            let name = format!("{called}Cargo.toml");
            let file = (package.manifest_path.as_path(), name.as_str());
            declared.report(&package.name, file, sources, problems);
        }
        let on = &discovery.universe.packages[number].features;
        if declared
            .feature
            .is_some_and(|feature| !on.contains(&feature))
        {
            continue;
        }
        let Some(path) = declared.manifest else {
            discovery.incomplete |= direct && !sound;
            continue;
        };
        let folder = package.manifest_path.parent().unwrap_or(Path::new(""));
        all.push(Wanted {
            number,
            via,
            package,
            name: format!("{called}{path}"),
            file: folder.join(&path),
            path,
        });
    }
    all
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
    (metadata, root): (&Metadata, MetaIx),
    is_on: impl Fn(&Dependency) -> bool,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) {
    let edges = metadata.edges(root).iter();
    let resolved: BTreeSet<&str> = edges
        .map(|edge| metadata.package(edge.to).name.as_str())
        .collect();
    let declared = metadata.package(root).dependencies.iter();
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

/// For every package the direct dependency of the host that brings it in, the shortest way; ties by number.
pub(crate) fn routes(discovery: &Discovery) -> Vec<Option<PackageIx>> {
    let universe = &discovery.universe;
    let mut routes = vec![None; universe.packages.len()];
    let direct = universe.packages[universe.host].externs.values();
    let mut front: BTreeSet<PackageIx> = direct.copied().collect();
    for number in &front {
        routes[*number] = Some(*number);
    }
    while !front.is_empty() {
        let mut next = BTreeSet::new();
        for number in front {
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

/// A package that looks like a plugin, and does not say that it is one.
fn undeclared(package: &MetaPackage, called: &str, sources: &mut Sources) -> Option<Undeclared> {
    let folder = package.manifest_path.parent().unwrap_or(Path::new(""));
    let bytes = files::read(&folder.join(DEFAULT)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (tree, _) = DeTable::parse_recoverable(&text);
    tree.get_ref().get("treenail")?;
    let section = tree.get_ref().get("plugin")?.get_ref();
    let id = section.get("id").and_then(|id| id.get_ref().as_str());
    let file = format!("{called}Cargo.toml");
    let keys = ["package", "name"];
    let at = cargo_toml::place(&package.manifest_path, &file, &keys, Part::Value, sources);
    Some(Undeclared {
        id: id.unwrap_or_default().to_owned(),
        package: package.name.clone(),
        file,
        at,
    })
}

/// A manifest that a package declares.
struct Wanted<'m> {
    number: PackageIx,
    /// The direct dependency of the host that brings the package in.
    via: PackageIx,
    package: &'m MetaPackage,
    /// Its name for people.
    name: String,
    /// Its path, relative to the package.
    path: String,
    file: PathBuf,
}

impl Wanted<'_> {
    fn is_direct(&self) -> bool {
        self.via == self.number
    }

    fn report_unreadable(
        &self,
        error: &FileError,
        discovery: &mut Discovery,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) {
        discovery.incomplete = true;
        let name = format!("{}Cargo.toml", called(discovery, self.number));
        let file = &self.package.manifest_path;
        let keys = ["package", "metadata", "treenail", "manifest"];
        let at = cargo_toml::place(file, &name, &keys, Part::Value, sources);
        let problem = Problem::Unreadable {
            package: self.package.name.clone(),
            path: self.path.clone(),
            words: error.words(),
        };
        problems.report(problem, at);
    }
}
