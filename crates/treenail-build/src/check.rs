//! Checks of the whole: what is reported and decides nothing.

mod alike;
mod assert;
mod lint;
mod own_package;
mod runtime_feature;
mod unused;

use std::collections::BTreeSet;

use crate::bind::{self, Bound};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{NothingToCompose, Role};
use crate::discover::Declared;
use crate::layer::Layered;
use crate::model::{Manifest, Universe};
use crate::resolve::Resolved;
use crate::source::Origin;

/// Checks a composition. The levels of warnings come last: they are about all that was reported.
pub(crate) fn check(
    host: &Manifest,
    universe: &Universe,
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    bound: &Bound,
    problems: &mut Diagnostics,
) {
    runtime_feature::check(universe, resolved, problems);
    alike::check(universe, resolved, problems);
    assert::check(universe, layered, resolved, bound, problems);
    unused::check(host, universe, layered, resolved, bound, problems);
    lint::apply(&layered.lints, problems);
}

/// Checks a manifest that composes nothing, against what its package declares and the features of the runtime that are on, as
/// far as these are known. `should` is what the package is to be.
pub(crate) fn check_plugin(
    manifest: &Manifest,
    declared: Option<&Declared>,
    runtime: Option<&BTreeSet<String>>,
    should: Role,
    problems: &mut Diagnostics,
) {
    if let Some(declared) = declared {
        own_package::check(manifest, declared, problems);
    }
    if let Some(plugin) = &manifest.plugin {
        if let Some(on) = runtime {
            runtime_feature::check_plugin(manifest, &plugin.id.value, on, problems);
            alike::check_plugin(manifest, &plugin.id.value, on, problems);
        }
        unused::in_a_plugin(manifest, problems);
        bind::check_aliases_alone(manifest, problems);
    }
    lint::apply_alone(manifest, problems);
    manifest.report_blank(should.clone(), problems);
    if manifest.plugin.is_none() && !problems.has_errors() {
        let start = Origin::new(manifest.source, 0..0);
        let problem = NothingToCompose {
            has_host: manifest.host.is_some(),
            should,
        };
        let host = manifest.host.as_ref().map(|host| host.origin);
        problems.report(problem, host.unwrap_or(start));
    }
}
