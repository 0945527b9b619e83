//! The builds of a host that are written down, by a lock and by code that the host ships.

use std::collections::BTreeSet;

use crate::discover::{DependencyFacts, this_machine};
use crate::front::composer::Composer;
use crate::model::Manifest;

/// A build that is written down.
pub(super) struct WrittenPoint {
    /// What composes it.
    pub(super) composer: Composer,
    /// The target's triple.
    pub(super) target: String,
    /// The features that are on, those that others bring along included.
    pub(super) features: BTreeSet<String>,
}

impl Composer {
    /// The builds that the `[lock]` of a host asks for, of each target those with default features first.
    pub(super) fn points(&self, host: &Manifest, facts: &DependencyFacts) -> Vec<WrittenPoint> {
        let sets = sets(host, facts);
        let targets = self.targets(host).into_iter();
        let points = targets.flat_map(|target| {
            let of_target = self.clone().target(&target).ask_once();
            let points = sets.iter().map(move |features| WrittenPoint {
                composer: of_target.clone().only_features(features),
                target: target.clone(),
                features: features.clone(),
            });
            points.collect::<Vec<_>>()
        });
        points.collect()
    }

    /// The triples of the targets.
    fn targets(&self, host: &Manifest) -> Vec<String> {
        let stated = host.lock.targets.iter().map(|one| one.value.clone());
        let targets: Vec<String> = stated.collect();
        match targets.is_empty() {
            true => self
                .target
                .clone()
                .or_else(this_machine)
                .into_iter()
                .collect(),
            false => targets,
        }
    }
}

/// The sets of features, those that each brings along included: the default ones, none, all, each alone, and
/// those that the manifest asks for.
fn sets(host: &Manifest, facts: &DependencyFacts) -> Vec<BTreeSet<String>> {
    let all: BTreeSet<String> = facts.features().cloned().collect();
    let default = all.iter().filter(|name| *name == "default").cloned();
    let mut asked = vec![default.collect(), BTreeSet::new(), all.clone()];
    asked.extend(all.into_iter().map(|one| BTreeSet::from([one])));
    let stated_sets = host.lock.features.iter();
    asked.extend(stated_sets.map(|set| set.iter().map(|one| one.value.clone()).collect()));
    let mut sets: Vec<BTreeSet<String>> = Vec::new();
    for features in asked {
        let features = facts.with_implied(&features);
        if !sets.contains(&features) {
            sets.push(features);
        }
    }
    sets
}
