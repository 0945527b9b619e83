//! What an overlay replaces.

use std::collections::{BTreeMap, BTreeSet};

use super::super::world::{SERVICES, World, service};
use super::{Binding, Winner};
use crate::model::Form;

/// What the overlay replaces: components that are there without it and with it, and that nothing leads to any more.
pub(super) fn replaced(world: &World) -> BTreeSet<String> {
    if world.overlay.is_none() {
        return BTreeSet::new();
    }
    let none = BTreeSet::new();
    let [without, with] = [false, true].map(|overlay| Binding::of(world, overlay, &none));
    let [links_without, links] = [&without, &with].map(Binding::links);
    let hidden = |id: &str| with.rules.end(id).is_some_and(|end| end != id);
    let unneeded = unneeded(&links_without);
    let mut open: Vec<String> = Vec::new();
    for id in links.keys().filter(|id| !hidden(id)) {
        let is_new = !links_without.contains_key(id)
            || with.rules.candidates[id].label.starts_with("overlay");
        // What it was there for by itself is done by others now.
        let (won, wins) = (without.wins(id), with.wins(id));
        let outdone = wins.is_empty() && won.iter().any(|service| with.is_answered(service));
        if is_new || with.rules.is_configured(id) || unneeded.contains(id) && !outdone {
            open.push(id.clone());
        }
    }
    let mut kept = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !hidden(&id) && kept.insert(id.clone()) {
            open.extend(links[&id].iter().cloned());
        }
    }
    links
        .into_keys()
        .filter(|id| links_without.contains_key(id) && !kept.contains(id))
        .collect()
}

/// Components that nobody else needs, or only rings that nobody else needs.
fn unneeded(links: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let needed: BTreeSet<&String> = links
        .iter()
        .flat_map(|(id, those)| those.iter().filter(move |one| *one != id))
        .collect();
    let mut all: BTreeSet<String> = links
        .keys()
        .filter(|id| !needed.contains(id))
        .cloned()
        .collect();
    let (mut reached, mut open) = (BTreeSet::new(), all.iter().cloned().collect::<Vec<_>>());
    while let Some(id) = open.pop() {
        if reached.insert(id.clone()) {
            open.extend(links[&id].iter().cloned());
        }
    }
    all.extend(links.keys().filter(|id| !reached.contains(*id)).cloned());
    all
}

impl Binding<'_> {
    /// Whom each component needs, lazily or not. Where there is no answer, everyone who might be one.
    fn links(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut links: BTreeMap<String, BTreeSet<String>> = self
            .ids()
            .into_iter()
            .map(|id| (id, BTreeSet::new()))
            .collect();
        for ((id, field), answer) in &self.answers {
            let decl = self.rules.candidates[id].decl;
            let need = decl.needs.get(*field);
            let those = match (answer, need.map(|need| need.form)) {
                (Some((providers, _)), Some(Form::All | Form::Map)) => providers.clone(),
                (Some((_, default)), _) => default.iter().cloned().collect(),
                (None, _) => {
                    let wanted = need.map_or_else(
                        || decl.decorates.map(service).unwrap_or_default(),
                        |need| need.service.clone(),
                    );
                    self.provisions
                        .get(&wanted)
                        .map(|(providers, _)| providers.clone())
                        .unwrap_or_default()
                }
            };
            links
                .get_mut(id)
                .expect("a component")
                .extend(those.into_iter().filter(|one| one != id));
        }
        links
    }

    /// The traits that a component answers for.
    fn wins(&self, id: &str) -> BTreeSet<String> {
        let traits = (0..SERVICES).map(service);
        traits
            .filter(
                |wanted| matches!(&self.provisions[wanted].1, Winner::One(winner) if winner == id),
            )
            .collect()
    }

    fn is_answered(&self, service: &str) -> bool {
        matches!(self.provisions[service].1, Winner::One(_))
    }
}
