//! Finds the plugins among the host's dependencies. The only file (with its parts) that knows Cargo.
//!
//! It asks `cargo metadata`, offline, for this target and with this build's features, and never starts a build: that
//! would wait for the lock of the build it is part of. Where that fails it asks about the host alone, see `alone.rs`.

mod absent;
mod alone;
mod cargo_toml;
mod declaration;
mod features;
mod metadata;
mod plugins;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use semver::VersionReq;

use crate::diagnostic::{CargoFault, Diagnostics, Named, Problem};
use crate::model::{Absent, Ask, Manifest, Package, PackageIx, Poison, Undeclared, Universe};
use crate::report::Subject;
use crate::source::{Origin, Sources};
use cargo_toml::Wanted;
use features::Selection;
use metadata::{Dependency, Failure, MetaIx, MetaPackage, Metadata};

pub(crate) use cargo_toml::DependencyLines;
pub(crate) use declaration::{named_at, own};
pub(crate) use metadata::cfg;
pub(crate) use plugins::{called, own_manifest, routes};

/// What to look for plugins in.
#[derive(Debug, Clone)]
pub(crate) struct Request<'a> {
    /// Folder of the composing package: the one with its Cargo.toml.
    pub(crate) package: &'a Path,
    /// The composition's own manifest.
    pub(crate) host: &'a Manifest,
    /// The target's triple; `None`: this machine's.
    pub(crate) target: Option<&'a str>,
    /// The host's features that are on, as Cargo names them to a build script after `CARGO_FEATURE_`; `None`: the default ones.
    pub(crate) features: Option<&'a BTreeSet<String>>,
    /// Compose for a test of the package: its development dependencies count, and so does its own library, by its name.
    pub(crate) development: bool,
    /// The cargo program.
    pub(crate) cargo: OsString,
    /// A folder to write to, for questions that need a Cargo.toml of their own.
    pub(crate) scratch: PathBuf,
}

impl<'a> Request<'a> {
    /// A request for a package with its default features, by the cargo that runs this build.
    pub(crate) fn new(package: &'a Path, host: &'a Manifest) -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let scratch = std::env::var_os("OUT_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
        Self {
            package,
            host,
            target: None,
            features: None,
            development: false,
            cargo,
            scratch,
        }
    }
}

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
    /// Manifests of the host's direct dependencies, in the order of the packages; [`Package::manifest`] counts in this list.
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
    /// Where the host names its dependencies.
    pub(crate) lines: DependencyLines,
    /// What Cargo says of the composing package; `None` where it was not asked.
    pub(crate) subject: Option<Subject>,
}

/// Finds packages and plugins; `None` where Cargo has no answer, which is reported.
pub(crate) fn discover(
    request: &Request<'_>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Option<Discovery> {
    let metadata = match metadata::ask(request) {
        Ok(metadata) => metadata,
        Err(Failure { fault, words }) => {
            let words = without_path(&words, request.package);
            problems.report(Problem::CargoFailed { fault, words }, None);
            return None;
        }
    };
    let Some(root) = metadata.root() else {
        problems.report(
            Problem::CargoFailed {
                fault: CargoFault::NoRoot,
                words: String::new(),
            },
            None,
        );
        return None;
    };
    let selection = features::select(&metadata, root, request);
    let (universe, packages) = universe(&metadata, root, &selection, request.development);
    let mut discovery = Discovery::of(universe);
    discovery.subject = metadata.package(root).subject();
    discovery.watch(&metadata, &packages, request.package);
    let wanted = dependencies(&discovery.universe, &metadata, root, &selection, request);
    let cargo_toml = request.package.join("Cargo.toml");
    discovery.lines = DependencyLines::new(&cargo_toml, wanted, sources);
    plugins::read(&mut discovery, &packages, request, sources, problems);
    let is_on = |declared: &Dependency| selection.is_on(root, declared, request.development);
    plugins::report_without_library(&mut discovery, (&metadata, root), is_on, sources, problems);
    absent::find(&mut discovery, (&metadata, root), &selection, sources);
    let own = Some(request.host).filter(|_| !request.development);
    discovery.refuse_doubles(own, problems);
    Some(discovery)
}

/// A path on this machine does not belong into a message: the package and the two folders above it get relative names.
fn without_path(words: &str, package: &Path) -> String {
    let mut words = words.to_owned();
    for (folder, name) in package.ancestors().zip([".", "..", "../.."]) {
        let path = folder.to_string_lossy();
        if path.len() > 1 {
            words = words
                .replace(&format!("{path}/"), &format!("{name}/"))
                .replace(&*path, name);
        }
    }
    words
}

