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
use crate::discover::{Declared, Discovery};
use crate::layer::Layered;
use crate::model::{Home, Manifest, Universe};
use crate::resolve::Resolved;
use crate::runtime;
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

/// What the plugins of a composition are told when they are built, each by itself. Warnings are a matter of those whose sources
/// are at hand.
pub(crate) fn alone(discovery: &Discovery) -> Diagnostics {
    let universe = &discovery.universe;
    let mut all = Diagnostics::default();
    for found in &discovery.direct {
        let (manifest, package) = (&found.manifest, &universe.packages[found.package]);
        if manifest.plugin.is_none() || manifest.host.is_some() {
            continue;
        }
        let runtime = runtime::of(universe, found.package);
        let runtime = runtime.map(|(_, runtime)| &universe.packages[runtime].features);
        let mut problems = Diagnostics::default();
        let should = Role::Plugin(package.name.clone());
        check_plugin(
            manifest,
            found.declared.as_ref(),
            runtime,
            should,
            &mut problems,
        );
        if matches!(package.home, Home::Source(_)) {
            problems.forget_warnings();
        }
        all.take_in(&problems);
    }
    all
}

/// Checks the registries of a library, whose manifest is composed with no other.
pub(crate) fn check_library(
    manifest: &Manifest,
    declared: &Declared,
    should: Role,
    problems: &mut Diagnostics,
) {
    own_package::check(manifest, declared, problems);
    bind::check_entries_alone(manifest, problems);
    unused::in_a_library(manifest, problems);
    lint::apply_alone(manifest, problems);
    manifest.report_blank(should, problems);
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
        bind::check_entries_alone(manifest, problems);
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
