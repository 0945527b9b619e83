//! `plugins.lock`: what discovery has found, written down, so that a composition needs neither Cargo nor the files of others.
//!
//! A lock is another source of a [`Discovery`](crate::discover::Discovery): `pinned.rs` makes a lock of some, `found.rs` makes one
//! of a lock, and no stage after discovery knows the difference. It holds what manifests can name and no more: the packages
//! that have one, and those whose items one names.

mod compare;
mod found;
mod pinned;
mod print;
mod read;

use std::collections::{BTreeMap, BTreeSet};

use semver::Version;

use crate::model::HostFeature;

pub(crate) use compare::OwnManifest;
pub(crate) use found::{Finder, ManifestFault};
pub(crate) use pinned::{Pin, pin};
pub(crate) use print::print;
pub(crate) use read::read;

/// Name of the file; it lies beside the host's manifest.
pub(crate) const FILE: &str = "plugins.lock";

/// The format that is written. Every earlier one is read.
const FORMAT: i64 = 1;

/// Whether a composition has its packages from `plugins.lock`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum LockUse {
    /// As the manifest says; and where Cargo has no answer.
    #[default]
    AsStated,
    /// From nowhere else.
    Always,
    /// Cargo is asked.
    Never,
}

/// What a lock holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lock {
    /// Package of the host.
    pub(crate) host: String,
    /// The manifests of the workspace are in it as well.
    pub(crate) hermetic: bool,
    /// The dependencies that the host's Cargo.toml names.
    dependencies: BTreeSet<String>,
    /// The features of the host that bring a plugin, and those that `default` names.
    features: Vec<HostFeature>,
    /// The builds that it knows, of each target the one with default features first.
    pub(crate) points: Vec<Point>,
    /// Packages, sorted by name, then version.
    packages: Vec<LockedPackage>,
    /// Plugins that a feature would bring, sorted.
    absent: Vec<LockedAbsent>,
}

/// A build that a lock knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Point {
    /// The host's features that are on, those that others bring along included.
    pub(crate) features: BTreeSet<String>,
    /// The target's triple.
    pub(crate) target: String,
    /// Digest of the composition, without overlays.
    pub(crate) composition: String,
}

impl Lock {
    /// The number of the point with these features and no others, for this target.
    pub(crate) fn point(&self, features: &BTreeSet<String>, target: &str) -> Option<usize> {
        let mut points = self.points.iter();
        points.position(|point| point.target == target && point.features == *features)
    }
}

impl Lock {
    /// The manifest of the host, and the folder that it lies in, from the root of the workspace.
    pub(crate) fn own_manifest(&self) -> Option<(&str, &LockedManifest)> {
        let host = self
            .packages
            .iter()
            .find(|package| package.name == self.host)?;
        match &host.source {
            LockedSource::Folder { path, .. } => Some((path, host.manifest.as_ref()?)),
            _ => None,
        }
    }
}

/// Numbers of points.
type At = BTreeSet<usize>;

/// A package, as it is at some points.
#[derive(Debug, Clone, PartialEq, Eq)]
struct LockedPackage {
    name: String,
    version: Version,
    /// Further versions of it in the Cargo.lock.
    beside: BTreeSet<String>,
    source: LockedSource,
    /// Name of its library.
    library: Option<String>,
    /// Where it is.
    at: At,
    /// The features that are on, and where; of the host they are those of the point.
    features: BTreeMap<String, At>,
    /// The features that it has, of a package with a manifest.
    declared: BTreeSet<String>,
    /// The direct dependency of the host that brings it in, if it is not one.
    via: Option<String>,
    manifest: Option<LockedManifest>,
    /// Its dependencies, by the names that its code has for them.
    calls: BTreeMap<String, LockedCall>,
}

impl LockedPackage {
    /// How the lock refers to it.
    fn id(&self) -> String {
        format!("{} {}", self.name, self.version)
    }
}

/// Where a package comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum LockedSource {
    Registry,
    /// As Cargo writes it.
    Git(String),
    /// A folder, from the root of the workspace; whether Cargo counts it to the workspace.
    Folder {
        path: String,
        member: bool,
        /// Digest of what its Cargo.toml says of dependencies, see [`DependencyFacts`](crate::discover::DependencyFacts).
        cargo_toml: Option<String>,
    },
}

/// The manifest of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LockedManifest {
    /// Where it lies in the package.
    pub(crate) path: String,
    /// Digest of what stands in it.
    pub(crate) digest: String,
    /// What stands in it, where it is not read from its file.
    pub(crate) text: Option<String>,
}

/// What a package calls another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct LockedCall {
    /// How the lock refers to the other; `None` where it is off at all points.
    package: Option<String>,
    /// Where it is on.
    at: At,
    /// Its name in Cargo.toml, of a dependency of the host.
    key: Option<String>,
    /// The versions that the host asks for.
    versions: Option<String>,
    /// Features of the other that features of the host bring, with these.
    brings: BTreeMap<String, String>,
    /// The feature that switches it on.
    feature: Option<String>,
    /// Where it is not because the target is another.
    elsewhere: At,
}

/// A plugin that is not there because a feature is off.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct LockedAbsent {
    package: String,
    names: BTreeSet<String>,
    feature: String,
    platform: Option<String>,
    entries: Vec<(String, String)>,
    /// Where it is absent.
    at: At,
}
