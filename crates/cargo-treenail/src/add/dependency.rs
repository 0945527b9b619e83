//! A dependency as Cargo knows it: as Cargo.toml states it, and the package that it leads to.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::cargo::{asked, cargo};

/// What Cargo answers about a workspace.
#[derive(Deserialize)]
struct Answer {
    packages: Vec<Package>,
    resolve: Option<Resolve>,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    manifest_path: PathBuf,
    dependencies: Vec<Stated>,
    features: BTreeMap<String, Vec<String>>,
    metadata: Value,
}

/// A dependency as it is stated.
#[derive(Deserialize, PartialEq)]
pub(super) struct Stated {
    pub(super) name: String,
    pub(super) rename: Option<String>,
    pub(super) source: Option<String>,
    pub(super) path: Option<PathBuf>,
    kind: Option<String>,
    optional: bool,
    req: String,
    features: Vec<String>,
    uses_default_features: bool,
    target: Option<String>,
}

impl Stated {
    /// What the package that states it calls it.
    pub(super) fn called(&self) -> &str {
        self.rename.as_ref().unwrap_or(&self.name)
    }

    /// The features that it switches on, of those that the package declares, with those that they bring along.
    fn features_on(&self, declared: &BTreeMap<String, Vec<String>>) -> BTreeSet<String> {
        let default = self.uses_default_features.then(|| "default".to_owned());
        let mut next: Vec<String> = self.features.iter().cloned().chain(default).collect();
        let mut on = BTreeSet::new();
        while let Some(feature) = next.pop() {
            let brought = declared.get(&feature).into_iter().flatten();
            next.extend(brought.filter(|one| !on.contains(*one)).cloned());
            on.insert(feature);
        }
        on
    }
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    name: String,
    pkg: String,
}

/// A plugin that the application depends on.
pub(super) struct Dependency {
    pub(super) package: String,
    pub(super) version: String,
    /// What the application calls the package.
    pub(super) called: String,
    /// The feature of the application that brings it.
    pub(super) switched_on_by: Option<String>,
    /// The feature of the package with which it is a plugin.
    pub(super) feature: Option<String>,
    /// The features of the package that are on.
    features: BTreeSet<String>,
}

impl Dependency {
    /// The feature that it lacks to be a plugin.
    pub(super) fn lacks(&self) -> Option<String> {
        let feature = self.feature.clone();
        feature.filter(|feature| !self.features.contains(feature))
    }
}

/// The normal dependencies that the package in a folder states.
pub(super) fn stated(folder: &Path, passed_on: &[String]) -> io::Result<Vec<Stated>> {
    let answer = ask(folder, passed_on, &["--no-deps"])?;
    let mut stated = own(answer.packages, folder)?.dependencies;
    stated.retain(|one| one.kind.is_none());
    // A folder has the version that it has.
    let folders = stated.iter_mut().filter(|one| one.path.is_some());
    folders.for_each(|one| one.req.clear());
    Ok(stated)
}

/// Lets Cargo bring what it needs to know about all dependencies. It says by itself what it waits for.
pub(super) fn fetch(folder: &Path, passed_on: &[String]) -> io::Result<()> {
    let status = cargo(folder)
        .args(["fetch", "--quiet"])
        .args(passed_on)
        .status()?;
    match status.success() {
        true => Ok(()),
        false => Err(io::Error::other(
            "Cargo cannot bring the packages that the plugin depends on: nothing is changed",
        )),
    }
}

/// The plugin that a stated dependency leads to.
pub(super) fn found(
    folder: &Path,
    passed_on: &[String],
    stated: &Stated,
) -> io::Result<Dependency> {
    let mut answer = ask(folder, passed_on, &["--all-features"])?;
    let nodes = answer
        .resolve
        .take()
        .map(|resolve| resolve.nodes)
        .unwrap_or_default();
    let host = answer.packages.iter().find(|one| is_in(one, folder));
    let host = host.ok_or_else(|| unknown(folder))?;
    let edges = nodes
        .iter()
        .filter(|node| node.id == host.id)
        .flat_map(|node| &node.deps);
    let named = edges.filter_map(|edge| {
        let package = answer.packages.iter().find(|one| one.id == edge.pkg)?;
        (package.name == stated.name).then_some((edge, package))
    });
    let named: Vec<(&Edge, &Package)> = named.collect();
    // A package may be there in several versions, each under a name of its own.
    let crate_name = stated.called().replace('-', "_");
    let called = named.iter().find(|(edge, _)| edge.name == crate_name);
    let (_, package) = called.or(named.first()).ok_or_else(|| unknown(folder))?;
    let called = stated.called().to_owned();
    let Some(declared) = package.metadata.get("treenail") else {
        return Err(io::Error::other(format!(
            "`{}` is no plugin, its Cargo.toml has no `[package.metadata.treenail]`: nothing is changed; `cargo add` adds it all the same",
            package.name
        )));
    };
    Ok(Dependency {
        package: package.name.clone(),
        version: package.version.clone(),
        switched_on_by: stated
            .optional
            .then(|| bringing(&host.features, &called))
            .flatten(),
        called,
        feature: declared
            .get("feature")
            .and_then(Value::as_str)
            .map(str::to_owned),
        features: stated.features_on(&package.features),
    })
}

/// The feature that brings an optional dependency: the one of its name, or else the first.
fn bringing(features: &BTreeMap<String, Vec<String>>, called: &str) -> Option<String> {
    let dep = format!("dep:{called}");
    let mut bringing = features
        .iter()
        .filter(|(_, brought)| brought.contains(&dep));
    let first = bringing.clone().next();
    let named = bringing.find(|(name, _)| *name == called);
    named.or(first).map(|(name, _)| name.clone())
}

fn ask(folder: &Path, passed_on: &[String], more: &[&str]) -> io::Result<Answer> {
    let question = ["metadata", "--format-version", "1", "--offline"];
    let question = question.iter().chain(more).copied();
    let passed_on = passed_on.iter().map(String::as_str);
    let question = question.chain(passed_on.filter(|one| *one != "--offline"));
    Ok(serde_json::from_slice(&asked(folder, question)?)?)
}

fn own(packages: Vec<Package>, folder: &Path) -> io::Result<Package> {
    let mut packages = packages.into_iter();
    packages
        .find(|one| is_in(one, folder))
        .ok_or_else(|| unknown(folder))
}

fn is_in(package: &Package, folder: &Path) -> bool {
    package.manifest_path == folder.join("Cargo.toml")
}

fn unknown(folder: &Path) -> io::Error {
    let folder = folder.display();
    io::Error::other(format!(
        "Cargo does not know what the package in `{folder}` depends on"
    ))
}
