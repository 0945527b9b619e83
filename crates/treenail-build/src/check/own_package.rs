//! Checks a plugin's manifest against its own package, as far as its `Cargo.toml` tells: without Cargo, and without the packages
//! around it.

use std::collections::BTreeSet;
use std::path::Path;

use treenail_core::nearest::nearest;

use crate::check::runtime_feature;
use crate::declared::Declared;
use crate::diagnostic::{Diagnostics, Problem};
use crate::layer::unknown_feature;
use crate::model::{ComponentDecl, Manifest};
use crate::runtime::RUNTIME;

/// Reports what a plugin's manifest names and its package does not have: crates, each once, and features. `runtime` has
/// those features of the runtime crate that are on, where they are known.
pub(crate) fn check(
    manifest: &Manifest,
    package: &Path,
    development: bool,
    runtime: Option<&BTreeSet<String>>,
    problems: &mut Diagnostics,
) {
    if let Some(declared) = Declared::of(package, development) {
        check_crates(manifest, &declared, problems);
        check_features(manifest, &declared, problems);
    }
    let plugin = manifest.plugin.as_ref().zip(runtime);
    for component in &manifest.layer.components {
        let Some((plugin, on)) = plugin else { break };
        let id = format!("{}:{}", plugin.id.value, component.name.value);
        runtime_feature::check_component(&id, component, RUNTIME, on, problems);
    }
}

fn check_crates(manifest: &Manifest, declared: &Declared, problems: &mut Diagnostics) {
    let mut told = BTreeSet::new();
    let components = manifest.layer.components.iter();
    for ty in components.flat_map(ComponentDecl::types) {
        for name in ty.value.externs() {
            if declared.externs.contains(name) || !told.insert(name) {
                continue;
            }
            let known = declared.externs.iter().map(String::as_str);
            let problem = Problem::NotADependency {
                extern_name: name.to_owned(),
                package: declared.package.clone(),
                suggestion: nearest(name, known),
                elsewhere: None,
            };
            problems.report(problem, ty.origin);
        }
    }
}

/// Reports features in conditions that the package does not have.
fn check_features(manifest: &Manifest, declared: &Declared, problems: &mut Diagnostics) {
    for name in &manifest.features {
        if !declared.features.contains(&name.value) {
            let problem = unknown_feature(name, &declared.package, &declared.features);
            problems.report(problem, name.origin);
        }
    }
}
