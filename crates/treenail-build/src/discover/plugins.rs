//! The manifests that packages declare in `[package.metadata.treenail]`.

use std::collections::BTreeSet;
use std::path::Path;

use toml::de::DeTable;

use super::cargo_toml::{self, KeyOrValue};
use super::declaration::{DEFAULT, Declaration, own_manifest};
use super::declared::Declared;
use super::discovery::{Discovery, Found, Silence, Wordless};
use super::features::Selection;
use super::metadata::{Dependency, MetaPackage};
use super::request::Request;
use crate::diagnostic::Diagnostics;
use crate::digest::digest;
use crate::files;
use crate::index::IndexVec;
use crate::manifest;
use crate::model::{PackageIx, Poison, Undeclared};
use crate::source::Sources;

/// Reads the manifests of all packages that have one; tells which of the direct ones do not say what plugin they are. Mistakes in what the host does not depend on directly are not reported.
pub(super) fn read(
    discovery: &mut Discovery,
    packages: &IndexVec<PackageIx, &MetaPackage>,
    request: &Request<'_>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Vec<Wordless> {
    let mut wordless = Vec::new();
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
        let declared = declared(discovery, number, package, is_direct, sources, problems);
        let Some((path, is_doubtful)) = declared else {
            continue;
        };
        let before = problems.len();
        let opened = open(discovery, package, &path);
        let (path, bytes) = match opened {
            Ok(bytes) => (path, bytes),
            Err(_) if !is_direct => continue,
            Err(_) if is_doubtful => {
                discovery.poison.absorb_plugin(&package.name);
                continue;
            }
            Err(error) => {
                let instead = instead(package.folder(), &path);
                let name = format!("{}Cargo.toml", discovery.called(number));
                let keys = ["package", "metadata", "treenail", "manifest"];
                let cargo_toml = &package.manifest_path;
                wordless.push(Wordless {
                    package: number,
                    at: cargo_toml::place(cargo_toml, &name, &keys, KeyOrValue::Value, sources),
                    is: Silence::Unreadable {
                        path,
                        error: error.into_cause(),
                        instead: instead.clone(),
                    },
                });
                // The file that was probably meant is read on.
                let opened = instead.map(|path| (open(discovery, package, &path), path));
                let Some((Ok(bytes), path)) = opened else {
                    continue;
                };
                (path, bytes)
            }
        };
        let name = format!("{}{path}", discovery.called(number));
        let manifest = manifest::read_bytes(&name, &bytes, sources, problems);
        sources.lies_at(manifest.source, package.folder().join(&path));
        if is_direct && package.library().is_none() && number != discovery.universe.host {
            let of_macros = package.is_macro();
            discovery.without_library(&manifest, &package.name, of_macros, problems);
            continue;
        }
        let found = Found {
            package: number,
            manifest,
            name,
            digest: digest(&bytes),
            via,
            declared: is_direct
                .then(|| Declared::of(package.folder(), false))
                .flatten(),
        };
        let is_told = problems.len() > before;
        wordless.extend(discovery.add(found, is_told, package.has_build_script()));
    }
    wordless
}

/// The bytes of a file of a package, which is watched.
fn open(
    discovery: &mut Discovery,
    package: &MetaPackage,
    path: &str,
) -> Result<Vec<u8>, files::FileError> {
    let file = package.folder().join(path);
    discovery.files.push(file.clone());
    files::read(&file)
}

/// The manifest that the package in this folder has where the one that it names cannot be read.
pub(crate) fn instead(folder: &Path, named: &str) -> Option<String> {
    let within = format!("{}/{DEFAULT}", named.trim_end_matches('/'));
    let is_there = |path: &&str| *path != named && folder.join(path).is_file();
    [DEFAULT, within.as_str()]
        .into_iter()
        .find(is_there)
        .map(str::to_owned)
}

/// Path of the manifest that a package declares, relative to the package, and whether something about it has been reported.
fn declared(
    discovery: &mut Discovery,
    number: PackageIx,
    package: &MetaPackage,
    is_direct: bool,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Option<(String, bool)> {
    let has_feature = |feature: &str| package.features.contains_key(feature);
    let mut declared =
        Declaration::read(&package.metadata, &has_feature, &|| package.has_default());
    let name = format!("{}Cargo.toml", discovery.called(number));
    if declared.is_none() && is_direct && package.has_default() {
        declared = Declaration::misplaced(&package.manifest_path);
    }
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
    let is_faulty = !declared.faults.is_empty();
    let default = || (is_faulty && package.has_default()).then(|| DEFAULT.to_owned());
    let manifest = declared.manifest.or_else(default);
    if manifest.is_none() && is_direct && is_faulty {
        discovery.poison.absorb_plugin(&package.name);
    }
    Some((manifest?, is_faulty))
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
        discovery.without_library(&read, &declared.name, false, problems);
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
    let at = cargo_toml::place(
        &package.manifest_path,
        &file,
        &keys,
        KeyOrValue::Value,
        sources,
    );
    let mut named = Poison::default();
    named.absorb(&text);
    Some(Undeclared {
        names: named.words,
        id: id.unwrap_or_default().to_owned(),
        package: package.name.clone(),
        file,
        at,
    })
}
