//! A host and the packages around it, in memory.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use semver::Version;

use super::Outcome;
use crate::diagnostic::Diagnostics;
use crate::digest::digest;
use crate::discover::{Declared, Discovery, Found, Wordless};
use crate::front::composer::{Composer, Reading};
use crate::index::{IndexVec, Ix};
use crate::key_map::KeyMap;
use crate::manifest;
use crate::model::{self, Manifest, PackageIx, Universe};
use crate::runtime::RUNTIME;
use crate::sort::sort_by;
use crate::source::Sources;

/// A package, with its manifest if it has one.
#[derive(Debug, Clone)]
pub struct Package {
    pub(super) name: String,
    pub(super) version: Version,
    pub(super) dependencies: Vec<CaseDependency>,
    pub(super) features: BTreeSet<String>,
    /// Features that it has besides.
    pub(super) declares: BTreeSet<String>,
    pub(super) library: bool,
    /// Path of the manifest, relative to the package, and its bytes.
    pub(super) manifest: Option<(String, Vec<u8>)>,
}

/// What a package calls another.
#[derive(Debug, Clone)]
pub(super) struct CaseDependency {
    /// The name it has in Rust.
    pub(super) extern_name: String,
    pub(super) package: String,
    /// `None`: the only version that there is.
    pub(super) version: Option<Version>,
}

impl CaseDependency {
    /// `name`, `name 1.2.3` or `extern_name = name 1.2.3`, as in `Package::depends_on`.
    #[track_caller]
    fn parse(spec: &str) -> Self {
        let (rename, spec) = match spec.split_once('=') {
            Some((rename, spec)) => (Some(rename.trim()), spec.trim()),
            None => (None, spec.trim()),
        };
        let (package, version) = match spec.split_once(' ') {
            Some((package, version)) => (package, Some(version)),
            None => (spec, None),
        };
        Self {
            extern_name: rename.unwrap_or(package).replace('-', "_"),
            package: package.to_owned(),
            version: version.map(version_of),
        }
    }

    /// Whether it means this package.
    pub(super) fn is(&self, package: &Package) -> bool {
        package.name == self.package
            && (self.version.as_ref()).is_none_or(|version| *version == package.version)
    }
}

impl Package {
    /// A package with a library, and nothing else yet.
    ///
    /// # Panics
    /// If the version is none.
    #[must_use]
    #[track_caller]
    pub fn new(name: impl Into<String>, version: &str) -> Self {
        Self {
            name: name.into(),
            version: version_of(version),
            dependencies: Vec::new(),
            features: BTreeSet::new(),
            declares: BTreeSet::new(),
            library: true,
            manifest: None,
        }
    }

    /// The text of its `plugins.toml`. Any bytes.
    #[must_use]
    pub fn manifest(self, text: impl Into<Vec<u8>>) -> Self {
        self.manifest_file("plugins.toml", text)
    }

    /// The manifest of the package, in a file of another name than `plugins.toml`. Any bytes.
    #[must_use]
    pub fn manifest_file(mut self, path: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        self.manifest = Some((path.into(), text.into()));
        self
    }

