//! What `cargo metadata` answers, as far as it is needed here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use semver::Version;
use serde::{Deserialize, Deserializer, Serialize};

use super::declaration::DEFAULT;
use crate::model::{Home, Subject};

/// Number of a package in Cargo's answer.
pub(super) type MetaIx = usize;

/// Cargo's answer. Packages go by numbers: ids are long, and differ at their ends only.
#[derive(Debug)]
pub(super) struct Metadata {
    packages: Vec<MetaPackage>,
    /// What each package depends on.
    edges: Vec<Vec<Edge>>,
    root: Option<MetaIx>,
    /// Folder with the Cargo.lock.
    pub(super) workspace_root: PathBuf,
}

/// Cargo's answer as it comes.
#[derive(Debug, Deserialize)]
struct Answer {
    packages: Vec<MetaPackage>,
    resolve: Option<Resolve>,
    workspace_root: PathBuf,
}

/// One package.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct MetaPackage {
    pub(super) id: String,
    pub(super) name: String,
    #[serde(deserialize_with = "version")]
    pub(super) version: Version,
    /// `None`: a path dependency.
    pub(super) source: Option<String>,
    pub(super) manifest_path: PathBuf,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) features: BTreeMap<String, Vec<String>>,
    targets: Vec<Target>,
    /// `[package.metadata]`
    #[serde(default)]
    pub(super) metadata: serde_json::Value,
}

/// A dependency as Cargo.toml declares it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) rename: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) optional: bool,
    pub(super) uses_default_features: bool,
    pub(super) features: Vec<String>,
    /// The version requirement.
    pub(super) req: String,
    /// Where it comes from; `None` for a path.
    pub(super) source: Option<String>,
    /// Index of a registry that is not the usual one.
    pub(super) registry: Option<String>,
    /// The platform that it is for.
    pub(super) target: Option<String>,
    /// Folder of a path dependency.
    pub(super) path: Option<PathBuf>,
}

/// A target. What is not asked here is passed on in messages, as Cargo does.
#[derive(Debug, Clone, Deserialize, Serialize)]
struct Target {
    kind: Vec<String>,
    crate_types: Vec<String>,
    name: String,
    src_path: PathBuf,
    edition: String,
    doc: bool,
    doctest: bool,
    test: bool,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    root: Option<String>,
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<NodeEdge>,
}

#[derive(Debug, Deserialize)]
struct NodeEdge {
    name: String,
    pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Debug, Deserialize)]
struct EdgeKind {
    kind: Option<String>,
}

/// A dependency as Cargo resolved it.
#[derive(Debug)]
pub(super) struct Edge {
    /// Name of the extern crate.
    pub(super) name: String,
    /// The package.
    pub(super) to: MetaIx,
    kinds: Vec<EdgeKind>,
}

impl Edge {
    /// Whether it is a dependency of this kind; `None` is the normal kind.
    pub(super) fn is(&self, kind: Option<&str>) -> bool {
        self.kinds.iter().any(|one| one.kind.as_deref() == kind)
    }
}

impl Dependency {
    /// Its name in Cargo.toml.
    pub(super) fn key(&self) -> &str {
        self.rename.as_deref().unwrap_or(&self.name)
    }

    /// Whether Rust code knows it by this name, if it was resolved to a package with this library.
    pub(super) fn is_called(&self, name: &str, library: Option<&str>) -> bool {
        match &self.rename {
            Some(rename) => rename.replace('-', "_") == name,
            None => library == Some(name),
        }
    }
}

impl MetaPackage {
    /// Whether a manifest lies beside its Cargo.toml, under the usual name.
    pub(super) fn has_default(&self) -> bool {
        self.folder().join(DEFAULT).is_file()
    }

