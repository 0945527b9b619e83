//! What a lock says of one of its points, as discovery finds it.

use std::path::{Path, PathBuf};

use semver::VersionReq;

use super::{Lock, LockedCall, LockedManifest, LockedPackage, LockedSource};
use crate::diagnostic::mistake::{LockNeedsFile, LockStale, StaleFact};
use crate::diagnostic::{Diagnostics, Told};
use crate::digest::digest;
use crate::discover::{Discovery, Found, HostDependency, lines};
use crate::index::IndexVec;
use crate::key_map::KeyMap;
use crate::manifest;
use crate::model::{
    Absent, Ask, DependencyOff, Home, Manifest, Package, PackageIx, Subject, Universe,
};
use crate::source::{Sources, below, slashed};

/// Finds packages and plugins in a lock.
pub(crate) struct Finder<'a> {
    /// The lock.
    pub(crate) lock: &'a Lock,
    /// The number of the point.
    pub(crate) point: usize,
    /// Folder of the composing package.
    pub(crate) package: &'a Path,
    /// The composition's own manifest.
    pub(crate) host: &'a Manifest,
    /// Reads a manifest that the lock does not hold; its path starts from the root of the workspace.
    pub(crate) read: &'a dyn Fn(&Path) -> Option<Vec<u8>>,
}

impl Finder<'_> {
    /// What the lock knows; `None` where a manifest that it does not hold is another or is not there, which is reported.
    pub(crate) fn find(
        &self,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Option<Discovery> {
        let here = self.lock.packages.iter();
        let here = here.filter(|package| package.at.contains(&self.point));
        let here: IndexVec<PackageIx, &LockedPackage> = here.collect();
        let places = here.indexed().map(|(number, one)| (one.id(), number));
        let places: KeyMap<String, PackageIx> = places.collect();
        let packages: IndexVec<PackageIx, Package> =
            here.iter().map(|one| self.package(one, &places)).collect();
        let mut all = here.indexed();
        let (host, _) = all.find(|(_, package)| package.name == self.lock.host)?;
        let root = self.root();
        let mut discovery = Discovery::of(Universe { packages, host });
        discovery.subject = Some(Subject::unasked(self.package, root.clone()));
        discovery.files = vec![self.package.join("Cargo.toml")];
        discovery.absent = self.absent();
        discovery.features.clone_from(&self.lock.features);
        let dependencies = dependencies(&discovery.universe);
        discovery.lines = match &self.host.distribution {
            Some(edition) => edition.lines(&dependencies),
            None => lines(&self.package.join("Cargo.toml"), &dependencies, sources),
        };
        let before = problems.len();
        for (number, locked) in here.indexed() {
            let Some(manifest) = &locked.manifest else {
                continue;
            };
            if number == host {
                if let Some(file) = locked.file(manifest) {
                    sources.is_called(self.host.source, slashed(&file));
                }
                continue;
            }
            let via = match &locked.via {
                Some(via) => *places.get(via)?,
                None => number,
            };
            let Some(bytes) = self.bytes(locked, manifest, &mut discovery, problems) else {
                continue;
            };
            let name = format!("{}{}", discovery.called(number), manifest.path);
            let mut unreported = Diagnostics::default();
            let problems = match via == number {
                true => &mut *problems,
                false => &mut unreported,
            };
            let read = manifest::read_bytes(&name, &bytes, sources, problems);
            let inside = locked.file(manifest).filter(|file| !file.starts_with(".."));
            let called = inside.map_or_else(|| name.clone(), |file| slashed(&file));
            sources.is_called(read.source, called);
            if let LockedSource::Folder { path, .. } = &locked.source {
                sources.lies_at(
                    read.source,
                    below(&root, &Path::new(path).join(&manifest.path)),
                );
            }
            let found = Found {
                package: number,
                manifest: read,
                name,
                digest: manifest.digest.clone(),
                via,
                // A lock is written where a plugin fits what its package declares.
                declared: None,
            };
            discovery.add(found, true, true);
        }
        if problems.len() > before {
            return None;
        }
        discovery.refuse_doubles(Some(self.host), problems);
        Some(discovery)
    }

    /// Root of the workspace, where its folders are as they were.
    fn root(&self) -> PathBuf {
        self.lock.root(self.package)
    }

    fn package(&self, locked: &LockedPackage, places: &KeyMap<String, PackageIx>) -> Package {
        let is_host = locked.name == self.lock.host;
        let features = locked.features.iter();
        let features = features.filter(|(_, at)| at.contains(&self.point));
        let (mut externs, mut off, mut asks) = (KeyMap::new(), KeyMap::new(), Vec::new());
        for (name, call) in &locked.calls {
            match call.at.contains(&self.point) {
                true => {
                    let target = call.package.as_ref().and_then(|id| places.get(id));
                    let Some(target) = target.copied() else {
                        continue;
                    };
                    externs.insert(name.clone(), target);
                    asks.extend(call.ask(target));
                }
                false => {
                    if let Some(why) = call.off(self.point) {
                        off.insert(name.clone(), why);
                    }
                }
            }
        }
        Package {
            name: locked.name.clone(),
            version: locked.version.clone(),
            externs,
            off,
            lib: locked.library.clone(),
            features: match is_host {
                true => self.lock.points[self.point].features.clone(),
                false => features.map(|(name, _)| name.clone()).collect(),
            },
            declared: locked.declared.clone(),
            home: match &locked.source {
                LockedSource::Registry => Home::Source("registry".to_owned()),
                LockedSource::Git(source) => Home::Source(source.clone()),
                LockedSource::Folder { path, .. } => {
                    Home::Folder(below(&self.root(), Path::new(path)))
                }
            },
            in_workspace: matches!(&locked.source, LockedSource::Folder { member: true, .. }),
            asks,
            sources: None,
            manifest: None,
        }
    }

    /// The bytes of a manifest.
    fn bytes(
        &self,
        locked: &LockedPackage,
        manifest: &LockedManifest,
        discovery: &mut Discovery,
        problems: &mut Diagnostics,
    ) -> Option<Vec<u8>> {
        let file = locked.file(manifest);
        let read = file.as_deref().and_then(self.read);
        if let (Some(_), Some(file)) = (&read, &file) {
            discovery.files.push(below(&self.root(), file));
        }
        let package = locked.name.clone();
        let fault = match manifest.bytes(read) {
            Ok(bytes) => return Some(bytes),
            Err(fault) => fault,
        };
        let path = file.as_deref().map_or_else(String::new, slashed);
        let told: Told = match fault {
            ManifestFault::Changed => {
                let facts = vec![StaleFact::Manifest { package, path }];
                LockStale { facts }.into()
            }
            ManifestFault::Missing => LockNeedsFile { package, path }.into(),
        };
        problems.report(told, None);
        None
    }

    fn absent(&self) -> Vec<Absent> {
        let here = self.lock.absent.iter();
        let here = here.filter(|absent| absent.at.contains(&self.point));
        let absent = here.map(|absent| Absent {
            names: absent.names.clone(),
            package: absent.package.clone(),
            feature: absent.feature.clone(),
            platform: absent.platform.clone(),
            host: self.lock.host.clone(),
            provides: Vec::new(),
            entries: absent.entries.clone(),
        });
        absent.collect()
    }
}

