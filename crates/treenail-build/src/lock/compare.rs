//! Whether a lock is of the package that is composed, as it is now.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{FILE, Lock, LockedPackage, LockedSource};
use crate::diagnostic::mistake::StaleFact;
use crate::digest::digest;
use crate::discover::{DependencyFacts, LockedVersions, cargo_lock_above};
use crate::source::below;

/// The composing package's own manifest.
pub(crate) struct OwnManifest<'a> {
    /// Folder of the package.
    pub(crate) package: &'a Path,
    /// The file.
    pub(crate) file: &'a Path,
    /// What stands in it.
    pub(crate) bytes: &'a [u8],
}

impl OwnManifest<'_> {
    /// Where the package's lock lies.
    pub(crate) fn lock_file(&self) -> PathBuf {
        self.file.with_file_name(FILE)
    }

    /// What is another than the lock says, as far as that can be seen from here: the manifest, the Cargo.toml, and the Cargo.lock,
    /// where there is one. `now` is what the Cargo.toml says, if it can be read.
    pub(crate) fn differ_from(&self, lock: &Lock, now: Option<&DependencyFacts>) -> Vec<StaleFact> {
        let mut facts = Vec::new();
        let mut packages = lock.packages.iter();
        let host = packages.find(|package| package.name == lock.host);
        if let Some(host) = host
            && let Some(manifest) = &host.manifest
            && manifest.digest != digest(self.bytes)
        {
            facts.push(StaleFact::OwnManifest(manifest.path.clone()));
        }
        if let Some(now) = now {
            let added = now.dependencies.difference(&lock.dependencies);
            facts.extend(added.cloned().map(StaleFact::Added));
            let removed = lock.dependencies.difference(&now.dependencies);
            facts.extend(removed.cloned().map(StaleFact::Removed));
            let locked = host.map(|host| host.version.to_string());
            if let (Some(locked), Some(now)) = (locked, now.version.clone())
                && locked != now
            {
                let package = lock.host.clone();
                facts.push(StaleFact::Version {
                    package,
                    locked,
                    now,
                });
            }
        }
        let is_told = facts.iter().any(StaleFact::is_of_cargo_toml);
        let others = lock.packages.iter();
        facts.extend(others.filter_map(|package| {
            match package.name == lock.host {
                true => now
                    .filter(|now| !is_told && package.has_other(now))
                    .map(|_| StaleFact::CargoToml(None)),
                false => self.other_cargo_toml(package, lock),
            }
        }));
        let file = cargo_lock_above(self.package, lock.depth());
        if let Some(versions) = file.and_then(|file| LockedVersions::of_file(&file)) {
            facts.extend(lock.other_versions(&versions));
        }
        facts
    }

    /// What is new in the Cargo.toml of another package, if it can be read.
    fn other_cargo_toml(&self, package: &LockedPackage, lock: &Lock) -> Option<StaleFact> {
        let LockedSource::Folder { path, .. } = &package.source else {
            return None;
        };
        let now = DependencyFacts::of(&below(&lock.root(self.package), Path::new(path)))?;
        let name = package.name.clone();
        package
            .has_other(&now)
            .then_some(StaleFact::CargoToml(Some(name)))
    }
}

impl LockedPackage {
    /// Whether its Cargo.toml says something else of dependencies now, as far as both are known.
    fn has_other(&self, now: &DependencyFacts) -> bool {
        let LockedSource::Folder { cargo_toml, .. } = &self.source else {
            return false;
        };
        let both = cargo_toml.as_ref().zip(now.digest.as_ref());
        both.is_some_and(|(then, now)| then != now)
    }
}

impl Lock {
    /// Packages of which a Cargo.lock has other versions.
    fn other_versions(&self, versions: &LockedVersions) -> Vec<StaleFact> {
        let names: BTreeSet<&str> = self.packages.iter().map(|one| one.name.as_str()).collect();
        let mut facts = Vec::new();
        for name in names {
            let of_name = self.packages.iter().filter(|package| package.name == name);
            let mut locked: BTreeSet<String> = BTreeSet::new();
            for package in of_name {
                locked.insert(package.version.to_string());
                locked.extend(package.beside.iter().cloned());
            }
            let now: BTreeSet<String> = versions.of(name).cloned().collect();
            if now != locked {
                facts.push(StaleFact::Versions {
                    package: name.to_owned(),
                    locked: locked.into_iter().collect(),
                    now: now.into_iter().collect(),
                });
            }
        }
        facts
    }
}
