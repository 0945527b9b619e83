//! What `cargo metadata` answers, as far as it is needed here.

use std::path::{Path, PathBuf};

use semver::Version;
use serde_json::{Map, Value};

use super::answer::{JsonObject, Unexpected, texts};
use super::declaration::DEFAULT;
use crate::index::{IndexVec, index_types};
use crate::key_map::KeyMap;
use crate::model::{Home, Subject};

index_types! {
    /// Index into the packages of Cargo's answer.
    MetaIx
}

/// Cargo's answer. Packages go by numbers: ids are long, and differ at their ends only.
#[derive(Debug)]
pub(crate) struct Metadata {
    packages: IndexVec<MetaIx, MetaPackage>,
    /// What each package depends on.
    edges: IndexVec<MetaIx, Vec<Edge>>,
    root: Option<MetaIx>,
    /// Folder with the Cargo.lock.
    pub(super) workspace_root: PathBuf,
}

/// One package.
#[derive(Debug, Clone)]
pub(super) struct MetaPackage {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: Version,
    /// `None`: a path dependency.
    pub(super) source: Option<String>,
    pub(super) manifest_path: PathBuf,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) features: KeyMap<String, Vec<String>>,
    /// As Cargo describes them; a message about the package passes one on.
    targets: Vec<Value>,
    /// `[package.metadata]`
    pub(super) metadata: Value,
}

/// A dependency as Cargo.toml declares it.
#[derive(Debug, Clone)]
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

/// A dependency as Cargo resolved it.
#[derive(Debug)]
pub(super) struct Edge {
    /// Name of the extern crate.
    pub(super) name: String,
    /// The package.
    pub(super) to: MetaIx,
    /// `None` is the normal kind.
    kinds: Vec<Option<String>>,
}

/// The id of a package, with what it depends on.
type Node = (String, Vec<NodeEdge>);

/// A dependency of a package, by the id of what it depends on.
struct NodeEdge {
    package: String,
    name: String,
    kinds: Vec<Option<String>>,
}

fn node(mut answer: JsonObject) -> Result<Node, Unexpected> {
    let edge = |mut answer: JsonObject| {
        Ok(NodeEdge {
            package: answer.text("pkg")?,
            name: answer.text("name")?,
            kinds: answer.each("dep_kinds", |mut kind| Ok(kind.text_if_any("kind")))?,
        })
    };
    Ok((answer.text("id")?, answer.each("deps", edge)?))
}

fn package(mut answer: JsonObject) -> Result<MetaPackage, Unexpected> {
    let features = match answer.value("features") {
        Some(Value::Object(features)) => features,
        _ => Map::new(),
    };
    Ok(MetaPackage {
        id: answer.text("id")?,
        name: answer.text("name")?,
        version: Version::parse(&answer.text("version")?).map_err(Unexpected::new)?,
        source: answer.text_if_any("source"),
        manifest_path: answer.text("manifest_path")?.into(),
        dependencies: answer.each("dependencies", dependency)?,
        features: features
            .into_iter()
            .map(|(name, brings)| (name, texts(&brings)))
            .collect(),
        targets: answer.list("targets")?,
        metadata: answer.value("metadata").unwrap_or_default(),
    })
}

fn dependency(mut answer: JsonObject) -> Result<Dependency, Unexpected> {
    Ok(Dependency {
        name: answer.text("name")?,
        rename: answer.text_if_any("rename"),
        kind: answer.text_if_any("kind"),
        optional: answer.flag("optional")?,
        uses_default_features: answer.flag("uses_default_features")?,
        features: answer
            .value("features")
            .map_or_else(Vec::new, |brings| texts(&brings)),
        req: answer.text("req")?,
        source: answer.text_if_any("source"),
        registry: answer.text_if_any("registry"),
        target: answer.text_if_any("target"),
        path: answer.text_if_any("path").map(PathBuf::from),
    })
}

/// Whether a target is of one of these kinds.
fn is_of_kind(target: &Value, kinds: &[&str]) -> bool {
    texts(&target["kind"])
        .iter()
        .any(|kind| kinds.contains(&kind.as_str()))
}

