//! Whether a condition holds.

use std::collections::BTreeSet;

use treenail_core::nearest::nearest;

use crate::compose::Inputs;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::UnknownFeature;
use crate::model::{Condition, PackageIx, Universe};
use crate::source::Located;

/// What is known before anything is composed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    universe: &'a Universe,
    target: &'a BTreeSet<String>,
}

impl<'a> Facts<'a> {
    pub(crate) fn new(inputs: &'a Inputs) -> Self {
        Self {
            universe: &inputs.discovery.universe,
            target: &inputs.discovery.target,
        }
    }

    /// Whether a condition in a manifest of this package holds; `None` where it names a feature that does not exist, which is
    /// reported. No condition always holds.
    pub(crate) fn holds(
        &self,
        condition: Option<&Condition>,
        package: PackageIx,
        problems: &mut Diagnostics,
    ) -> Option<bool> {
        match condition {
            None => Some(true),
            Some(condition) => condition.evaluate(&mut |atom| self.atom(atom, package, problems)),
        }
    }

    fn atom(
        &self,
        atom: &Condition,
        package: PackageIx,
        problems: &mut Diagnostics,
    ) -> Option<bool> {
        match atom {
            Condition::Feature(name) => self.feature(name, package, problems),
            Condition::Cfg(line) => Some(match line.as_str() {
                "true" => true,
                "false" => false,
                line => self.target.contains(line),
            }),
            Condition::All(_) | Condition::Any(_) | Condition::Not(_) => None,
        }
    }

    fn feature(
        &self,
        name: &Located<String>,
        package: PackageIx,
        problems: &mut Diagnostics,
    ) -> Option<bool> {
        let package = &self.universe.packages[package];
        if package.features.contains(&name.value) {
            return Some(true);
        }
        if package.declared.contains(&name.value) {
            return Some(false);
        }
        problems.report(unknown(name, &package.name, &package.declared), name.origin);
        None
    }

    /// The features of a package that would have to be on for a condition to hold, as far as features are why it does not.
    pub(crate) fn lacking(&self, condition: &Condition, package: PackageIx) -> Vec<String> {
        match condition {
            Condition::Feature(name)
                if !self.universe.packages[package]
                    .features
                    .contains(&name.value) =>
            {
                vec![name.value.clone()]
            }
            Condition::All(parts) => parts
                .iter()
                .flat_map(|part| self.lacking(part, package))
                .collect(),
            Condition::Any(parts) => {
                let mut each = parts.iter().map(|part| self.lacking(part, package));
                each.find(|features| !features.is_empty())
                    .unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }
}

/// What to say of a feature that a package does not have.
pub(crate) fn unknown(
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

impl Condition {
    /// Whether it holds, by the answers to its atoms. What is not known makes only that unknown which it decides.
    pub(crate) fn evaluate(
        &self,
        atom: &mut impl FnMut(&Condition) -> Option<bool>,
    ) -> Option<bool> {
        match self {
            Self::All(parts) => join(parts, true, atom),
            Self::Any(parts) => join(parts, false, atom),
            Self::Not(part) => part.evaluate(atom).map(|holds| !holds),
            _ => atom(self),
        }
    }
}

/// `neutral` is what an empty list comes to; anything else decides.
fn join(
    parts: &[Condition],
    neutral: bool,
    atom: &mut impl FnMut(&Condition) -> Option<bool>,
) -> Option<bool> {
    let mut known = true;
    let mut decided = false;
    for part in parts {
        match part.evaluate(atom) {
            Some(holds) => decided |= holds != neutral,
            None => known = false,
        }
    }
    if decided {
        Some(!neutral)
    } else {
        known.then_some(neutral)
    }
}
