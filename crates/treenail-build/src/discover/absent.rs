//! Plugins that are not in this build although the host could have them: their dependency, or the feature of their
//! package that they belong to, is off.
//!
//! Only what the sources say is used, so that the answer is the same on every machine: of a package that is not beside
//! the host its manifest cannot be read (Cargo may not even have downloaded it), so its plugin is known by the package's
//! name and the ends of that. What it would provide is looked up all the same where its sources happen to be at hand: only
//! messages tell that.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use semver::{Version, VersionReq};
use toml::de::DeTable;

use super::features::{Selection, key};
use super::metadata::{Dependency, MetaIx, MetaPackage, Metadata};
use super::{Discovery, cargo_toml, own_manifest};
use crate::diagnostic::Diagnostics;
use crate::files;
use crate::manifest;
use crate::model::{Absent, Manifest};
use crate::source::Sources;
use crate::type_path::Root;

/// Looks at every dependency of the host's.
pub(super) fn find(
    discovery: &mut Discovery,
    (metadata, root): (&Metadata, MetaIx),
    selection: &Selection<'_>,
    sources: &mut Sources,
) {
    let host = metadata.package(root);
    let mut by_name = BTreeMap::new();
    for number in selection.edges[root].values() {
        let name = metadata.package(*number).name.as_str();
        by_name.entry(name).or_insert(*number);
    }
    let mut found = BTreeSet::new();
    // A feature cannot switch on what is not built into the program.
    for declared in host.dependencies.iter().filter(|one| one.kind.is_none()) {
        let (feature, resolved) = if selection.is_on(root, declared, false) {
            let number = by_name.get(declared.name.as_str()).copied();
            let feature = number.and_then(|number| {
                let on = selection.features[number].as_ref()?;
                own_feature(metadata.package(number), on)
            });
            // For another platform: Cargo has resolved nothing.
            let elsewhere = number.is_none() && declared.target.is_some();
            (
                if elsewhere { Some(None) } else { feature },
                number.map(|number| metadata.package(number)),
            )
        } else {
            (Some(None), None)
        };
        let Some(feature) = feature else { continue };
        let read = manifest_of(declared, discovery, sources);
        if declared.path.is_some() && read.as_ref().is_none_or(|read| read.plugin.is_none()) {
            continue;
        }
        found.insert(Absent {
            names: names(&declared.name, read.as_ref()),
            package: declared.name.clone(),
            feature: switch(host, key(declared), feature),
            platform: (declared.target.clone())
                .filter(|_| selection.is_on(root, declared, false) && resolved.is_none()),
            host: host.name.clone(),
            provides: sources_of(declared, resolved, metadata)
                .map(|folder| provided(&folder, &declared.name, &metadata.workspace_root))
                .unwrap_or_default(),
        });
    }
    discovery.absent = found.into_iter().collect();
}

/// Folder of the sources of a dependency, where they are on this machine: that Cargo has not resolved it does not mean that it
/// has not downloaded it.
fn sources_of(
    declared: &Dependency,
    resolved: Option<&MetaPackage>,
    metadata: &Metadata,
) -> Option<PathBuf> {
    if let Some(package) = resolved {
        return package.manifest_path.parent().map(Path::to_owned);
    }
    if let Some(folder) = &declared.path {
        return Some(folder.clone());
    }
    let beside = metadata.folder_of(declared.source.as_deref()?)?;
    let lock = files::read(&metadata.workspace_root.join("Cargo.lock")).ok()?;
    let lock = String::from_utf8(lock).ok()?;
    let entry = format!("name = \"{}\"\nversion = \"", declared.name);
    let wanted = VersionReq::parse(&declared.req).ok()?;
    let mut folders = lock.match_indices(&entry).filter_map(|(at, entry)| {
        let version = lock[at + entry.len()..].split('"').next()?;
        let fits = Version::parse(version).is_ok_and(|version| wanted.matches(&version));
        fits.then(|| beside.join(format!("{}-{version}", declared.name)))
    });
    folders.find(|folder| folder.is_dir())
}

