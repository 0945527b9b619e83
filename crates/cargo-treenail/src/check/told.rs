//! What several compositions say, told once, with the points where it is so.

use std::collections::{BTreeMap, BTreeSet};

use treenail_build::{Message, Severity};

use super::Looked;

/// A message, and where it is said.
pub(super) struct Told {
    /// The first composition that says it.
    pub(super) first: usize,
    /// The number of the message there.
    pub(super) message: usize,
    /// All compositions that say it.
    at: BTreeSet<usize>,
    /// When it is so, where that is not always.
    pub(super) when: Option<String>,
}

/// Two messages are the same if they say the same of the same place. What is shown besides may differ from one composition to the
/// next, and is as the first one shows it.
fn said(message: &Message) -> (Option<String>, &'static str, Severity, String) {
    let mut what = message.title.clone();
    let place = message.place();
    if place.is_none() {
        what.clone_from(&message.text);
    }
    (place, message.code, message.severity, what)
}

/// Every message once, in the order in which they are first said.
pub(super) fn once(all: &[Looked]) -> Vec<Told> {
    let mut numbers = BTreeMap::new();
    let mut told: Vec<Told> = Vec::new();
    for (at, looked) in all.iter().enumerate() {
        for (number, message) in looked.composed.messages().iter().enumerate() {
            let known = numbers.entry(said(message)).or_insert(told.len());
            if *known == told.len() {
                told.push(Told {
                    first: at,
                    message: number,
                    at: BTreeSet::new(),
                    when: None,
                });
            }
            told[*known].at.insert(at);
        }
    }
    for one in &mut told {
        one.when = when(all, &one.at);
    }
    told
}

/// At which of the points of each package it is so; `None` where that is all of them.
fn when(all: &[Looked], at: &BTreeSet<usize>) -> Option<String> {
    let mut packages: BTreeMap<&Option<String>, (BTreeSet<usize>, bool)> = BTreeMap::new();
    for (number, looked) in all.iter().enumerate() {
        let (points, is_always) = packages
            .entry(&looked.name)
            .or_insert_with(|| (BTreeSet::new(), true));
        match at.contains(&number) {
            true => _ = points.insert(number),
            false => *is_always = false,
        }
    }
    let packages = packages.into_iter();
    let some = packages.filter(|(_, (points, is_always))| !points.is_empty() && !is_always);
    let some = some.map(|(name, (points, _))| {
        let name = name.as_ref().map(|name| format!("in `{name}` "));
        format!(
            "{}only with {}",
            name.unwrap_or_default(),
            listed(all, &points)
        )
    });
    let some: Vec<String> = some.collect();
    (!some.is_empty()).then(|| some.join("; "))
}

/// The points: their features, where the overlay makes no difference; their overlays, where the features make none; else each.
fn listed(all: &[Looked], at: &BTreeSet<usize>) -> String {
    let some: Vec<&Looked> = at.iter().map(|number| &all[*number]).collect();
    let of_package: Vec<&Looked> = all.iter().filter(|one| one.name == some[0].name).collect();
    let distinct = |looked: &[&Looked], part: fn(&Looked) -> &String| {
        let mut found: Vec<String> = Vec::new();
        for one in looked.iter().map(|one| part(one)) {
            if !found.contains(one) {
                found.push(one.clone());
            }
        }
        found
    };
    let features = distinct(&some, |one| &one.point.features);
    let overlays = distinct(&some, |one| &one.point.overlay);
    let any_features = features == distinct(&of_package, |one| &one.point.features);
    let any_overlay = overlays == distinct(&of_package, |one| &one.point.overlay);
    if features.len() * overlays.len() != some.len() {
        let each = some
            .iter()
            .map(|one| format!("{} and {}", one.point.features, one.point.overlay));
        return each.collect::<Vec<_>>().join(", ");
    }
    match (any_features, any_overlay) {
        (_, true) => features.join(", "),
        (true, false) => overlays.join(", "),
        (false, false) => format!("{} and {}", features.join(", "), overlays.join(", ")),
    }
}
