//! Checks a plugin's manifest against the `Cargo.toml` of its own package: without Cargo, and without the packages around it.

use std::collections::BTreeSet;

use treenail_core::nearest::nearest;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::NotADependency;
use crate::discover::Declared;
use crate::layer::unknown_feature;
use crate::model::{ComponentDecl, EntryDecl, Manifest};

/// Reports what a plugin's manifest names and its package does not have: crates, each once, and features.
pub(super) fn check(manifest: &Manifest, declared: &Declared, problems: &mut Diagnostics) {
    check_crates(manifest, declared, problems);
    check_features(manifest, declared, problems);
}

fn check_crates(manifest: &Manifest, declared: &Declared, problems: &mut Diagnostics) {
    let mut told = BTreeSet::new();
    let components = manifest.layer.components.iter();
    let entries = manifest.layer.entries.iter().flat_map(EntryDecl::types);
    for ty in components.flat_map(ComponentDecl::types).chain(entries) {
        for name in ty.value.externs() {
            if declared.externs.contains(name) || !told.insert(name) {
                continue;
            }
            let known = declared.externs.iter().map(String::as_str);
            let problem = NotADependency {
                in_workspace: true,
                extern_name: name.to_owned(),
                package: declared.package.clone(),
                suggestion: match declared.package.replace('-', "_") == name {
                    true => Some("crate".to_owned()),
                    false => nearest(name, known),
                },
                elsewhere: None,
                line: None,
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
