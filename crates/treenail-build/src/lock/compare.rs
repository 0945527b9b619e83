//! Whether a lock is of the package that is composed, as it is now.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{FILE, Lock};
use crate::diagnostic::mistake::StaleFact;
use crate::digest::digest;
use crate::discover::{DependencyFacts, LockedVersions, cargo_lock_above};

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
    /// where there is one.
    pub(crate) fn differ_from(&self, lock: &Lock) -> Vec<StaleFact> {
        let mut facts = Vec::new();
        let mut packages = lock.packages.iter();
        let host = packages.find(|package| package.name == lock.host);
        if let Some(host) = host
            && let Some(manifest) = &host.manifest
            && manifest.digest != digest(self.bytes)
        {
            facts.push(StaleFact::OwnManifest(manifest.path.clone()));
        }
        if let Some(stated) = DependencyFacts::of(self.package) {
            let now = &stated.dependencies;
            let added = now.difference(&lock.dependencies).cloned();
            facts.extend(added.map(StaleFact::Added));
            let removed = lock.dependencies.difference(now).cloned();
            facts.extend(removed.map(StaleFact::Removed));
            let both = stated.digest.as_ref().zip(lock.cargo_toml.as_ref());
            if *now == lock.dependencies && both.is_some_and(|(now, then)| now != then) {
                facts.push(StaleFact::CargoToml);
            }
        }
        let file = cargo_lock_above(self.package, lock.depth());
        if let Some(versions) = file.and_then(|file| LockedVersions::of_file(&file)) {
            facts.extend(lock.other_versions(&versions));
        }
        facts
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