    /// Its folder.
    pub(super) fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new(""))
    }

    /// Where it comes from.
    pub(super) fn home(&self) -> Home {
        match &self.source {
            Some(source) => Home::Source(source.clone()),
            None => Home::Folder(self.folder().to_owned()),
        }
    }

    /// What Cargo would say of a message about this package: its build script is what composes, where it has one.
    pub(super) fn subject(&self) -> Option<Subject> {
        let is_script = |target: &&Target| target.kind.iter().any(|kind| kind == "custom-build");
        let script = self.targets.iter().find(is_script);
        Some(Subject {
            package: self.id.clone(),
            manifest: self.manifest_path.clone(),
            target: serde_json::to_value(script.or(self.targets.first())?).ok()?,
        })
    }

    /// Name of the library that Rust code can link, if there is one.
    pub(super) fn library(&self) -> Option<String> {
        let linkable = |target: &&Target| {
            target
                .kind
                .iter()
                .any(|kind| matches!(kind.as_str(), "lib" | "rlib" | "dylib"))
        };
        self.targets
            .iter()
            .find(linkable)
            .map(|target| target.name.replace('-', "_"))
    }
}

impl Metadata {
    /// Reads what Cargo says.
    pub(super) fn parse(bytes: &[u8]) -> serde_json::Result<Self> {
        // A path need not be UTF-8.
        let Answer {
            packages,
            resolve,
            workspace_root,
        } = serde_json::from_str(&String::from_utf8_lossy(bytes))?;
        let numbered = packages.iter().enumerate();
        let numbers: BTreeMap<&str, MetaIx> = numbered
            .map(|(number, package)| (package.id.as_str(), number))
            .collect();
        let number = |id: &str| numbers.get(id).copied();
        let mut edges: Vec<Vec<Edge>> = packages.iter().map(|_| Vec::new()).collect();
        let mut root = None;
        if let Some(resolve) = resolve {
            root = resolve.root.and_then(|id| number(&id));
            for node in resolve.nodes {
                let Some(from) = number(&node.id) else {
                    continue;
                };
                let edge = |edge: NodeEdge| {
                    Some(Edge {
                        to: number(&edge.pkg)?,
                        name: edge.name,
                        kinds: edge.dep_kinds,
                    })
                };
                edges[from] = node.deps.into_iter().filter_map(edge).collect();
            }
        }
        Ok(Self {
            packages,
            edges,
            root,
            workspace_root,
        })
    }

    /// The package that was asked about.
    pub(super) fn root(&self) -> Option<MetaIx> {
        self.root
    }

    /// The folder in which Cargo keeps the sources of this registry, each in one of its own.
    pub(super) fn folder_of(&self, registry: &str) -> Option<&Path> {
        let mut all = self.packages.iter();
        let one = all.find(|package| package.source.as_deref() == Some(registry))?;
        one.manifest_path.parent()?.parent()
    }

    /// How many packages there are.
    pub(super) fn len(&self) -> usize {
        self.packages.len()
    }

    /// The package with this number.
    pub(super) fn package(&self, number: MetaIx) -> &MetaPackage {
        &self.packages[number]
    }

    /// The package in this folder.
    pub(super) fn find(&self, package: &Path) -> Option<&MetaPackage> {
        let wanted = package.join("Cargo.toml");
        let wanted = wanted.canonicalize().unwrap_or(wanted);
        let is_wanted =
            |path: &Path| path == wanted || path.canonicalize().is_ok_and(|path| path == wanted);
        let mut packages = self.packages.iter();
        packages.find(|package| is_wanted(&package.manifest_path))
    }

    /// Puts a package of another answer in the place of the one that was asked about.
    pub(super) fn stand_for(&mut self, other: &Self, package: &MetaPackage) {
        if let Some(root) = self.root {
            self.packages[root] = package.clone();
        }
        self.workspace_root.clone_from(&other.workspace_root);
    }

    /// What the package with this number depends on.
    pub(super) fn edges(&self, number: MetaIx) -> &[Edge] {
        &self.edges[number]
    }
}

fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Version, D::Error> {
    let text = String::deserialize(deserializer)?;
    Version::parse(&text).map_err(serde::de::Error::custom)
}
