//! Components that need a part of the runtime which the host has switched off.

use std::collections::BTreeSet;

use crate::compose::Inputs;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::FeatureOff;
use crate::model::{ComponentDecl, Kind};
use crate::resolve::Resolved;

/// Name of the runtime's package.
pub(crate) const RUNTIME: &str = "treenail";

/// Reports every component that needs a feature of the runtime which is off.
pub(crate) fn check(inputs: &Inputs, resolved: &Resolved<'_>, problems: &mut Diagnostics) {
    let universe = &inputs.discovery.universe;
    let mut externs = universe.packages[universe.host].externs.iter();
    let Some((name, runtime)) =
        externs.find(|(_, target)| universe.packages[**target].name == RUNTIME)
    else {
        return;
    };
    let features = &universe.packages[*runtime].features;
    for candidate in resolved
        .candidates
        .iter()
        .filter(|candidate| !candidate.quiet)
    {
        let called = name.replace('_', "-");
        check_component(&candidate.id, candidate.decl, &called, features, problems);
    }
}

/// Reports what one component needs of a runtime that is called so and has these features.
pub(crate) fn check_component(
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
