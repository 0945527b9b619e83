//! Which features and optional dependencies are on, seen from the host alone.
//!
//! `cargo metadata` answers for a whole workspace at once: a feature that only another member asks for is on in its
//! answer, but not where the host is built by itself. What is found here is what every build of the host has.

use std::collections::{BTreeMap, BTreeSet};

use super::Request;
use super::metadata::{Dependency, Edge, MetaPackage, Metadata, variable};

/// What is on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Selection<'m> {
    /// Features by package id. Its keys are the packages that the host reaches.
    pub(super) features: BTreeMap<&'m str, BTreeSet<&'m str>>,
    /// By package id: the names it has for other packages, with their ids.
    pub(super) edges: BTreeMap<&'m str, BTreeMap<&'m str, &'m str>>,
    /// Optional dependencies that a feature has switched on, by package id and name in Cargo.toml.
    optional: BTreeSet<(&'m str, &'m str)>,
}

/// Follows features and dependencies from the host until nothing new is found.
pub(super) fn select<'m>(
    metadata: &'m Metadata,
    root: &'m str,
    request: &Request<'_>,
) -> Selection<'m> {
    let mut selection = Selection::default();
    let on = selection.features.entry(root).or_default();
    for feature in metadata
        .package(root)
        .into_iter()
        .flat_map(|package| package.features.keys())
    {
        if request.features.map_or(feature == "default", |features| {
            features.contains(&variable(feature))
        }) {
            on.insert(feature);
        }
    }
    let mut pending = vec![root];
    while let Some(id) = pending.pop() {
        let Some(package) = metadata.package(id) else {
            continue;
        };
        let development = request.development && id == root;
        let changed = selection.visit(package, id, metadata, development);
        pending.extend(changed.into_iter().filter(|changed| *changed != id));
    }
    selection
}

impl<'m> Selection<'m> {
    /// Follows one package; returns the packages about which something new is known.
    fn visit(
        &mut self,
        package: &'m MetaPackage,
        id: &'m str,
        metadata: &'m Metadata,
        development: bool,
    ) -> BTreeSet<&'m str> {
        let asked = self.expand(package, id);
        let mut declarations: BTreeMap<&str, Vec<&'m Dependency>> = BTreeMap::new();
        for declared in &package.dependencies {
            declarations
                .entry(&declared.name)
                .or_default()
                .push(declared);
        }
        let mut changed = BTreeSet::new();
        for edge in metadata.edges(id) {
            let Some(target) = metadata.package(&edge.pkg) else {
                continue;
            };
            let declared = declarations.get(target.name.as_str()).into_iter().flatten();
            for declared in declared.filter(|declared| matches(declared, edge)) {
                if !edge.is(declared.kind.as_deref()) || !self.is_on(id, declared, development) {
                    continue;
                }
                let key = key(declared);
                self.edges
                    .entry(id)
                    .or_default()
                    .insert(&edge.name, &edge.pkg);
                let mut wanted: BTreeSet<&str> =
                    declared.features.iter().map(String::as_str).collect();
                wanted.extend(declared.uses_default_features.then_some("default"));
                wanted.extend(
                    asked
                        .iter()
                        .filter(|(name, _)| *name == key)
                        .map(|(_, feature)| *feature),
                );
                if self.enable(&edge.pkg, target, &wanted) {
                    changed.insert(edge.pkg.as_str());
                }
            }
        }
        changed
    }

    /// Whether a declared dependency counts: it is of a kind that does, and not optional or switched on.
    pub(super) fn is_on(&self, id: &str, declared: &Dependency, development: bool) -> bool {
        let counts = match declared.kind.as_deref() {
            None => true,
            Some("dev") => development,
            Some(_) => false,
        };
        counts && (!declared.optional || self.optional.contains(&(id, key(declared))))
    }

    /// Switches features on; says whether that changes anything.
    fn enable(
        &mut self,
        id: &'m str,
        package: &'m MetaPackage,
        wanted: &BTreeSet<&'m str>,
    ) -> bool {
        let mut changed = !self.features.contains_key(id);
        let on = self.features.entry(id).or_default();
        for feature in wanted {
            changed |= package.features.contains_key(*feature) && on.insert(feature);
        }
        changed
    }

    /// Follows a package's own features: those they switch on, and the optional dependencies. Returns the features asked of
    /// dependencies (`name/feature`), by name in Cargo.toml.
    fn expand(&mut self, package: &'m MetaPackage, id: &'m str) -> BTreeSet<(&'m str, &'m str)> {
        let mut asked = BTreeSet::new();
        let on = self.features.entry(id).or_default();
        let mut pending: Vec<&'m str> = on.iter().copied().collect();
        while let Some(feature) = pending.pop() {
            for entry in package.features.get(feature).into_iter().flatten() {
                if let Some(name) = entry.strip_prefix("dep:") {
                    self.optional.insert((id, name));
                } else if let Some((name, feature)) = entry.split_once('/') {
                    let strong = name.strip_suffix('?');
                    if strong.is_none() {
                        self.optional.insert((id, name));
                        if package.features.contains_key(name) && on.insert(name) {
                            pending.push(name);
                        }
                    }
                    asked.insert((strong.unwrap_or(name), feature));
                } else if let Some((name, _)) = package.features.get_key_value(entry.as_str())
                    && on.insert(name)
                {
                    pending.push(name);
                }
            }
        }
        asked
    }
}

/// The dependency's name in Cargo.toml.
pub(super) fn key(declared: &Dependency) -> &str {
    declared.rename.as_deref().unwrap_or(&declared.name)
}

/// Whether Cargo resolved this declaration to this edge, whose package has the declared name.
fn matches(declared: &Dependency, edge: &Edge) -> bool {
    let rename = declared.rename.as_ref();
    rename.is_none_or(|rename| rename.replace('-', "_") == edge.name)
}
