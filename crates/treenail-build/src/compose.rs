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

/// What came of the stages.
pub(crate) struct Planned {
    /// The composition, or what there is of it.
    pub(crate) plan: Composition,
    /// No mistake was reported.
    pub(crate) is_whole: bool,
}

/// Whether somebody may look at what there is beside mistakes. A build does not.
const IS_LOOKED_AT: bool = cfg!(any(test, feature = "inspect"));

/// From manifests to a composition. Every stage reports all its mistakes, and a mistake poisons only what it touches:
/// the stages after it go on with the rest. `None` where a mistake was reported and nobody looks at the rest.
pub(crate) fn compose(
    inputs: &Inputs,
    host: &HostLayers<'_>,
    problems: &mut Diagnostics,
) -> Option<Planned> {
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
    let is_whole = !problems.has_errors() && !layered.poison.anything;
    if !is_whole && !IS_LOOKED_AT {
        return None;
    }
    let runtime = inputs.runtime.as_deref();
    let plan = plan::plan(universe, &layered, &resolved, &bound, &order, runtime);
    Some(Planned { plan, is_whole })
}
