//! Checks a plugin's manifest against the `Cargo.toml` of its own package: without Cargo, and without the packages around it.

use std::collections::BTreeSet;

use treenail_core::nearest::nearest;

use crate::diagnostic::{Diagnostics, Problem};
use crate::discover::Declared;
use crate::layer::condition;
use crate::model::{ComponentDecl, Condition, Manifest};

/// Reports what a plugin's manifest names and its package does not have: crates, each once, and features.
pub(super) fn check(manifest: &Manifest, declared: &Declared, problems: &mut Diagnostics) {
    check_crates(manifest, declared, problems);
    for component in &manifest.layer.components {
        check_features(component, declared, problems);
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
