//! `cargo metadata`: asking, and the part of the answer that is needed here.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;

use semver::Version;
use serde::{Deserialize, Deserializer, Serialize};

use super::declaration::DEFAULT;
use super::{Request, alone};
use crate::diagnostic::CargoFault;
use crate::model::Home;
use crate::report::Subject;

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct Failure {
    /// What went wrong.
    pub(super) fault: CargoFault,
    /// Cargo's own words, or the system's.
    pub(super) words: String,
}

/// Cargo's answer, by package id.
#[derive(Debug, Deserialize)]
#[serde(from = "Answer")]
pub(super) struct Metadata {
    // Looked up, and never gone through in an order that shows: ids are long and differ at their ends only.
    packages: HashMap<String, MetaPackage>,
    edges: HashMap<String, Vec<Edge>>,
    root: Option<String>,
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

impl From<Answer> for Metadata {
    fn from(answer: Answer) -> Self {
        let (root, nodes) = answer
            .resolve
            .map_or((None, Vec::new()), |resolve| (resolve.root, resolve.nodes));
        Self {
            packages: answer
                .packages
                .into_iter()
                .map(|package| (package.id.clone(), package))
                .collect(),
            edges: nodes.into_iter().map(|node| (node.id, node.deps)).collect(),
            root,
            workspace_root: answer.workspace_root,
        }
    }
}

/// One package.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct MetaPackage {
    id: String,
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
    deps: Vec<Edge>,
}

/// A dependency as Cargo resolved it.
#[derive(Debug, Deserialize)]
pub(super) struct Edge {
    /// Name of the extern crate.
    pub(super) name: String,
    pub(super) pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Debug, Deserialize)]
struct EdgeKind {
    kind: Option<String>,
}

impl Edge {
    /// Whether it is a dependency of this kind; `None` is the normal kind.
    pub(super) fn is(&self, kind: Option<&str>) -> bool {
        self.dep_kinds.iter().any(|one| one.kind.as_deref() == kind)
    }
}

impl Dependency {
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
        let folder = self.manifest_path.parent();
        folder.is_some_and(|folder| folder.join(DEFAULT).is_file())
    }

    /// Where it comes from.
    pub(super) fn home(&self) -> Home {
        match &self.source {
            Some(source) => Home::Source(source.clone()),
            None => self
                .manifest_path
                .parent()
                .map_or(Home::Unknown, |folder| Home::Folder(folder.to_owned())),
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
    /// Id of the package that was asked about.
    pub(super) fn root(&self) -> Option<&str> {
        self.root.as_deref()
    }

    /// The package with this id.
    pub(super) fn package(&self, id: &str) -> Option<&MetaPackage> {
        self.packages.get(id)
    }

    /// The folder in which Cargo keeps the sources of this registry, each in one of its own.
    pub(super) fn folder_of(&self, registry: &str) -> Option<&Path> {
        let mut all = self.packages.values();
        let one = all.find(|package| package.source.as_deref() == Some(registry))?;
        one.manifest_path.parent()?.parent()
    }

    /// Id of the package in this folder.
    fn find(&self, package: &Path) -> Option<&str> {
        let wanted = package.join("Cargo.toml");
        let wanted = wanted.canonicalize().unwrap_or(wanted);
        let is_wanted =
            |path: &Path| path == wanted || path.canonicalize().is_ok_and(|path| path == wanted);
        let mut packages = self.packages.iter();
        let found = packages.find(|(_, package)| is_wanted(&package.manifest_path));
        found.map(|(id, _)| id.as_str())
    }

    /// Puts a package of another answer in the place of the one that was asked about.
    pub(super) fn stand_for(&mut self, other: &Self, id: &str) {
        if let (Some(root), Some(package)) = (&self.root, other.packages.get(id)) {
            self.packages.insert(root.clone(), package.clone());
        }
        self.workspace_root.clone_from(&other.workspace_root);
    }

    /// What the package with this id depends on.
    pub(super) fn edges(&self, id: &str) -> &[Edge] {
        self.edges.get(id).map_or(&[], Vec::as_slice)
    }
}

fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Version, D::Error> {
    let text = String::deserialize(deserializer)?;
    Version::parse(&text).map_err(serde::de::Error::custom)
}

/// Asks about the package, with its features if they are not the default ones.
pub(super) fn ask(request: &Request<'_>) -> Result<Metadata, Failure> {
    let manifest = request.package.join("Cargo.toml");
    let mut arguments: Vec<String> = Vec::new();
    let mut workspace = None;
    if let Some(features) = request.features {
        let known = workspace.insert(run(request, &manifest, &["--no-deps".to_owned()])?);
        arguments.extend(feature_arguments(known, request.package, features));
    }
    if let Some(target) = request.target.map(str::to_owned).or_else(this_machine) {
        arguments.extend(["--filter-platform".to_owned(), target]);
    }
    let failure = match run(request, &manifest, &arguments) {
        Err(failure) if failure.fault == CargoFault::Failed => failure,
        other => return other,
    };
    let workspace = match workspace {
        Some(known) => known,
        None => run(request, &manifest, &["--no-deps".to_owned()])?,
    };
    let alone = workspace
        .find(request.package)
        .and_then(|id| alone::ask(request, &workspace, id, &arguments));
    alone.ok_or(failure)
}

/// Cargo tells a build script `FOO_BAR`; these are the features that may be: `foo-bar`, `foo_bar`.
fn feature_arguments(
    workspace: &Metadata,
    package: &Path,
    features: &BTreeSet<String>,
) -> [String; 3] {
    let found = workspace.find(package).and_then(|id| workspace.package(id));
    let names = found
        .into_iter()
        .flat_map(|package| package.features.keys());
    let on: Vec<&str> = names
        .filter(|name| features.contains(&variable(name)))
        .map(String::as_str)
        .collect();
    ["--no-default-features", "--features", &on.join(",")].map(str::to_owned)
}

/// The name of a feature's variable, after `CARGO_FEATURE_`.
pub(super) fn variable(feature: &str) -> String {
    feature.to_uppercase().replace('-', "_")
}

/// The triple of this machine, from the compiler.
fn this_machine() -> Option<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
}

/// What is known of a target, or of this machine: one line of `rustc --print cfg` each.
pub(crate) fn cfg(target: Option<&str>) -> BTreeSet<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.args(["--print", "cfg"]);
    if let Some(target) = target {
        command.args(["--target", target]);
    }
    let output = command.output().map(|output| output.stdout);
    let text = String::from_utf8(output.unwrap_or_default()).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// Asks about the package of this Cargo.toml.
pub(super) fn run(
    request: &Request<'_>,
    manifest: &Path,
    arguments: &[String],
) -> Result<Metadata, Failure> {
    let mut command = Command::new(&request.cargo);
    command.args([
        "metadata",
        "--format-version",
        "1",
        "--offline",
        "--quiet",
        "--color",
        "never",
        "--manifest-path",
    ]);
    command
        .arg(manifest)
        .args(arguments)
        .current_dir(request.package);
    let output = command.output().map_err(|error| Failure {
        fault: CargoFault::NotStarted,
        words: error.to_string(),
    })?;
    if !output.status.success() {
        return Err(Failure {
            fault: CargoFault::Failed,
            words: String::from_utf8_lossy(&output.stderr).into_owned(),
        });
    }
    serde_json::from_slice(&output.stdout).map_err(|error| Failure {
        fault: CargoFault::Output,
        words: error.to_string(),
    })
}
