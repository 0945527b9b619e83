//! Checks a plugin's manifest against its own package, as far as its `Cargo.toml` tells: without Cargo, and without the packages
//! around it.

use std::collections::BTreeSet;
use std::path::Path;

use treenail_core::nearest::nearest;

use crate::declared::Declared;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::NotADependency;
use crate::feature::{self, RUNTIME};
use crate::layer::condition;
use crate::model::{ComponentDecl, Condition, Manifest};

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
        for component in &manifest.layer.components {
            check_features(component, &declared, problems);
        }
    }
    let plugin = manifest.plugin.as_ref().zip(runtime);
    for component in &manifest.layer.components {
        let Some((plugin, on)) = plugin else { break };
        let id = format!("{}:{}", plugin.id.value, component.name.value);
        feature::check_component(&id, component, RUNTIME, on, problems);
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
            let problem = NotADependency {
                extern_name: name.to_owned(),
                package: declared.package.clone(),
                suggestion: nearest(name, known),
                elsewhere: None,
            };
            problems.report(problem, ty.origin);
        }
    }
}

/// Reports features in a component's condition that the package does not have.
fn check_features(component: &ComponentDecl, declared: &Declared, problems: &mut Diagnostics) {
    let Some(condition) = &component.when else {
        return;
    };
    condition.evaluate(&mut |atom| {
        if let Condition::Feature(name) = atom
            && !declared.features.contains(&name.value)
        {
            let problem = condition::unknown(name, &declared.package, &declared.features);
            problems.report(problem, name.origin);
        }
        Some(true)
    });
}
