//! No dependency of a published crate needs a newer Rust than the crate says.

use std::collections::{BTreeMap, BTreeSet};

use published::{PUBLISHED, metadata, root, text, version};
use serde_json::Value;

/// What is compiled for the published crates, on any system, with all features: their own tests left out.
fn compiled(metadata: &Value) -> BTreeSet<&str> {
    let nodes = metadata["resolve"]["nodes"].as_array().expect("nodes");
    let nodes: BTreeMap<&str, &Value> = nodes.iter().map(|node| (text(node, "id"), node)).collect();
    let packages = metadata["packages"].as_array().expect("packages").iter();
    let published = packages.filter(|it| PUBLISHED.contains(&text(it, "name")));
    let mut open: Vec<&str> = published.map(|package| text(package, "id")).collect();
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !found.insert(id) {
            continue;
        }
        for dependency in nodes[id]["deps"].as_array().expect("dependencies") {
            let kinds = dependency["dep_kinds"].as_array().expect("kinds");
            if kinds.iter().any(|it| text(it, "kind") != "dev") {
                open.push(text(dependency, "pkg"));
            }
        }
    }
    found
}

/// The packages that say they need a newer Rust.
fn too_new(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().expect("packages");
    let published = packages.iter().find(|it| text(it, "name") == "treenail");
    let oldest = version(text(published.expect("the runtime"), "rust_version"));
    let compiled = compiled(metadata);
    assert!(compiled.len() > 50, "{}", compiled.len());
    let packages = packages
        .iter()
        .filter(|it| compiled.contains(text(it, "id")));
    let needs = packages.filter_map(|package| {
        let needed = package["rust_version"].as_str()?;
        let name = format!("{} {}", text(package, "name"), text(package, "version"));
        (version(needed) > oldest).then(|| format!("{name} needs Rust {needed}"))
    });
    needs.collect()
}

#[test]
fn no_dependency_needs_a_newer_rust() {
    assert_eq!(too_new(&metadata(&["--all-features"])), [""; 0]);
}

#[test]
fn no_oldest_dependency_needs_a_newer_rust() {
    let manifest = root().join("tests/oldest/Cargo.toml");
    let manifest = manifest.to_str().expect("a path in UTF-8");
    assert_eq!(too_new(&metadata(&["--manifest-path", manifest])), [""; 0]);
}
