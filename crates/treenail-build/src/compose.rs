//! The spine: runs the stages in order. Pure: what it composes from has been read before.

use crate::assert;
use crate::bind;
use crate::bind::alias;
use crate::diagnostic::Diagnostics;
use crate::discover::Discovery;
use crate::feature;
use crate::layer;
use crate::lifecycle;
use crate::lint;
use crate::model::{Composition, Manifest};
use crate::order;
use crate::resolve;
use crate::settle;
use crate::unused;
use crate::version;

/// What a composition is made from.
#[derive(Debug)]
pub(crate) struct Inputs {
    /// The composing file.
    pub(crate) host: Manifest,
    /// Its name for people.
    pub(crate) host_name: String,
    /// Digest of its bytes.
    pub(crate) host_digest: String,
    /// Packages and plugins around it.
    pub(crate) discovery: Discovery,
    /// The overlays that were asked for.
    pub(crate) overlays: Vec<String>,
    /// The generated code stands in the library of the composing package itself, which is `crate` there.
    pub(crate) inside_library: bool,
    /// Path of the runtime crate in the generated code, where it is not the host's name for it.
    pub(crate) runtime: Option<String>,
}

/// From manifests to a composition. Every stage reports all its mistakes, and a mistake poisons only what it touches:
/// the stages after it go on with the rest. `None` where a mistake was reported.
pub(crate) fn analyse(inputs: &Inputs, problems: &mut Diagnostics) -> Option<Composition> {
    layer::features::check(inputs, problems);
    let overlays = layer::in_force(inputs, problems);
    let mut layered = layer::layer(inputs, overlays, problems);
    version::check(inputs, &mut layered, problems);
    let universe = &inputs.discovery.universe;
    let mut resolved = resolve::resolve(universe, inputs.inside_library, &layered, problems);
    let aliases = alias::collect(&layered, &resolved, problems);
    let idle = bind::leave_out(&layered, &aliases, &mut resolved);
    bind::check_host_all(&layered, &resolved, &idle, problems);
    version::contracts(inputs, &layered, &mut resolved, problems);
    feature::check(inputs, &resolved, problems);
    let bound = bind::bind(&inputs.discovery, &layered, &resolved, aliases, problems);
    let lookup = bind::Lookup {
        layered: &layered,
        resolved: &resolved,
        aliases: &bound.aliases,
    };
    let tuned = lifecycle::tune(inputs, lookup, problems);
    let order = order::order(&resolved, &bound, problems);
    assert::check(inputs, &layered, &resolved, &bound, problems);
    unused::check(inputs, &layered, &resolved, &bound, problems);
    lint::apply(&layered.lints, problems);
    if problems.has_errors() || layered.poison.anything {
        return None;
    }
    let composition = settle::settle(inputs, &layered, &resolved, &bound, &order, &tuned);
    Some(composition)
}
