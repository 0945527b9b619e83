//! The versions of packages in a Cargo.lock.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::files;

/// The versions of every package in a Cargo.lock, by its name.
#[derive(Debug, Default)]
pub(crate) struct LockedVersions {
    all: BTreeMap<String, BTreeSet<String>>,
}

impl LockedVersions {
    /// Of this file; `None` where it cannot be read.
    pub(crate) fn of_file(file: &Path) -> Option<Self> {
        let text = String::from_utf8(files::read(file).ok()?).ok()?;
        Some(Self::of_text(&text))
    }

    fn of_text(text: &str) -> Self {
        let mut found = Self::default();
        let value = |line: &str, key: &str| {
            let value = line.strip_prefix(key)?.strip_prefix(" = \"")?;
            Some(value.strip_suffix('"')?.to_owned())
        };
        let mut name = None;
        for line in text.lines() {
            name = value(line, "name").or(name);
            if let Some(version) = value(line, "version")
                && let Some(name) = name.take()
            {
                found.all.entry(name).or_default().insert(version);
            }
        }
        found
    }

    /// The versions of one package.
    pub(crate) fn of(&self, package: &str) -> impl Iterator<Item = &String> {
        self.all.get(package).into_iter().flatten()
    }
}

/// The nearest Cargo.lock in a folder or so many above it.
pub(crate) fn cargo_lock_above(folder: &Path, levels: usize) -> Option<PathBuf> {
    let folders = folder.ancestors().take(levels + 1);
    let mut files = folders.map(|folder| folder.join("Cargo.lock"));
    files.find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::LockedVersions;

    #[test]
    fn every_version_of_a_package_is_found() {
        let text = "version = 4\n\n[[package]]\nname = \"mail\"\nversion = \"0.3.1\"\n\n[[package]]\nname = \"mail\"\nversion = \"1.0.0\"\ndependencies = [\n \"api\",\n]\n";
        let versions = LockedVersions::of_text(text);
        assert_eq!(versions.of("mail").collect::<Vec<_>>(), ["0.3.1", "1.0.0"]);
        assert_eq!(versions.of("api").count(), 0);
    }
}