impl Edge {
    /// Whether it is a dependency of this kind; `None` is the normal kind.
    pub(super) fn is(&self, kind: Option<&str>) -> bool {
        self.kinds.iter().any(|one| one.as_deref() == kind)
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

    /// Whether its source is in this folder.
    pub(super) fn lies_in(&self, folder: &Path) -> bool {
        self.source.is_none() && self.manifest_path.starts_with(folder)
    }

    /// Where it comes from.
    pub(super) fn home(&self) -> Home {
        match &self.source {
            Some(source) => Home::Source(source.clone()),
            None => Home::Folder(self.folder().to_owned()),
        }
    }

    /// What Cargo would say of a message about this package: its build script is what composes, where it has one.
    pub(super) fn subject(&self, workspace: &Path) -> Option<Subject> {
        let script = self
            .targets
            .iter()
            .find(|one| is_of_kind(one, &["custom-build"]));
        Some(Subject {
            package: self.id.clone(),
            manifest: self.manifest_path.clone(),
            workspace: workspace.to_owned(),
            target: script.or(self.targets.first())?.clone(),
        })
    }

    /// Whether it has a build script.
    pub(super) fn has_build_script(&self) -> bool {
        let mut targets = self.targets.iter();
        targets.any(|target| is_of_kind(target, &["custom-build"]))
    }

    /// Whether it is a package of procedural macros.
    pub(super) fn is_macro(&self) -> bool {
        let mut targets = self.targets.iter();
        targets.any(|target| is_of_kind(target, &["proc-macro"]))
    }

    /// Name of the library that Rust code can link, if there is one.
    pub(super) fn library(&self) -> Option<String> {
        let name = self.library_target()?["name"].as_str()?;
        Some(name.replace('-', "_"))
    }

    /// Folder of the sources of its library; of a package without one, of its program.
    pub(super) fn sources(&self) -> Option<PathBuf> {
        let program = || self.targets.iter().find(|one| is_of_kind(one, &["bin"]));
        let root = self.library_target().or_else(program)?["src_path"].as_str()?;
        Path::new(root).parent().map(Path::to_owned)
    }

    fn library_target(&self) -> Option<&Value> {
        let linkable = |target: &&Value| is_of_kind(target, &["lib", "rlib", "dylib"]);
        self.targets.iter().find(linkable)
    }
}

impl Metadata {
    /// Reads what Cargo says.
    pub(super) fn parse(bytes: Vec<u8>) -> Result<Self, Unexpected> {
        // A path need not be UTF-8.
        let text = String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let answer: Value = serde_json::from_str(&text).map_err(Unexpected::new)?;
        let mut answer = JsonObject::new(answer);
        let packages: IndexVec<MetaIx, MetaPackage> = answer.each("packages", package)?.into();
        let numbers: KeyMap<&str, MetaIx> = (packages.indexed())
            .map(|(number, package)| (package.id.as_str(), number))
            .collect();
        let mut edges: IndexVec<MetaIx, Vec<Edge>> = packages.iter().map(|_| Vec::new()).collect();
        let mut root = None;
        if let Some(mut resolve) = answer.object("resolve") {
            let id = resolve.text_if_any("root");
            root = id.and_then(|id| numbers.get(id.as_str()).copied());
            for (id, dependencies) in resolve.each("nodes", node)? {
                let Some(from) = numbers.get(id.as_str()) else {
                    continue;
                };
                let edge = |edge: NodeEdge| {
                    Some(Edge {
                        to: *numbers.get(edge.package.as_str())?,
                        name: edge.name,
                        kinds: edge.kinds,
                    })
                };
                edges[*from] = dependencies.into_iter().filter_map(edge).collect();
            }
        }
        Ok(Self {
            edges,
            root,
            workspace_root: answer.text("workspace_root")?.into(),
            packages,
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

    /// All packages.
    pub(super) fn packages(&self) -> &IndexVec<MetaIx, MetaPackage> {
        &self.packages
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