impl Lock {
    /// Root of the workspace of the host in this folder, where its folders are as they were.
    pub(crate) fn root(&self, package: &Path) -> PathBuf {
        let root = package.ancestors().nth(self.depth());
        root.unwrap_or(package).to_owned()
    }

    /// How many folders the host's is below the root of its workspace.
    pub(crate) fn depth(&self) -> usize {
        let folder = self.own_manifest().map_or("", |(folder, _)| folder);
        Path::new(folder).components().count()
    }
}

/// Why a manifest cannot be had.
pub(crate) enum ManifestFault {
    /// Its file is another than the lock knows.
    Changed,
    /// There is no file, and the lock does not hold it.
    Missing,
}

impl LockedManifest {
    /// What stands in it, of what its file has, if that was read: where it can be looked at, it is.
    pub(crate) fn bytes(&self, read: Option<Vec<u8>>) -> Result<Vec<u8>, ManifestFault> {
        match (read, &self.text) {
            (Some(read), _) if digest(&read) != self.digest => Err(ManifestFault::Changed),
            (Some(read), _) => Ok(read),
            (None, Some(text)) => Ok(text.clone().into_bytes()),
            (None, None) => Err(ManifestFault::Missing),
        }
    }
}

impl LockedPackage {
    /// Where its manifest lies, from the root of the workspace; `None` where that is not known.
    pub(super) fn file(&self, manifest: &LockedManifest) -> Option<PathBuf> {
        match &self.source {
            LockedSource::Folder { path, .. } => Some(Path::new(path).join(&manifest.path)),
            _ => None,
        }
    }
}

impl LockedCall {
    fn ask(&self, package: PackageIx) -> Option<Ask> {
        Some(Ask {
            package,
            key: self.key.clone()?,
            versions: VersionReq::parse(self.versions.as_ref()?).ok()?,
            brought: self.brings.clone(),
        })
    }

    /// Why it is not there at a point.
    fn off(&self, point: usize) -> Option<DependencyOff> {
        match self.elsewhere.contains(&point) {
            true => Some(DependencyOff::Platform),
            false => self.feature.clone().map(DependencyOff::Feature),
        }
    }
}

/// What the host's Cargo.toml calls its direct dependencies.
fn dependencies(universe: &Universe) -> Vec<HostDependency> {
    let asks = universe.packages[universe.host].asks.iter();
    let dependencies = asks.map(|ask| HostDependency {
        package: ask.package,
        key: ask.key.clone(),
        development: false,
        target: None,
    });
    dependencies.collect()
}