    /// Packages that it depends on: `"clock"`; `"clock 2.0.0"` where the case has several versions; `"time = clock"` where it
    /// calls the package by another name.
    ///
    /// # Panics
    /// If a version is none.
    #[must_use]
    #[track_caller]
    pub fn depends_on<'a>(mut self, packages: impl IntoIterator<Item = &'a str>) -> Self {
        for spec in packages {
            self.dependencies.push(CaseDependency::parse(spec));
        }
        self
    }

    /// Features that are on.
    #[must_use]
    pub fn features<'a>(mut self, features: impl IntoIterator<Item = &'a str>) -> Self {
        self.features
            .extend(features.into_iter().map(str::to_owned));
        self
    }

    /// Further features that it has, which are off.
    #[must_use]
    pub fn declares<'a>(mut self, features: impl IntoIterator<Item = &'a str>) -> Self {
        self.declares
            .extend(features.into_iter().map(str::to_owned));
        self
    }

    /// A package of programs only: Cargo lets nobody depend on it.
    #[must_use]
    pub fn without_library(mut self) -> Self {
        self.library = false;
        self
    }

    /// What its Cargo.toml would declare.
    pub(super) fn declared(&self) -> Declared {
        let externs = self.dependencies.iter();
        Declared {
            package: self.name.clone(),
            externs: externs.map(|one| one.extern_name.clone()).collect(),
            runtime: RUNTIME.to_owned(),
            has_manifest: self.manifest.is_some(),
            features: self.features.union(&self.declares).cloned().collect(),
            ..Declared::default()
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

#[track_caller]
fn version_of(text: &str) -> Version {
    Version::parse(text).unwrap_or_else(|error| panic!("`{text}` is not a version: {error}"))
}

/// A composition to be tried: a host, and the packages around it.
#[derive(Debug, Clone)]
pub struct Case {
    pub(crate) host: Package,
    pub(super) others: Vec<Package>,
    pub(super) overlays: Vec<String>,
    pub(super) target: Option<String>,
    pub(super) cfg: Option<Vec<String>>,
}

impl Case {
    /// A host alone.
    #[must_use]
    pub fn new(host: Package) -> Self {
        Self {
            host,
            others: Vec::new(),
            overlays: Vec::new(),
            target: None,
            cfg: None,
        }
    }

    /// Adds a package that the host depends on. One that is there already, in this version, is replaced.
    #[must_use]
    pub fn with(mut self, package: Package) -> Self {
        if !self.host.dependencies.iter().any(|one| one.is(&package)) {
            self.host.dependencies.push(CaseDependency {
                extern_name: package.name.replace('-', "_"),
                package: package.name.clone(),
                version: Some(package.version.clone()),
            });
        }
        self.beside(package)
    }

    /// Adds a package that the host does not depend on, or that stands among its dependencies already.
    #[must_use]
    pub fn beside(mut self, package: Package) -> Self {
        self.others
            .retain(|other| (&other.name, &other.version) != (&package.name, &package.version));
        self.others.push(package);
        self
    }

    /// Adds a package that is known not to be there yet.
    #[cfg(test)]
    pub(crate) fn also(mut self, package: Package) -> Self {
        self.others.push(package);
        self
    }

    /// The manifest that messages call by this name.
    #[cfg(test)]
    pub(crate) fn manifest_of(&mut self, file: &str) -> Option<&mut Vec<u8>> {
        let (package, path) = file.rsplit_once('/').unwrap_or(("", file));
        let (name, version) = package.split_once('@').unwrap_or((package, ""));
        let mut others = self.others.iter_mut();
        let found = match name {
            "" => &mut self.host,
            _ => others.find(|one| {
                one.name == name && (version.is_empty() || one.version.to_string() == version)
            })?,
        };
        let manifest = found.manifest.as_mut().filter(|(own, _)| own == path);
        manifest.map(|(_, bytes)| bytes)
    }

    /// What messages call the manifests of its packages, the host's aside.
    #[cfg(test)]
    pub(crate) fn manifests(&self) -> Vec<String> {
        let names = self.others.iter();
        names
            .map(|one| format!("{}/plugins.toml", one.name))
            .collect()
    }

    /// Applies this overlay of the host's manifest, besides those that were named before.
    #[must_use]
    pub fn overlay(mut self, name: impl Into<String>) -> Self {
        self.overlays.push(name.into());
        self
    }

    /// Composes for this target triple instead of this machine's.
    #[must_use]
    pub fn target(mut self, triple: impl Into<String>) -> Self {
        self.target = Some(triple.into());
        self
    }

    /// What is known of the target, as `rustc --print cfg` has it: `unix`, `target_os="linux"`. Without this, rustc is asked,
    /// where a manifest wants to know.
    #[must_use]
    pub fn cfg<'a>(mut self, lines: impl IntoIterator<Item = &'a str>) -> Self {
        self.cfg = Some(lines.into_iter().map(str::to_owned).collect());
        self
    }

    /// Runs the compiler.
    ///
    /// # Panics
    /// If a package depends on one that the case does not have.
    #[must_use]
    #[track_caller]
    pub fn compose(&self) -> Outcome {
        let mut composer = Composer::new("");
        for overlay in &self.overlays {
            composer = composer.overlay(overlay);
        }
        if let Some(target) = &self.target {
            composer = composer.target(target);
        }
        if let Some(cfg) = &self.cfg {
            composer = composer.cfg(cfg.iter().cloned());
        }
        let universe = self.universe();
        let (name, bytes) = match &self.host.manifest {
            Some((name, bytes)) => (name.as_str(), bytes.as_slice()),
            None => ("plugins.toml", &[][..]),
        };
        let reading = Reading::of(Path::new(""), PathBuf::new());
        let composed = composer.compose_from(name, bytes, reading, &|host, sources, problems| {
            Some(self.discovery(universe.clone(), host, sources, problems))
        });
        Outcome::new(composed)
    }

    /// Every package, sorted, with its dependencies by number.
    #[track_caller]
    fn universe(&self) -> Universe {
        let mut all: IndexVec<PackageIx, &Package> =
            self.others.iter().chain([&self.host]).collect();
        sort_by(&mut all, |a, b| {
            (&a.name, &a.version).cmp(&(&b.name, &b.version))
        });
        let mut numbers: KeyMap<&str, Vec<PackageIx>> = KeyMap::new();
        for (number, package) in all.indexed() {
            let of_name = numbers.entry(&package.name).get_or_insert_default();
            of_name.push(number);
        }
        let number = |dependency: &CaseDependency, of: &Package| {
            let found = numbers.get(dependency.package.as_str());
            let mut found = found.into_iter().flatten();
            let found = found.find(|number| dependency.is(all[**number]));
            *found.unwrap_or_else(|| {
                panic!("package `{}` depends on `{}`, which this case does not have: add it with `Case::with` or `Case::beside`", of.name, dependency.package)
            })
        };
        let mut packages = IndexVec::new();
        for package in &all {
            let mut externs = KeyMap::new();
            for dependency in &package.dependencies {
                let number = number(dependency, package);
                // Cargo leaves packages without a library out.
                if all[number].library {
                    externs.insert(dependency.extern_name.clone(), number);
                }
            }
            packages.push(model::Package {
                name: package.name.clone(),
                version: package.version.clone(),
                externs,
                off: KeyMap::new(),
                lib: package.library.then(|| package.name.replace('-', "_")),
                features: package.features.clone(),
                declared: (package.features.iter().chain(&package.declares))
                    .cloned()
                    .collect(),
                home: model::Home::Unknown,
                in_workspace: true,
                asks: Vec::new(),
                sources: None,
                manifest: None,
            });
        }
        let mut found = all.indexed();
        let host = found.find(|(_, package)| std::ptr::eq(**package, &raw const self.host));
        let host = host.map_or(PackageIx::new(0), |(host, _)| host);
        Universe { packages, host }
    }

    /// What discovery would have found. Plugins are found in the order in which the case names them.
    fn discovery(
        &self,
        universe: Universe,
        host: &Manifest,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Discovery {
        let mut discovery = Discovery::of(universe);
        let routes = discovery.routes();
        let mut wordless: Vec<Wordless> = Vec::new();
        for package in &self.others {
            let Some((path, bytes)) = &package.manifest else {
                continue;
            };
            let universe = &discovery.universe;
            let same = |one: &model::Package| {
                (&one.name, &one.version) == (&package.name, &package.version)
            };
            let found = universe.packages.indexed().find(|(_, one)| same(one));
            let Some(number) = found.map(|(number, _)| number) else {
                continue;
            };
            let direct = self.host.dependencies.iter().any(|one| one.is(package));
            let called = format!("{}{path}", discovery.called(number));
            if direct && !package.library {
                let manifest =
                    manifest::read_bytes(&called, bytes, sources, &mut Diagnostics::default());
                discovery.without_library(&manifest, &package.name, false, problems);
                continue;
            }
            let Some(via) = routes[number] else {
                continue;
            };
            let mut ignored = Diagnostics::default();
            let reports = if direct { &mut *problems } else { &mut ignored };
            let before = reports.len();
            let found = Found {
                package: number,
                manifest: manifest::read_bytes(&called, bytes, sources, reports),
                name: called,
                digest: digest(bytes),
                via,
                declared: direct.then(|| package.declared()),
            };
            let is_told = reports.len() > before;
            wordless.extend(discovery.add(found, is_told, true));
        }
        discovery.report_wordless(host, wordless, problems);
        discovery.refuse_doubles(Some(host), problems);
        discovery
    }
}
