//! What an edition names, against what Cargo says of it.

use super::cargo_toml::HostDependency;
use super::discovery::Discovery;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{HostWithoutLibrary, NoPluginOfDistribution};
use crate::index::IndexMap;
use crate::model::{CargoDependency, DistributionSection, PackageIx};
use crate::source::Origin;

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
        problems: &mut Diagnostics,
    ) {
        let resolved = |wanted: &CargoDependency| {
            let mut all = dependencies.iter();
            let found = all.find(|one| one.key == wanted.key.value)?;
            Some(found.package)
        };
        if resolved(&edition.host).is_none() {
            let package = edition.host.package.clone();
            problems.report(HostWithoutLibrary { package }, edition.host.key.origin);
        }
        for one in &edition.plugins {
            let Some(package) = resolved(one) else {
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