/// The packages that the host reaches, sorted; and what Cargo says of each.
fn universe<'m>(
    metadata: &'m Metadata,
    root: MetaIx,
    selection: &Selection<'m>,
    own_library: bool,
) -> (Universe, Vec<&'m MetaPackage>) {
    let reached = |number: &MetaIx| selection.features[*number].is_some();
    let mut reached: Vec<MetaIx> = (0..metadata.len()).filter(reached).collect();
    reached.sort_by_key(|number| {
        let package = metadata.package(*number);
        (&package.name, &package.version, &package.id)
    });
    let mut places: Vec<Option<PackageIx>> = vec![None; metadata.len()];
    for (place, number) in reached.iter().enumerate() {
        places[*number] = Some(place);
    }
    let package = |number: &MetaIx| {
        let package = metadata.package(*number);
        let edges = selection.edges[*number].iter();
        let externs = edges.filter_map(|(name, to)| Some(((*name).to_owned(), places[*to]?)));
        let features = selection.features[*number].iter().flatten();
        Package {
            name: package.name.clone(),
            version: package.version.clone(),
            externs: externs.collect(),
            lib: package.library(),
            features: features.map(|feature| (*feature).to_owned()).collect(),
            declared: package.features.keys().cloned().collect(),
            home: package.home(),
            asks: BTreeMap::new(),
            manifest: None,
        }
    };
    let mut packages: Vec<Package> = reached.iter().map(package).collect();
    let host = places[root].unwrap_or(0);
    let reached = reached.into_iter().map(|number| metadata.package(number));
    let reached: Vec<&MetaPackage> = reached.collect();
    note_asks(&mut packages, host, &reached);
    if own_library && let Some(name) = packages[host].lib.clone() {
        packages[host].externs.entry(name).or_insert(host);
    }
    (Universe { packages, host }, reached)
}

/// Notes what packages ask for of others that are there in several versions, and what the host asks for.
fn note_asks(packages: &mut [Package], host: PackageIx, reached: &[&MetaPackage]) {
    // Packages are sorted by name.
    let pairs = packages.windows(2).filter(|two| two[0].name == two[1].name);
    let several: BTreeSet<String> = pairs.map(|two| two[0].name.clone()).collect();
    let askers = match several.is_empty() {
        true => host..packages.len().min(host + 1),
        false => 0..packages.len(),
    };
    for number in askers {
        let declared = reached[number].dependencies.iter();
        let mut asks = BTreeMap::new();
        let mut by_name: BTreeMap<&str, Vec<(&str, PackageIx)>> = BTreeMap::new();
        for (called, target) in &packages[number].externs {
            let name = packages[*target].name.as_str();
            by_name.entry(name).or_default().push((called, *target));
        }
        for one in declared.filter(|one| number == host || several.contains(&one.name)) {
            for (called, target) in by_name.get(one.name.as_str()).into_iter().flatten() {
                let target_package = &packages[*target];
                let is_it = target_package.name == one.name
                    && one.is_called(called, target_package.lib.as_deref());
                if let (true, Ok(versions)) = (is_it, VersionReq::parse(&one.req)) {
                    let key = features::key(one).to_owned();
                    asks.insert(*target, Ask { key, versions });
                }
            }
        }
        packages[number].asks = asks;
    }
}

/// What the host's Cargo.toml calls its direct dependencies.
fn dependencies(
    universe: &Universe,
    metadata: &Metadata,
    root: MetaIx,
    selection: &Selection<'_>,
    request: &Request<'_>,
) -> Vec<Wanted> {
    let mut by_name: BTreeMap<&str, Vec<(&str, PackageIx)>> = BTreeMap::new();
    for (called, package) in &universe.packages[universe.host].externs {
        let name = universe.packages[*package].name.as_str();
        by_name.entry(name).or_default().push((called, *package));
    }
    let declared = metadata.package(root).dependencies.iter();
    let mut wanted = Vec::new();
    // A normal dependency is more of a reason than one for tests.
    for development in [false, true] {
        let of_kind = |one: &&Dependency| one.kind.is_some() == development;
        for one in declared.clone().filter(of_kind) {
            if !selection.is_on(root, one, request.development) {
                continue;
            }
            for (called, package) in by_name.get(one.name.as_str()).into_iter().flatten() {
                let lib = universe.packages[*package].lib.as_deref();
                if one.is_called(called, lib) {
                    wanted.push(Wanted {
                        package: *package,
                        key: features::key(one).to_owned(),
                        development,
                        target: one.target.clone(),
                    });
                }
            }
        }
    }
    wanted.reverse();
    wanted
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
            lines: DependencyLines::default(),
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
        let problem = Problem::NoLibrary {
            id: plugin.id.value.clone(),
            package: package.to_owned(),
        };
        problems.report(problem, plugin.id.origin);
        self.poison.absorb(&plugin.id.value);
        self.poison.leave_out_layer(&manifest.layer);
    }

    /// Remembers the files that Cargo's answer depends on.
    fn watch(&mut self, metadata: &Metadata, packages: &[&MetaPackage], package: &Path) {
        self.files.push(package.join("Cargo.toml"));
        self.files.push(metadata.workspace_root.join("Cargo.toml"));
        let local = packages.iter().filter(|package| package.source.is_none());
        self.files
            .extend(local.map(|package| package.manifest_path.clone()));
        // Cargo takes a file that does not exist for one that has changed; what it has read is there.
        let lock = metadata.workspace_root.join("Cargo.lock");
        if lock.exists() {
            self.files.push(lock);
        }
    }

    /// Leaves out plugins whose id is another's; the host's own manifest, where it takes part, comes first.
    pub(crate) fn refuse_doubles(&mut self, host: Option<&Manifest>, problems: &mut Diagnostics) {
        let mut known: BTreeMap<&str, (PackageIx, Origin)> = BTreeMap::new();
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
            let (package, first) = *known.entry(id).or_insert((found.package, at));
            if first == at {
                continue;
            }
            let problem = Problem::PluginIdTwice {
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
            self.poison.leave_out_layer(&found.manifest.layer);
            found.manifest = Manifest::unreadable(found.manifest.source, "");
        }
    }
}
