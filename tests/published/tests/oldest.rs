//! `tests/oldest` builds the published crates with the oldest versions of their dependencies that they allow.

use std::collections::{BTreeMap, BTreeSet};

use published::{packages, root, text, version};
use semver::Version;
use toml::Table;

/// The versions in the lock file, by the names of their packages; without what says of which build they are.
fn locked() -> BTreeMap<String, BTreeSet<Version>> {
    let lock = std::fs::read_to_string(root().join("tests/oldest/Cargo.lock"));
    let lock: Table = lock.expect("a lock file").parse().expect("TOML");
    let mut locked: BTreeMap<String, BTreeSet<Version>> = BTreeMap::new();
    for package in lock["package"].as_array().expect("packages") {
        let [name, at] = ["name", "version"].map(|key| package[key].as_str().expect(key));
        let at = at.split('+').next().unwrap_or(at);
        locked
            .entry(name.to_owned())
            .or_default()
            .insert(version(at));
    }
    locked
}

#[test]
fn every_bound_is_a_version_that_is_built_with() {
    let locked = locked();
    let mut missing = BTreeSet::new();
    for package in packages() {
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let (name, bound) = (text(dependency, "name"), text(dependency, "req"));
            if text(dependency, "kind") == "dev" || dependency["path"].is_string() {
                continue;
            }
            let bound = version(bound.trim_start_matches(['^', '~']));
            if !locked.get(name).is_some_and(|it| it.contains(&bound)) {
                missing.insert(format!("{name} {bound}"));
            }
        }
    }
    assert_eq!(missing, BTreeSet::new());
}
