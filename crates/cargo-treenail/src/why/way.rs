//! The shortest way from the host to a component.

use std::collections::{BTreeMap, VecDeque};

use crate::description::Description;

/// The shortest way from a component that nobody needs, which the host may use, to one of these. In a ring everybody is needed:
/// then it begins with who is furthest away.
pub(super) fn way(description: &Description, targets: &[&str]) -> Option<String> {
    let mut came_from: BTreeMap<&str, Option<(&str, &str)>> = BTreeMap::new();
    let targets = targets.iter().filter_map(|id| description.component(id));
    let mut open: VecDeque<&str> = targets.map(|one| one.id.as_str()).collect();
    came_from.extend(open.iter().map(|one| (*one, None)));
    let mut top = *open.front()?;
    while let Some(here) = open.pop_front() {
        top = here;
        let mut is_needed = false;
        for (needer, need) in description.needers(here) {
            is_needed = true;
            if !came_from.contains_key(needer.id.as_str()) {
                came_from.insert(&needer.id, Some((here, &need.field)));
                open.push_back(&needer.id);
            }
        }
        if !is_needed {
            break;
        }
    }
    let mut way = format!(
        "  from the host: plugin `{}`",
        description.component(top)?.plugin
    );
    way.push_str(&format!(" has `{top}`"));
    while let Some(Some((next, field))) = came_from.get(top) {
        way.push_str(&format!(", whose `{field}` is `{next}`"));
        top = next;
    }
    Some(way)
}
