//! Which features and optional dependencies are on, seen from the host alone.
//!
//! `cargo metadata` answers for a whole workspace at once: a feature that only another member asks for is on in its
//! answer, but not where the host is built by itself. What is found here is what every build of the host has.

use std::collections::BTreeSet;

use super::metadata::{Dependency, Edge, MetaIx, MetaPackage, Metadata};
use super::request::Request;
use crate::index::{IndexSet, IndexVec};
use crate::key_map::KeyMap;

/// What is on.
#[derive(Debug)]
pub(super) struct Selection<'m> {
    /// Cargo's answer.
    pub(super) metadata: &'m Metadata,
    /// The host.
    pub(super) root: MetaIx,
    /// The host's development dependencies count.
    pub(super) development: bool,
    /// For every package its features; `None` where the host does not reach it.
    pub(super) features: IndexVec<MetaIx, Option<BTreeSet<&'m str>>>,
    /// For every package the names it has for other packages.
    pub(super) edges: IndexVec<MetaIx, KeyMap<&'m str, MetaIx>>,
    /// For every package the optional dependencies that a feature has switched on, by their names in Cargo.toml.
    optional: IndexVec<MetaIx, BTreeSet<&'m str>>,
}

/// Follows features and dependencies from the host until nothing new is found.
pub(super) fn select<'m>(
    metadata: &'m Metadata,
    root: MetaIx,
    request: &Request<'_>,
) -> Selection<'m> {
    let mut selection = Selection {
        metadata,
        root,
        development: request.development,
        features: IndexVec::filled(None, metadata.packages()),
        edges: IndexVec::filled(KeyMap::new(), metadata.packages()),
        optional: IndexVec::filled(BTreeSet::new(), metadata.packages()),
    };
    let features = metadata.package(root).features.keys().map(String::as_str);
    let on = features.filter(|feature| request.has_feature(feature));
    selection.features[root] = Some(on.collect());
    let mut pending = vec![root];
    while let Some(number) = pending.pop() {
        let changed = selection.visit(number);
        pending.extend(changed.iter().filter(|changed| *changed != number));
    }
    selection
}

impl<'m> Selection<'m> {
    /// Follows one package; returns the packages about which something new is known.
    fn visit(&mut self, number: MetaIx) -> IndexSet<MetaIx> {
        let metadata = self.metadata;
        let package = metadata.package(number);
        let asked = self.expand(number);
        let mut declarations: KeyMap<&str, Vec<&'m Dependency>> = KeyMap::new();
        for declared in &package.dependencies {
            let of_name = declarations.entry(&declared.name);
            of_name.get_or_insert_default().push(declared);
        }
        let mut changed = IndexSet::new();
        for edge in metadata.edges(number) {
            let target = metadata.package(edge.to);
            let declared = declarations.get(target.name.as_str()).into_iter().flatten();
            for declared in declared.filter(|declared| matches(declared, edge)) {
                if !edge.is(declared.kind.as_deref()) || !self.is_on(number, declared) {
                    continue;
                }
                self.edges[number].insert(&edge.name, edge.to);
                let mut wanted: BTreeSet<&str> =
                    declared.features.iter().map(String::as_str).collect();
                wanted.extend(declared.uses_default_features.then_some("default"));
                wanted.extend(asked.get(declared.key()).into_iter().flatten());
                if self.enable(edge.to, &wanted) {
                    changed.insert(edge.to);
                }
            }
        }
        changed
    }

    /// Whether a declared dependency counts: it is of a kind that does, and not optional or switched on.
    pub(super) fn is_on(&self, number: MetaIx, declared: &Dependency) -> bool {
        let counts = match declared.kind.as_deref() {
            None => true,
            Some("dev") => self.development && number == self.root,
            Some(_) => false,
        };
        counts && (!declared.optional || self.optional[number].contains(declared.key()))
    }

    /// Whether a dependency that the host declares counts.
    pub(super) fn has(&self, declared: &Dependency) -> bool {
        self.is_on(self.root, declared)
    }

    /// What Cargo says of the host.
    pub(super) fn host(&self) -> &'m MetaPackage {
        self.metadata.package(self.root)
    }

    /// Switches features on; says whether that changes anything.
    fn enable(&mut self, number: MetaIx, wanted: &BTreeSet<&'m str>) -> bool {
        let package = self.metadata.package(number);
        let mut changed = self.features[number].is_none();
        let on = self.features[number].get_or_insert_default();
        for feature in wanted {
            changed |= package.features.contains_key(*feature) && on.insert(feature);
        }
        changed
    }

    /// Follows a package's own features: those they switch on, and the optional dependencies. Returns the features asked of
    /// dependencies (`name/feature`), by name in Cargo.toml.
    fn expand(&mut self, number: MetaIx) -> KeyMap<&'m str, BTreeSet<&'m str>> {
        let package = self.metadata.package(number);
        let mut asked: KeyMap<&str, BTreeSet<&str>> = KeyMap::new();
        let on = self.features[number].get_or_insert_default();
        let mut pending: Vec<&'m str> = on.iter().copied().collect();
        while let Some(feature) = pending.pop() {
            for entry in package.features.get(feature).into_iter().flatten() {
                if let Some(name) = entry.strip_prefix("dep:") {
                    self.optional[number].insert(name);
                } else if let Some((name, feature)) = entry.split_once('/') {
                    let strong = name.strip_suffix('?');
                    if strong.is_none() {
                        self.optional[number].insert(name);
                        if package.features.contains_key(name) && on.insert(name) {
                            pending.push(name);
                        }
                    }
                    let name = strong.unwrap_or(name);
                    let asked = asked.entry(name).get_or_insert_default();
                    asked.insert(feature);
                } else if package.features.contains_key(entry) && on.insert(entry) {
                    pending.push(entry);
                }
            }
        }
        asked
    }
}

/// Whether Cargo resolved this declaration to this edge, whose package has the declared name.
fn matches(declared: &Dependency, edge: &Edge) -> bool {
    let rename = declared.rename.as_ref();
    rename.is_none_or(|rename| rename.replace('-', "_") == edge.name)
}
