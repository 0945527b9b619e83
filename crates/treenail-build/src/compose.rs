//! The spine: runs the stages in order. Pure: what it composes from has been read before.

use crate::bind;
use crate::check;
use crate::diagnostic::Diagnostics;
use crate::inputs::Inputs;
use crate::layer::{self, HostLayers};
use crate::model::Composition;
use crate::order;
use crate::plan;
use crate::resolve;
use crate::version;

/// From manifests to a composition. Every stage reports all its mistakes, and a mistake poisons only what it touches:
/// the stages after it go on with the rest. `None` where a mistake was reported.
pub(crate) fn compose(
    inputs: &Inputs,
    host: &HostLayers<'_>,
    problems: &mut Diagnostics,
) -> Option<Composition> {
    let discovery = &inputs.discovery;
    let mut layered = layer::layer(host, discovery, problems);
    version::check(discovery, &mut layered, problems);
    let universe = &discovery.universe;
    let mut resolved = resolve::resolve(universe, inputs.inside_library, &mut layered, problems);
    let bound = bind::bind(discovery, &layered, &mut resolved, problems);
    let order = order::order(&resolved, &bound, problems);
    check::check(
        &inputs.host.manifest,
        universe,
        &layered,
        &resolved,
        &bound,
        problems,
    );
    if problems.has_errors() || layered.poison.anything {
        return None;
    }
    let runtime = inputs.runtime.as_deref();
    let plan = plan::plan(universe, &layered, &resolved, &bound, &order, runtime);
    Some(plan)
}
