//! Components that a variable of the environment cannot tell apart: there a name has neither case nor colon.

use std::collections::BTreeSet;

use treenail_core::environment::spelling;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{Named, ReadAlike};
use crate::key_map::KeyMap;
use crate::model::{Kind, Manifest, Universe};
use crate::resolve::Resolved;
use crate::runtime;
use crate::sort::sort_by;
use crate::source::Origin;

/// The feature of the runtime that reads the environment.
const READS: &str = "config";

/// Reports every component of a composition whose id reads like one before it.
pub(super) fn check(universe: &Universe, resolved: &Resolved<'_>, problems: &mut Diagnostics) {
    let runtime = runtime::of(universe, universe.host);
    if !runtime.is_some_and(|(_, it)| universe.packages[it].features.contains(READS)) {
        return;
    }
    let components = resolved.candidates.iter();
    let components = components.filter(|one| !one.quiet && one.decl.kind != Kind::Entry);
    let mut named: Vec<(&str, Origin)> = components
        .map(|one| (one.id.as_str(), one.decl.name.origin))
        .collect();
    sort_by(&mut named, |one, other| one.0.cmp(other.0));
    let mut spelled = KeyMap::new();
    for (id, at) in named {
        report(&mut spelled, id, at, problems);
    }
}

/// Reports every component of a plugin whose id reads like one before it in the manifest.
pub(super) fn check_plugin(
    manifest: &Manifest,
    plugin: &str,
    on: &BTreeSet<String>,
    problems: &mut Diagnostics,
) {
    if !on.contains(READS) {
        return;
    }
    let mut spelled = KeyMap::new();
    for component in &manifest.layer.components {
        let id = format!("{plugin}:{}", component.name.value);
        report(&mut spelled, &id, component.name.origin, problems);
    }
}

/// Reports a component if its id reads like one of those before it.
fn report(spelled: &mut KeyMap<String, Named>, id: &str, at: Origin, problems: &mut Diagnostics) {
    let spelling = spelling(id);
    match spelled.get(&spelling) {
        // Two of one name are another mistake.
        Some(first) if first.name == id => {}
        Some(first) => {
            let problem = ReadAlike {
                id: id.to_owned(),
                first: first.clone(),
                spelling,
            };
            problems.report(problem, at);
        }
        None => {
            let name = id.to_owned();
            spelled.insert(spelling, Named { name, at: Some(at) });
        }
    }
}