/// What the components of a plugin in this folder provide.
fn provided(folder: &Path, package: &str, workspace: &Path) -> BTreeSet<(String, String)> {
    let text = |path: PathBuf| {
        let bytes = files::read(&path).ok();
        bytes
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .unwrap_or_default()
    };
    let (own, shared) = (
        text(folder.join("Cargo.toml")),
        text(workspace.join("Cargo.toml")),
    );
    let (own, _) = DeTable::parse_recoverable(&own);
    let (shared, _) = DeTable::parse_recoverable(&shared);
    let name = |called: &str| cargo_toml::package_called(own.get_ref(), shared.get_ref(), called);
    let Ok(bytes) = files::read(&own_manifest(folder)) else {
        return BTreeSet::new();
    };
    let (mut unheard, mut unseen) = (Diagnostics::default(), Sources::default());
    let manifest = manifest::read_bytes("", &bytes, &mut unseen, &mut unheard);
    let Some(plugin) = &manifest.plugin else {
        return BTreeSet::new();
    };
    let all = manifest.layer.components.iter().flat_map(|component| {
        let id = format!("{}:{}", plugin.id.value, component.name.value);
        let types = component.provides.iter().chain([&component.ty]);
        types.map(move |ty| (ty, id.clone()))
    });
    let stems = all.filter_map(|(ty, id)| {
        let stem = ty.value.print(&|root| {
            Some(match root {
                Root::Own => package.to_owned(),
                Root::Extern(called) => name(called)?,
                Root::Std(_) => "std".to_owned(),
                Root::Lone(name) => name.to_owned(),
            })
        })?;
        Some((stem, id))
    });
    stems.collect()
}

/// The feature of its package that a plugin belongs to, where that is off.
fn own_feature<'a>(package: &'a MetaPackage, on: &BTreeSet<&str>) -> Option<Option<&'a str>> {
    let feature = package.metadata.get("treenail")?.get("feature")?;
    let feature = feature.as_str().filter(|feature| !on.contains(feature))?;
    package
        .features
        .contains_key(feature)
        .then_some(Some(feature))
}

fn manifest_of(
    declared: &Dependency,
    discovery: &mut Discovery,
    sources: &mut Sources,
) -> Option<Manifest> {
    let folder: &Path = declared.path.as_deref()?;
    let path = own_manifest(folder);
    let bytes = files::read(&path).ok()?;
    discovery.files.extend([path, folder.join("Cargo.toml")]);
    // Its mistakes are a matter of the build that has it.
    let mut unheard = Diagnostics::default();
    Some(manifest::read_bytes(
        &declared.name,
        &bytes,
        sources,
        &mut unheard,
    ))
}

/// What a plugin may be called by.
fn names(package: &str, manifest: Option<&Manifest>) -> BTreeSet<String> {
    let mut names = BTreeSet::from([package.to_owned()]);
    match manifest {
        Some(manifest) => {
            let id = manifest.plugin.iter().map(|plugin| &plugin.id.value);
            let aliases = manifest.layer.aliases.iter().map(|alias| &alias.from.value);
            let plugin = |name: &String| name.split(':').next().unwrap_or(name).to_owned();
            names.extend(id.chain(aliases).map(plugin));
        }
        None => {
            let ends = package.match_indices('-');
            names.extend(ends.map(|(at, _)| package[at + 1..].to_owned()));
        }
    }
    names
}

/// What to write after `--features`: a feature of the host that does it, the one that does least besides; else the
/// dependency's own.
fn switch(host: &MetaPackage, dependency: &str, feature: Option<&str>) -> String {
    let switches_on = |entry: &String| match (feature, entry.split_once('/')) {
        (None, None) => entry.strip_prefix("dep:") == Some(dependency),
        (None, Some((name, _))) => name == dependency,
        (Some(feature), Some((name, wanted))) => {
            name.trim_end_matches('?') == dependency && wanted == feature
        }
        (Some(_), None) => false,
    };
    let features = host
        .features
        .iter()
        .filter(|(_, entries)| entries.iter().any(switches_on));
    match features.min_by_key(|(name, entries)| (entries.len(), *name)) {
        Some((name, _)) => name.clone(),
        None => format!("{dependency}/{}", feature.unwrap_or("default")),
    }
}
