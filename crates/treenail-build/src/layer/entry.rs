//! Which entries of registries a layer declares, as far as their conditions hold.

use std::collections::BTreeSet;

use super::condition::Facts;
use crate::model::{EntryDecl, Layer, PackageIx, Poison};

/// The entries of one layer, or of several that are laid over one another.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entries<'a> {
    /// Those that are there, each with its place among the entries of its manifest.
    pub(crate) there: Vec<(usize, &'a EntryDecl)>,
    /// Those whose place another of their key takes, in an overlay.
    pub(crate) replaced: Vec<&'a EntryDecl>,
    /// Those whose conditions do not hold, each with the features that it lacks.
    pub(crate) dormant: Vec<(&'a EntryDecl, Vec<String>)>,
    /// Those whose conditions name a feature that does not exist.
    doubtful: Vec<&'a EntryDecl>,
}

impl<'a> Entries<'a> {
    /// The entries of one layer of this package.
    pub(super) fn of(layer: &'a Layer, package: PackageIx, facts: Facts<'_>) -> Self {
        let mut entries = Self::default();
        for (number, entry) in layer.entries.iter().enumerate() {
            let when = entry.when.as_ref();
            match facts.holds(when, package) {
                Some(true) => entries.there.push((number, entry)),
                Some(false) => {
                    let lacks = when.map(|when| facts.lacking(when, package));
                    entries.dormant.push((entry, lacks.unwrap_or_default()));
                }
                None => entries.doubtful.push(entry),
            }
        }
        entries
    }

    /// Lays those of an overlay over these: one of them takes the place of the one with its key. They are counted anew.
    pub(super) fn overlay(&mut self, over: Self) {
        let name = |entry: &EntryDecl| (entry.registry.value.clone(), entry.key.value.clone());
        let names: BTreeSet<_> = over.there.iter().map(|(_, one)| name(one)).collect();
        let (replaced, there) = std::mem::take(&mut self.there)
            .into_iter()
            .partition(|(_, one)| names.contains(&name(one)));
        let replaced: Vec<(usize, &EntryDecl)> = replaced;
        self.there = there;
        self.replaced
            .extend(replaced.into_iter().map(|(_, one)| one));
        self.there.extend(over.there);
        for (place, (number, _)) in self.there.iter_mut().enumerate() {
            *number = place;
        }
        self.dormant.extend(over.dormant);
        self.doubtful.extend(over.doubtful);
    }

    /// What is left out because of a mistake.
    pub(super) fn poison(&self) -> Poison {
        let mut poison = Poison::default();
        for entry in &self.doubtful {
            poison.leave_out_entry(entry);
        }
        poison
    }
}
