//! What an edition names, against what Cargo says of it.

use std::collections::BTreeSet;
use std::path::Path;

use super::cargo_toml::{HostDependency, has_library};
use super::declaration::own_manifest;
use super::declared::text;
use super::discovery::Discovery;
use super::features::Selection;
use super::metadata::Dependency;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{
    HostWithoutLibrary, NoPluginOfDistribution, NotInDistribution, UnnamedInDistribution,
};
use crate::index::IndexMap;
use crate::model::{CargoDependency, DistributionSection, PackageIx};
use crate::runtime::RUNTIME;
use crate::source::{Origin, below};

impl DistributionSection {
    /// All that is depended on, the library with `main` first.
    fn dependencies(&self) -> impl Iterator<Item = &CargoDependency> {
        std::iter::once(&self.host).chain(&self.plugins)
    }

    /// Where each dependency is named: Cargo.toml is made of this.
    pub(crate) fn lines(&self, dependencies: &[HostDependency]) -> IndexMap<PackageIx, Origin> {
        let mut lines = IndexMap::new();
        for one in dependencies {
            let mut named = self.dependencies();
            if let Some(found) = named.find(|named| named.key.value == one.key) {
                lines.entry(one.package).get_or_insert(found.key.origin);
            }
        }
        lines
    }

    /// The line that Cargo's words are about: the first that they name in backticks, alone or with what is asked of it.
    pub(crate) fn meant(&self, words: &str) -> Origin {
        let quoted = words.split('`').skip(1).step_by(2);
        let mut found = quoted.filter_map(|text| {
            let name = text.split_whitespace().next()?;
            let mut all = self.dependencies();
            all.find(|one| one.package == name || one.key.value == name)
        });
        found.next().map_or(self.origin, |one| one.key.origin)
    }
}

impl Discovery {
    /// The library with the edition's `main`, where Cargo has resolved it.
    pub(crate) fn host_library(&self, edition: &DistributionSection) -> Option<PackageIx> {
        let name = edition.host.key.value.replace('-', "_");
        let externs = &self.universe.packages[self.universe.host].externs;
        externs.get(name.as_str()).copied()
    }

    /// Reports a host that is no library, and packages that are no plugins.
    pub(super) fn check_distribution(
        &mut self,
        edition: &DistributionSection,
        dependencies: &[HostDependency],
        selection: &Selection<'_>,
        problems: &mut Diagnostics,
    ) {
        let package = selection.host();
        let declared: BTreeSet<&str> = package.dependencies.iter().map(Dependency::key).collect();
        let is_declared = |one: &CargoDependency| declared.contains(one.key.value.as_str());
        let resolved = |wanted: &CargoDependency| {
            let mut all = dependencies.iter();
            let found = all.find(|one| one.key == wanted.key.value)?;
            Some(found.package)
        };
        if resolved(&edition.host).is_none() && is_declared(&edition.host) {
            let package = edition.host.package.clone();
            problems.report(HostWithoutLibrary { package }, edition.host.key.origin);
        }
        for found in self
            .direct
            .iter()
            .filter(|one| one.manifest.plugin.is_some())
        {
            let package = &self.universe.packages[found.package].name;
            let mut named = dependencies
                .iter()
                .filter(|one| one.package == found.package);
            let is_named = named.any(|one| {
                edition
                    .dependencies()
                    .any(|named| named.key.value == one.key)
            });
            if !is_named && package != RUNTIME {
                let package = package.clone();
                problems.report(UnnamedInDistribution { package }, edition.origin);
            }
        }
        for one in &edition.plugins {
            let Some(package) = resolved(one) else {
                let is_behind = !is_declared(one);
                let is_told = one.path.as_ref().is_some_and(|path| {
                    let folder = below(package.folder(), Path::new(path));
                    !has_library(&folder) && own_manifest(&folder).is_file()
                });
                // An edition for a configuration has what that needs.
                let is_meant = is_behind && is_for_configuration(package.folder());
                if !is_told && !is_meant {
                    let package = one.package.clone();
                    problems.report(NotInDistribution { package, is_behind }, one.key.origin);
                }
                continue;
            };
            let is_read = |package: PackageIx| self.direct.iter().any(|one| one.package == package);
            if is_read(package) || self.poison.may_name(&one.package) {
                continue;
            }
            self.undeclared.retain(|other| other.package != one.package);
            let problem = NoPluginOfDistribution {
                package: one.package.clone(),
            };
            problems.report(problem, one.key.origin);
        }
    }
}

/// Whether the Cargo.toml in this folder says that it was written for a configuration.
fn is_for_configuration(folder: &Path) -> bool {
    let text = text(folder).unwrap_or_default();
    let head = text.lines().next().unwrap_or_default();
    head.contains(" --for ")
}
