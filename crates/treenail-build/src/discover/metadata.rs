//! `cargo metadata`: asking, and the part of the answer that is needed here.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

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
struct Answer<'a> {
    packages: Vec<MetaPackage>,
    #[serde(borrow)]
    resolve: Option<Resolve<'a>>,
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
struct Resolve<'a> {
    root: Option<String>,
    #[serde(borrow)]
    nodes: Vec<Node<'a>>,
}

#[derive(Debug, Deserialize)]
struct Node<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    deps: Vec<NodeEdge<'a>>,
}

#[derive(Debug, Deserialize)]
struct NodeEdge<'a> {
    name: String,
    #[serde(borrow)]
    pkg: Cow<'a, str>,
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
    /// Reads what Cargo says.
    fn parse(bytes: &[u8]) -> serde_json::Result<Self> {
        // Checked once as a whole, and not string by string. A path need not be UTF-8.
        let text =
            str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
        let answer: Answer<'_> = serde_json::from_str(&text)?;
        let packages = answer.packages;
        let numbered = packages.iter().enumerate();
        let numbers: HashMap<&str, MetaIx> = numbered
            .map(|(number, package)| (package.id.as_str(), number))
            .collect();
        let (root, nodes) = answer
            .resolve
            .map_or((None, Vec::new()), |resolve| (resolve.root, resolve.nodes));
        let root = root.and_then(|id| numbers.get(id.as_str()).copied());
        let mut edges: Vec<Vec<Edge>> = packages.iter().map(|_| Vec::new()).collect();
        for node in nodes {
            if let Some(from) = numbers.get(&*node.id) {
                let edge = |edge: NodeEdge<'_>| {
                    Some(Edge {
                        to: *numbers.get(&*edge.pkg)?,
                        name: edge.name,
                        kinds: edge.dep_kinds,
                    })
                };
                edges[*from] = node.deps.into_iter().filter_map(edge).collect();
            }
        }
        Ok(Self {
            packages,
            edges,
            root,
            workspace_root: answer.workspace_root,
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
    fn find(&self, package: &Path) -> Option<&MetaPackage> {
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

/// Asks about the package, with its features if they are not the default ones.
pub(super) fn ask(request: &Request<'_>) -> Result<Metadata, Failure> {
    let manifest = request.package.join("Cargo.toml");
    let mut arguments: Vec<String> = Vec::new();
    let mut workspace = None;
    // Where Cargo has to be asked more than once, rustc answers meanwhile.
    let machine = request.target.is_none().then(ask_rustc).flatten();
    if let Some(features) = request.features {
        let on = if features.is_empty() {
            String::new()
        } else {
            let known = workspace.insert(run(request, &manifest, &["--no-deps".to_owned()])?);
            names(known, request.package, features)
        };
        arguments.extend(["--no-default-features", "--features", &on].map(str::to_owned));
    }
    let target = request.target.map(str::to_owned);
    if let Some(target) = target.or_else(|| this_machine(machine?)) {
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
        .and_then(|package| alone::ask(request, &workspace, package, &arguments));
    alone.ok_or(failure)
}

/// Cargo tells a build script `FOO_BAR`; these are the features that may be: `foo-bar,foo_bar`.
fn names(workspace: &Metadata, package: &Path, features: &BTreeSet<String>) -> String {
    let found = workspace.find(package).into_iter();
    let names = found.flat_map(|package| package.features.keys());
    let on: Vec<&str> = names
        .filter(|name| features.contains(&variable(name)))
        .map(String::as_str)
        .collect();
    on.join(",")
}

/// The name of a feature's variable, after `CARGO_FEATURE_`.
pub(super) fn variable(feature: &str) -> String {
    feature.to_uppercase().replace('-', "_")
}

/// Asks the compiler about itself.
fn ask_rustc() -> Option<Child> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.arg("-vV").stdin(Stdio::null());
    let quiet = command.stdout(Stdio::piped()).stderr(Stdio::null());
    quiet.spawn().ok()
}

/// The triple of this machine, from the compiler's answer.
fn this_machine(asked: Child) -> Option<String> {
    let output = asked.wait_with_output().ok()?;
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
    Metadata::parse(&output.stdout).map_err(|error| Failure {
        fault: CargoFault::Output,
        words: error.to_string(),
    })
}
