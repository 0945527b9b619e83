//! The manifests that packages declare in `[package.metadata.treenail]`.

use std::collections::BTreeSet;

use toml::de::DeTable;

use super::cargo_toml::{self, Part};
use super::declaration::{DEFAULT, Declaration, own_manifest};
use super::discovery::{Discovery, Found};
use super::features::Selection;
use super::metadata::{Dependency, MetaPackage};
use super::request::Request;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::Unreadable;
use crate::digest::digest;
use crate::files;
use crate::index::IndexVec;
use crate::manifest;
use crate::model::{PackageIx, Undeclared};
use crate::source::Sources;

/// Reads the manifests of all packages that have one. Mistakes in what the host does not depend on directly are not reported.
pub(super) fn read(
    discovery: &mut Discovery,
    packages: &IndexVec<PackageIx, &MetaPackage>,
    request: &Request<'_>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) {
    for (number, via) in discovery.routes().into_indexed() {
        let Some(via) = via else { continue };
        // What the host itself says is looked at before Cargo is asked.
        if number == discovery.universe.host && !request.development {
            continue;
        }
        let (package, is_direct) = (packages[number], via == number);
        let mut unreported = Diagnostics::default();
        let problems = match is_direct {
            true => &mut *problems,
            false => &mut unreported,
        };
        let Some(path) = declared(discovery, number, package, is_direct, sources, problems) else {
            continue;
        };
        let file = package.folder().join(&path);
        discovery.files.push(file.clone());
        let bytes = match files::read(&file) {
            Ok(bytes) => bytes,
            Err(_) if !is_direct => continue,
            Err(error) => {
                discovery.incomplete = true;
                let problem = Unreadable {
                    package: package.name.clone(),
                    path,
                    error: error.into_cause(),
                };
                let name = format!("{}Cargo.toml", discovery.called(number));
                let keys = ["package", "metadata", "treenail", "manifest"];
                let cargo_toml = &package.manifest_path;
                let at = cargo_toml::place(cargo_toml, &name, &keys, Part::Value, sources);
                problems.report(problem, at);
                continue;
            }
        };
        let name = format!("{}{path}", discovery.called(number));
        let manifest = manifest::read_bytes(&name, &bytes, sources, problems);
        sources.lies_at(manifest.source, &file);
        discovery.add(Found {
            package: number,
            manifest,
            name,
            digest: digest(&bytes),
            via,
        });
    }
}

/// Path of the manifest that a package declares, relative to the package.
fn declared(
    discovery: &mut Discovery,
    number: PackageIx,
    package: &MetaPackage,
    is_direct: bool,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Option<String> {
    let has_feature = |feature: &str| package.features.contains_key(feature);
    let declared = Declaration::read(&package.metadata, &has_feature, &|| package.has_default());
    let name = format!("{}Cargo.toml", discovery.called(number));
    let Some(declared) = declared else {
        if is_direct && number != discovery.universe.host {
            let found = undeclared(package, name, sources);
            discovery.undeclared.extend(found);
        }
        return None;
    };
    if is_direct {
        let file = &package.manifest_path;
        declared.report(&package.name, file, &name, sources, problems);
    }
    let on = &discovery.universe.packages[number].features;
    if declared
        .feature
        .is_some_and(|feature| !on.contains(&feature))
    {
        return None;
    }
    discovery.incomplete |= is_direct && declared.manifest.is_none() && !declared.faults.is_empty();
    declared.manifest
}

/// Reports plugins that Cargo leaves out of its answer because they have no library. Only path dependencies can be looked at.
pub(super) fn report_without_library(
    discovery: &mut Discovery,
    selection: &Selection<'_>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) {
    let metadata = selection.metadata;
    let edges = metadata.edges(selection.root).iter();
    let resolved: BTreeSet<&str> = edges
        .map(|edge| metadata.package(edge.to).name.as_str())
        .collect();
    let is_missing =
        |one: &&Dependency| selection.has(one) && !resolved.contains(one.name.as_str());
    let declared = selection.host().dependencies.iter();
    for declared in declared.filter(is_missing) {
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

/// A package that looks like a plugin, and does not say that it is one.
///
/// `file` is the name of its Cargo.toml for people.
fn undeclared(package: &MetaPackage, file: String, sources: &mut Sources) -> Option<Undeclared> {
    let bytes = files::read(&package.folder().join(DEFAULT)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (tree, _) = DeTable::parse_recoverable(&text);
    tree.get_ref().get("treenail")?;
    let section = tree.get_ref().get("plugin")?.get_ref();
    let id = section.get("id").and_then(|id| id.get_ref().as_str());
    let keys = ["package", "name"];
    let at = cargo_toml::place(&package.manifest_path, &file, &keys, Part::Value, sources);
    Some(Undeclared {
        id: id.unwrap_or_default().to_owned(),
        package: package.name.clone(),
        file,
        at,
    })
}
