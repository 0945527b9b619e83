//! Whether a condition holds, and the features that conditions name.

use std::collections::BTreeSet;

use treenail_core::nearest::nearest;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::UnknownFeature;
use crate::discover::Discovery;
use crate::model::{Condition, Manifest, Package, PackageIx, Universe};
use crate::source::Located;

/// What conditions ask about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    /// The packages, with their features.
    pub(super) universe: &'a Universe,
    /// What is known of the target.
    target: &'a BTreeSet<String>,
}

impl<'a> Facts<'a> {
    /// What discovery found.
    pub(crate) fn new(discovery: &'a Discovery) -> Self {
        Self {
            universe: &discovery.universe,
            target: &discovery.target,
        }
    }

    /// Whether a condition in a manifest of this package holds; `None` where it names a feature that does not exist, see
    /// [`check_features`]. No condition always holds.
    pub(crate) fn holds(&self, condition: Option<&Condition>, package: PackageIx) -> Option<bool> {
        let Some(condition) = condition else {
            return Some(true);
        };
        let package = &self.universe.packages[package];
        let mut features = condition.features().into_iter();
        let is_known = features.all(|name| exists(&name.value, package));
        is_known.then(|| self.is_met(condition, package))
    }

    fn is_met(&self, condition: &Condition, package: &Package) -> bool {
        match condition {
            Condition::Feature(name) => package.features.contains(&name.value),
            Condition::Cfg(line) => match line.as_str() {
                "true" => true,
                "false" => false,
                line => self.target.contains(line),
            },
            Condition::All(parts) => parts.iter().all(|part| self.is_met(part, package)),
            Condition::Any(parts) => parts.iter().any(|part| self.is_met(part, package)),
            Condition::Not(part) => !self.is_met(part, package),
        }
    }

    /// The features of a package that would have to be on for a condition to hold, as far as features are why it does not.
    pub(crate) fn lacking(&self, condition: &Condition, package: PackageIx) -> Vec<String> {
        match condition {
            Condition::Feature(name) => {
                let is_on = self.universe.packages[package]
                    .features
                    .contains(&name.value);
                let lacking = (!is_on).then(|| name.value.clone());
                lacking.into_iter().collect()
            }
            Condition::All(parts) => parts
                .iter()
                .flat_map(|part| self.lacking(part, package))
                .collect(),
            Condition::Any(parts) => parts
                .iter()
                .map(|part| self.lacking(part, package))
                .find(|features| !features.is_empty())
                .unwrap_or_default(),
            Condition::Cfg(_) | Condition::Not(_) => Vec::new(),
        }
    }
}

fn exists(feature: &str, package: &Package) -> bool {
    package.features.contains(feature) || package.declared.contains(feature)
}

/// Reports the features that the host's manifest and the plugins' name and their packages do not have, also where the condition
/// is that of something that is not in force, like a line of an overlay that nobody asked for.
pub(super) fn check_features(host: &Manifest, discovery: &Discovery, problems: &mut Diagnostics) {
    let universe = &discovery.universe;
    let plugins = discovery.direct.iter();
    let plugins = plugins.map(|found| (&found.manifest, found.package));
    for (manifest, package) in plugins.chain([(host, universe.host)]) {
        let package = &universe.packages[package];
        for name in &manifest.features {
            if !exists(&name.value, package) {
                let problem = unknown_feature(name, &package.name, &package.declared);
                problems.report(problem, name.origin);
            }
        }
    }
}

/// What to say of a feature that a package does not have.
pub(crate) fn unknown_feature(
    name: &Located<String>,
    package: &str,
    declared: &BTreeSet<String>,
) -> UnknownFeature {
    let known = declared.iter().map(String::as_str);
    UnknownFeature {
        feature: name.value.clone(),
        package: package.to_owned(),
        suggestion: nearest(&name.value, known.clone()),
        known: known.map(str::to_owned).collect(),
    }
}
