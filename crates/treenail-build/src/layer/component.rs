//! Which components a layer declares, as far as their conditions hold.

use std::collections::BTreeSet;

use super::condition::Facts;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::DuplicateComponent;
use crate::key_map::KeyMap;
use crate::model::{ComponentDecl, Layer, PackageIx, Poison};
use crate::source::Origin;

/// The components of one layer, or of several that are laid over one another.
#[derive(Debug, Clone, Default)]
pub(crate) struct Components<'a> {
    /// Those that are there.
    pub(crate) there: Vec<&'a ComponentDecl>,
    /// Those whose conditions do not hold, each with the features that it lacks.
    pub(crate) dormant: Vec<(&'a ComponentDecl, Vec<String>)>,
    /// Those that are not there because one of their name in an overlay takes their place.
    pub(crate) replaced: Vec<&'a ComponentDecl>,
    /// Those whose conditions name a feature that does not exist.
    doubtful: Vec<&'a ComponentDecl>,
    /// Those whose name another one of the layer has, with the place of that one.
    doubled: Vec<(&'a ComponentDecl, Origin)>,
}

impl<'a> Components<'a> {
    /// The components of one layer of this package. Of two that are there under one name, the first is kept.
    pub(super) fn of(layer: &'a Layer, package: PackageIx, facts: Facts<'_>) -> Self {
        let mut components = Self::default();
        let mut names: KeyMap<&str, Origin> = KeyMap::new();
        for component in &layer.components {
            let when = component.when.as_ref();
            match facts.holds(when, package) {
                Some(true) => {
                    let name = &component.name;
                    let first = *names.entry(&name.value).get_or_insert(name.origin);
                    if first == name.origin {
                        components.there.push(component);
                    } else {
                        components.doubled.push((component, first));
                    }
                }
                Some(false) => {
                    let lacks = when.map(|when| facts.lacking(when, package));
                    let lacks = lacks.unwrap_or_default();
                    components.dormant.push((component, lacks));
                }
                None => components.doubtful.push(component),
            }
        }
        components
    }

    /// Lays those of an overlay over these: one of them takes the place of the one with its name.
    pub(super) fn overlay(&mut self, over: Self) {
        let names: BTreeSet<&str> = over
            .there
            .iter()
            .map(|one| one.name.value.as_str())
            .collect();
        let (replaced, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.there)
            .into_iter()
            .partition(|one| names.contains(one.name.value.as_str()));
        self.there = kept;
        self.replaced.extend(replaced);
        self.there.extend(over.there);
        self.dormant.extend(over.dormant);
        self.doubtful.extend(over.doubtful);
        self.doubled.extend(over.doubled);
    }

    /// Reports names that are declared twice.
    pub(super) fn check(&self, problems: &mut Diagnostics) {
        for (component, first) in &self.doubled {
            let name = &component.name;
            let problem = DuplicateComponent {
                id: name.value.clone(),
                first: *first,
            };
            problems.report(problem, name.origin);
        }
    }

    /// What is left out because of a mistake.
    pub(super) fn poison(&self) -> Poison {
        let mut poison = Poison::default();
        let doubled = self.doubled.iter().map(|(component, _)| component);
        for component in self.doubtful.iter().chain(doubled) {
            poison.leave_out(component);
        }
        poison
    }
}
