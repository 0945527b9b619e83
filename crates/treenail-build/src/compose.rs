//! The spine: runs the stages in order. Pure: what it composes from has been read before.

use crate::alias;
use crate::bind;
use crate::check::{assert, lint, runtime_feature, unused};
use crate::diagnostic::Diagnostics;
use crate::inputs::Inputs;
use crate::layer::{self, HostLayers};
use crate::model::Composition;
use crate::order;
use crate::plan::{self, lifecycle};
use crate::resolve;
use crate::version;

/// From manifests to a composition. Every stage reports all its mistakes, and a mistake poisons only what it touches:
/// the stages after it go on with the rest. `None` where a mistake was reported.
pub(crate) fn analyse(
    inputs: &Inputs,
    host: &HostLayers<'_>,
    problems: &mut Diagnostics,
) -> Option<Composition> {
    layer::check_overlays(&inputs.host, &inputs.overlays, problems);
    layer::check_features(&inputs.host, &inputs.discovery, problems);
    let mut layered = layer::layer(host, &inputs.discovery, problems);
    version::check(&inputs.discovery, &mut layered, problems);
    let mut resolved = resolve::resolve(inputs, &layered, problems);
    let aliases = alias::collect(&layered, &resolved, problems);
    let idle = bind::leave_out(&layered, &aliases, &mut resolved);
    bind::check_host_all(&layered, &resolved, &idle, problems);
    version::contracts(&inputs.discovery, &layered, &mut resolved, problems);
    runtime_feature::check(inputs, &resolved, problems);
    let bound = bind::bind(inputs, &layered, &resolved, aliases, problems);
    let tuned = lifecycle::tune(inputs, &layered, &resolved, &bound.aliases, problems);
    let order = order::order(&resolved, &bound, problems);
    assert::check(inputs, &layered, &resolved, &bound, problems);
    unused::check(inputs, &layered, &resolved, &bound, problems);
    lint::apply(&layered.lints, problems);
    if problems.has_errors() || layered.poison.anything {
        return None;
    }
    let composition = plan::plan(inputs, &layered, &resolved, &bound, &order, &tuned);
    Some(composition)
}
