//! Components that need a part of the runtime which the host has switched off.

use crate::compose::Inputs;
use crate::diagnostic::{Diagnostics, Problem};
use crate::model::Kind;
use crate::resolve::Resolved;
use crate::source::Origin;

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
        let decl = candidate.decl;
        let mut needed: Vec<(&str, Origin)> = Vec::new();
        if decl.kind == Kind::Pipe {
            needed.push((
                "pipes",
                decl.params
                    .as_ref()
                    .map_or(decl.origin, |params| params.origin),
            ));
        }
        needed.extend(decl.config.as_ref().map(|config| ("config", config.origin)));
        for (feature, at) in needed
            .into_iter()
            .filter(|(feature, _)| !features.contains(*feature))
        {
            let (id, runtime) = (candidate.id.clone(), name.replace('_', "-"));
            problems.report(
                Problem::FeatureOff {
                    id,
                    feature: feature.to_owned(),
                    runtime,
                },
                at,
            );
        }
    }
}
