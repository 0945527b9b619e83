//! Plugins that are not in this build although the host could have them: their dependency, or the feature of their
//! package that they belong to, is off.
//!
//! Only what the sources say is used, so that the answer is the same on every machine: of a package that is not beside
//! the host its manifest cannot be read (Cargo may not even have downloaded it), so its plugin is known by the package's
//! name and the ends of that. What it would provide is looked up all the same where its sources happen to be at hand: only
//! messages tell that.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use semver::{Version, VersionReq};
use toml::de::DeTable;

use super::cargo_toml;
use super::declaration::own_manifest;
use super::discovery::Discovery;
use super::features::Selection;
use super::metadata::{Dependency, MetaIx, MetaPackage, Metadata};
use crate::diagnostic::Diagnostics;
use crate::files;
use crate::key_map::KeyMap;
use crate::manifest;
use crate::model::{Absent, Manifest, Root, TypeExpr, plugin_of, without_raw};
use crate::source::{Located, Sources};

/// Why a plugin is not in this build.
enum Switch<'m> {
    /// The dependency is off.
    Dependency,
    /// The feature of its package that it belongs to is off.
    Feature(&'m str),
    /// It is for another platform.
    Platform(&'m str),
}

/// Looks at every dependency of the host's.
pub(super) fn find(discovery: &mut Discovery, selection: &Selection<'_>, sources: &mut Sources) {
    let (host, metadata) = (selection.host(), selection.metadata);
    let mut by_name = KeyMap::new();
    for number in selection.edges[selection.root].values() {
        let name = metadata.package(*number).name.as_str();
        by_name.entry(name).get_or_insert(*number);
    }
    // A feature cannot switch on what is not built into the program.
    for declared in host.dependencies.iter().filter(|one| one.kind.is_none()) {
        let resolved = by_name.get(declared.name.as_str()).copied();
        let resolved = resolved.filter(|_| selection.has(declared));
        let Some(reason) = reason(declared, resolved, selection) else {
            continue;
        };
        let read = manifest_of(declared, discovery, sources);
        if declared.path.is_some() && read.as_ref().is_none_or(|read| read.plugin.is_none()) {
            continue;
        }
        let (feature, platform) = match reason {
            Switch::Dependency => (None, None),
            Switch::Feature(feature) => (Some(feature), None),
            Switch::Platform(platform) => (None, Some(platform.to_owned())),
        };
        let resolved = resolved.map(|number| metadata.package(number));
        let folder = sources_of(declared, resolved, metadata);
        let contents =
            folder.map(|folder| contents(&folder, &declared.name, &metadata.workspace_root));
        let contents = contents.unwrap_or_default();
        let absent = Absent {
            names: names(&declared.name, read.as_ref()),
            package: declared.name.clone(),
            feature: switch(host, declared.key(), feature),
            platform,
            host: host.name.clone(),
            provides: contents.provides,
            entries: match declared.path {
                Some(_) => contents.entries,
                None => Vec::new(),
            },
        };
        if !discovery.absent.contains(&absent) {
            discovery.absent.push(absent);
        }
    }
}

/// Why the plugin of a dependency is not in this build; `None` where it is.
fn reason<'m>(
    declared: &'m Dependency,
    resolved: Option<MetaIx>,
    selection: &Selection<'m>,
) -> Option<Switch<'m>> {
    if !selection.has(declared) {
        return Some(Switch::Dependency);
    }
    let Some(number) = resolved else {
        // Cargo has resolved nothing for this platform.
        return declared.target.as_deref().map(Switch::Platform);
    };
    let package = selection.metadata.package(number);
    let feature = package.metadata.get("treenail")?.get("feature")?.as_str()?;
    let is_off = !selection.features[number].as_ref()?.contains(feature);
    let is_feature = package.features.contains_key(feature);
    (is_off && is_feature).then_some(Switch::Feature(feature))
}

/// Folder of the sources of a dependency, where they are on this machine: that Cargo has not resolved it does not mean that it
/// has not downloaded it.
fn sources_of(
    declared: &Dependency,
    resolved: Option<&MetaPackage>,
    metadata: &Metadata,
) -> Option<PathBuf> {
    if let Some(package) = resolved {
        return Some(package.folder().to_owned());
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

/// What a plugin has.
#[derive(Default)]
struct Contents {
    /// What its components provide, each with the component's id.
    provides: Vec<(String, String)>,
    /// Its entries that are under no condition: the registry of each, and its key.
    entries: Vec<(String, String)>,
}

/// What the plugin in this folder has; types without versions.
fn contents(folder: &Path, package: &str, workspace: &Path) -> Contents {
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
        return Contents::default();
    };
    // Its mistakes are a matter of the build that has it.
    let (mut ignored, mut apart) = (Diagnostics::default(), Sources::default());
    let manifest = manifest::read_bytes("", &bytes, &mut apart, &mut ignored);
    let Some(plugin) = &manifest.plugin else {
        return Contents::default();
    };
    let all = manifest.layer.components.iter().flat_map(|component| {
        let id = format!("{}:{}", plugin.id.value, component.name.value);
        let types = component.provides.iter().chain([&component.ty]);
        types.map(move |ty| (ty, id.clone()))
    });
    let stem = |ty: &Located<TypeExpr>| {
        ty.value.print(&|root| {
            Some(match root {
                Root::Own => package.to_owned(),
                Root::Extern(called) => name(without_raw(called))?,
                Root::Std(_) => "std".to_owned(),
                Root::Lone(name) => name.to_owned(),
            })
        })
    };
    let entries = manifest.layer.entries.iter();
    let entries = entries.filter(|entry| entry.when.is_none());
    let entries = entries.filter_map(|one| Some((stem(&one.registry)?, one.key.value.clone())));
    Contents {
        provides: all.filter_map(|(ty, id)| Some((stem(ty)?, id))).collect(),
        entries: entries.collect(),
    }
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
    let mut ignored = Diagnostics::default();
    Some(manifest::read_bytes(
        &declared.name,
        &bytes,
        sources,
        &mut ignored,
    ))
}

/// What a plugin may be called by.
fn names(package: &str, manifest: Option<&Manifest>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    names.insert(package.to_owned());
    match manifest {
        Some(manifest) => {
            let id = manifest.plugin.iter().map(|plugin| &plugin.id.value);
            let aliases = manifest.layer.aliases.iter().map(|alias| &alias.from.value);
            let plugin = |name: &String| plugin_of(name).to_owned();
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
pub(super) fn switch(host: &MetaPackage, dependency: &str, feature: Option<&str>) -> String {
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
