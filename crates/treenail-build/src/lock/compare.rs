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
        if let Some(now) = DependencyFacts::of(self.package) {
            let added = now.dependencies.difference(&lock.dependencies);
            facts.extend(added.cloned().map(StaleFact::Added));
            let removed = lock.dependencies.difference(&now.dependencies);
            facts.extend(removed.cloned().map(StaleFact::Removed));
            let locked = host.map(|host| host.version.to_string());
            if let (Some(locked), Some(now)) = (locked, now.version)
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
        facts.extend(others.filter_map(|package| self.other_cargo_toml(package, lock, is_told)));
        let file = cargo_lock_above(self.package, lock.depth());
        if let Some(versions) = file.and_then(|file| LockedVersions::of_file(&file)) {
            facts.extend(lock.other_versions(&versions));
        }
        facts
    }

    /// What is new in the Cargo.toml of a package, if it can be read; that of the host may have been told already.
    fn other_cargo_toml(
        &self,
        package: &LockedPackage,
        lock: &Lock,
        is_told: bool,
    ) -> Option<StaleFact> {
        let LockedSource::Folder {
            path, cargo_toml, ..
        } = &package.source
        else {
            return None;
        };
        let is_host = package.name == lock.host;
        let now = match is_host {
            true => DependencyFacts::of(self.package),
            false => DependencyFacts::of(&below(&lock.root(self.package), Path::new(path))),
        };
        let is_other = now?.digest? != *cargo_toml.as_ref()?;
        let name = (!is_host).then(|| package.name.clone());
        (is_other && !(is_host && is_told)).then_some(StaleFact::CargoToml(name))
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
