//! What is known of packages.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use semver::{Version, VersionReq};
use serde_json::{Value, json};

use crate::index::{IndexVec, index_types};
use crate::key_map::KeyMap;
use crate::source::Origin;

/// What Cargo resolved around the host.
#[derive(Debug, Clone)]
pub(crate) struct Universe {
    /// Every package reachable from the host, sorted by name, then version.
    pub(crate) packages: IndexVec<PackageIx, Package>,
    /// The host's package.
    pub(crate) host: PackageIx,
}

impl Universe {
    /// The packages that the host depends on directly.
    pub(crate) fn direct(&self) -> Direct<'_> {
        let mut direct = Direct::new();
        for package in self.packages[self.host].externs.values() {
            let name = self.packages[*package].name.as_str();
            direct.entry(name).get_or_insert_default().push(*package);
        }
        direct
    }
}

/// The packages that the host depends on directly, by name: several where it has several versions.
pub(crate) type Direct<'a> = KeyMap<&'a str, Vec<PackageIx>>;

index_types! {
    /// Index into [`Universe::packages`].
    PackageIx
}

/// One resolved package.
#[derive(Debug, Clone)]
pub(crate) struct Package {
    /// Package name.
    pub(crate) name: String,
    /// Resolved version.
    pub(crate) version: Version,
    /// Extern names this package has for its dependencies (renames included; normal and, for the root, development).
    pub(crate) externs: KeyMap<String, PackageIx>,
    /// Dependencies that are not in this build, by the names that its code would have for them.
    pub(crate) off: KeyMap<String, DependencyOff>,
    /// Library target's name; `None` for a package without a library.
    pub(crate) lib: Option<String>,
    /// Features that are on.
    pub(crate) features: BTreeSet<String>,
    /// Features that it has.
    pub(crate) declared: BTreeSet<String>,
    /// Where it comes from.
    pub(crate) home: Home,
    /// Whether it lies in the host's workspace, so that Cargo can be told to change it.
    pub(crate) in_workspace: bool,
    /// What it asks Cargo for, of packages that are there in several versions; of the host, of all.
    pub(crate) asks: Vec<Ask>,
    /// Folder of its library's sources, where they are on this machine.
    pub(crate) sources: Option<PathBuf>,
    /// Index into the list of manifests, where it has one.
    pub(crate) manifest: Option<usize>,
}

/// Why a dependency is not in this build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DependencyOff {
    /// This feature of the package that depends on it is off.
    Feature(String),
    /// It is for another platform.
    Platform,
}

/// Where a package comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Home {
    /// Not known: nobody has asked Cargo.
    Unknown,
    /// This folder on this machine, which is never printed as it is.
    Folder(PathBuf),
    /// A registry or a Git repository, as Cargo writes it.
    Source(String),
}

impl Home {
    /// Whether it is a registry.
    pub(crate) fn is_registry(&self) -> bool {
        matches!(self, Self::Source(source) if !source.starts_with("git+"))
    }
}

impl Package {
    /// How it asks for another one.
    pub(crate) fn ask(&self, package: PackageIx) -> Option<&Ask> {
        self.asks.iter().find(|ask| ask.package == package)
    }
}

/// How a Cargo.toml asks for a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    /// The package.
    pub(crate) package: PackageIx,
    /// Its name there.
    pub(crate) key: String,
    /// The versions that would do.
    pub(crate) versions: VersionReq,
    /// Features of the package that some feature of the asking one brings, with what to write after `--features`.
    pub(crate) brought: BTreeMap<String, String>,
}

impl Ask {
    /// What to write after `--features` for a feature of the package.
    pub(crate) fn switch(&self, feature: &str) -> String {
        match self.brought.get(feature) {
            Some(by) => by.clone(),
            None => format!("{}/{feature}", self.key),
        }
    }
}

/// A plugin that is not in this build, because a feature is off.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Absent {
    /// What it may be called by: its id, its package, its aliases.
    pub(crate) names: BTreeSet<String>,
    /// Its package.
    pub(crate) package: String,
    /// The feature that would bring it, as it is written after `--features`.
    pub(crate) feature: String,
    /// The platform that it is for, where this build is for another: then no feature brings it.
    pub(crate) platform: Option<String>,
    /// The host's package.
    pub(crate) host: String,
    /// What its components provide, as far as its sources are at hand: services without versions, see `Names::stem`, each with
    /// the component's id. Only messages tell it.
    pub(crate) provides: Vec<(String, String)>,
    /// Its entries, where it lies beside the host: registries without versions, each with a key.
    pub(crate) entries: Vec<(String, String)>,
}

/// A feature of the host's package, with what it brings.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct HostFeature {
    /// Its name.
    pub(crate) name: String,
    /// The packages that it brings, by itself or by others that it switches on.
    pub(crate) packages: BTreeSet<String>,
    /// It is one of those that `default` names.
    pub(crate) default: bool,
}

impl HostFeature {
    /// The feature with no other packages than these.
    pub(crate) fn among(&self, is_one: impl Fn(&String) -> bool) -> Self {
        let packages = self.packages.iter().filter(|package| is_one(package));
        Self {
            packages: packages.cloned().collect(),
            ..self.clone()
        }
    }

    /// Whether it says anything of plugins: it brings one, or a build without default features has to name it.
    pub(crate) fn matters(&self) -> bool {
        self.default || !self.packages.is_empty()
    }
}

/// A package with a plugin's manifest, which its Cargo.toml does not name: it is not found as a plugin.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Undeclared {
    /// Id of the plugin.
    pub(crate) id: String,
    /// The package.
    pub(crate) package: String,
    /// Its Cargo.toml, for people.
    pub(crate) file: String,
    /// The package's name in it.
    pub(crate) at: Option<Origin>,
    /// Every name in its manifest.
    pub(crate) names: BTreeSet<String>,
}

/// What Cargo says of a message besides the message: the target that was compiled.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    /// Cargo's id of the package.
    pub(crate) package: String,
    /// Its Cargo.toml.
    pub(crate) manifest: PathBuf,
    /// Root of its workspace.
    pub(crate) workspace: PathBuf,
    /// The target that the compiler runs for, as `cargo metadata` prints it.
    pub(crate) target: Value,
}

impl Subject {
    /// What is known of the package in a folder without asking Cargo.
    pub(crate) fn unasked(folder: &Path, workspace: PathBuf) -> Self {
        Self {
            package: format!("path+file://{}", folder.display()),
            manifest: folder.join("Cargo.toml"),
            workspace,
            target: json!({
                "kind": ["custom-build"],
                "crate_types": ["bin"],
                "name": "build-script-build",
                "src_path": folder.join("build.rs"),
                "edition": "2024",
                "doc": false,
                "doctest": false,
                "test": false,
            }),
        }
    }
}
