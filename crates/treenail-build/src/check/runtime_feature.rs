//! Components that need a part of the runtime which is switched off.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::FeatureOff;
use crate::model::{ComponentDecl, Kind, Manifest, Universe};
use crate::resolve::Resolved;
use crate::runtime::{self, RUNTIME};

/// Reports every component of a composition that needs a feature which is off in the host's runtime.
pub(super) fn check(universe: &Universe, resolved: &Resolved<'_>, problems: &mut Diagnostics) {
    let Some((name, runtime)) = runtime::of(universe, universe.host) else {
        return;
    };
    let called = name.replace('_', "-");
    let features = &universe.packages[runtime].features;
    for candidate in resolved.candidates.iter().filter(|one| !one.quiet) {
        check_component(&candidate.id, candidate.decl, &called, features, problems);
    }
}

/// Reports every component of a plugin that needs a feature of the runtime besides those that are on.
pub(super) fn check_plugin(
    manifest: &Manifest,
    plugin: &str,
    on: &BTreeSet<String>,
    problems: &mut Diagnostics,
) {
    for component in &manifest.layer.components {
        let id = format!("{plugin}:{}", component.name.value);
        check_component(&id, component, RUNTIME, on, problems);
    }
}

/// Reports what one component needs of a runtime that is called so and has these features.
fn check_component(
    id: &str,
    decl: &ComponentDecl,
    runtime: &str,
    features: &BTreeSet<String>,
    problems: &mut Diagnostics,
) {
    let pipe = (decl.kind == Kind::Pipe).then(|| {
        let params = decl.params.as_ref();
        ("pipes", params.map_or(decl.origin, |params| params.origin))
    });
    let config = decl.config.as_ref().map(|config| ("config", config.origin));
    for (feature, at) in pipe.into_iter().chain(config) {
        if !features.contains(feature) {
            let problem = FeatureOff {
                id: id.to_owned(),
                feature: feature.to_owned(),
                runtime: runtime.to_owned(),
            };
            problems.report(problem, at);
        }
    }
}
