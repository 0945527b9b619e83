//! Orders and knots, found by trying all ways.

use std::collections::{BTreeMap, BTreeSet};

/// Takes the smallest whose needs have all been taken, until there is none; then the rest.
pub(super) fn smallest_first(needs: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut order: Vec<String> = Vec::new();
    loop {
        let mut open = needs.iter().filter(|(id, _)| !order.contains(id));
        match open.find(|(_, those)| those.iter().all(|one| order.contains(one))) {
            Some((next, _)) => order.push(next.clone()),
            None => break,
        }
    }
    let rest: Vec<String> = needs
        .keys()
        .filter(|id| !order.contains(id))
        .cloned()
        .collect();
    order.extend(rest);
    order
}

/// Every set of components that all reach each other, found by trying all ways.
pub(super) fn knots(edges: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<Vec<String>> {
    let reach = |from: &String| {
        let mut reached: BTreeSet<String> = BTreeSet::new();
        let mut open: Vec<String> = edges[from].iter().cloned().collect();
        while let Some(id) = open.pop() {
            if reached.insert(id.clone()) {
                open.extend(edges[&id].iter().cloned());
            }
        }
        reached
    };
    let reached: BTreeMap<&String, BTreeSet<String>> =
        edges.keys().map(|id| (id, reach(id))).collect();
    let on_one = edges.keys().filter(|id| reached[id].contains(*id));
    on_one
        .map(|id| {
            edges
                .keys()
                .filter(|other| reached[id].contains(*other) && reached[other].contains(id))
                .cloned()
                .collect()
        })
        .collect()
}
