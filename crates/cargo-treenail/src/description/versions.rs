//! Types without the versions of their packages.

use std::collections::{BTreeMap, BTreeSet};

use super::Description;

impl Description {
    /// Leaves the versions out of all types that are told apart without them, and keeps them by package.
    pub(super) fn leave_out_versions(&mut self) {
        let mut keys = BTreeMap::new();
        let known = self.services.iter().map(|one| &one.key);
        let known: BTreeSet<String> = known
            .chain(self.registries.iter().map(|one| &one.key))
            .cloned()
            .collect();
        for key in &known {
            for (package, version) in packages(key) {
                let versions = self.contracts.entry(package.to_owned()).or_default();
                versions.insert(version.to_owned());
            }
            keys.insert(key.clone(), without_versions(key));
        }
        let stems: Vec<String> = keys.values().cloned().collect();
        // Two versions of one contract are two.
        keys.retain(|_, stem| stems.iter().filter(|one| *one == stem).count() == 1);
        let replace = |key: &mut String| {
            if let Some(stem) = keys.get(key) {
                key.clone_from(stem);
            }
        };
        self.services
            .iter_mut()
            .for_each(|one| replace(&mut one.key));
        self.registries
            .iter_mut()
            .for_each(|one| replace(&mut one.key));
        for component in &mut self.components {
            component.provides.iter_mut().for_each(replace);
            component.decorates.iter_mut().for_each(replace);
            component
                .needs
                .iter_mut()
                .for_each(|need| replace(&mut need.service));
        }
        let left_out = self.left_out.iter_mut();
        left_out.flat_map(|one| &mut one.provides).for_each(replace);
    }
}

/// The packages that a key names, with their versions.
fn packages(key: &str) -> impl Iterator<Item = (&str, &str)> {
    key.split("::").filter_map(|part| {
        let start = part.rfind([' ', '<', '(', ',', '&']).map_or(0, |at| at + 1);
        part[start..].split_once('@')
    })
}

/// A key without the versions of its packages.
fn without_versions(key: &str) -> String {
    let mut parts = key.split('@');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |known, part| {
        let rest = part.find("::").map_or("", |at| &part[at..]);
        known + rest
    })
}
