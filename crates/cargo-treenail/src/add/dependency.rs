//! A plugin that is added, as Cargo knows it: as Cargo.toml states it, and the package that this leads to.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use serde_json::Value;

use crate::cargo::cargo;
use crate::metadata::{Answer, Edge, Package, Stated, ask};

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
    let answer = ask(folder, passed_on, &["--all-features"])?;
    let host = answer.packages.iter().find(|one| is_in(one, folder));
    let found = host.and_then(|host| Some((host, led_to(&answer, host, stated)?)));
    let (host, package) = found.ok_or_else(|| unknown(folder))?;
    let Some(declared) = package.metadata.get("treenail") else {
        return Err(io::Error::other(format!(
            "`{}` is no plugin, its Cargo.toml has no `[package.metadata.treenail]`: nothing is changed; `cargo add` adds it all the same",
            package.name
        )));
    };
    let called = stated.called().to_owned();
    let bringing = bringing(&host.features, &called).filter(|_| stated.optional);
    let feature = declared.get("feature").and_then(Value::as_str);
    Ok(Dependency {
        package: package.name.clone(),
        version: package.version.clone(),
        called,
        switched_on_by: bringing,
        feature: feature.map(str::to_owned),
        features: stated.features_on(&package.features),
    })
}

/// The package that a dependency of the host leads to.
fn led_to<'a>(answer: &'a Answer, host: &Package, stated: &Stated) -> Option<&'a Package> {
    let nodes = &answer.resolve.as_ref()?.nodes;
    let edges = &nodes.iter().find(|node| node.id == host.id)?.deps;
    let named = edges.iter().filter_map(|edge| {
        let package = answer.packages.iter().find(|one| one.id == edge.pkg)?;
        (package.name == stated.name).then_some((edge, package))
    });
    let named: Vec<(&Edge, &Package)> = named.collect();
    // A package may be there in several versions, each under a name of its own.
    let crate_name = stated.called().replace('-', "_");
    let called = named.iter().find(|(edge, _)| edge.name == crate_name);
    Some(called.or(named.first())?.1)
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

fn own(packages: Vec<Package>, folder: &Path) -> io::Result<Package> {
    let mut packages = packages.into_iter();
    packages
        .find(|one| is_in(one, folder))
        .ok_or_else(|| unknown(folder))
}

fn is_in(package: &Package, folder: &Path) -> bool {
    let real = |file: &Path| file.canonicalize().ok();
    real(&package.manifest_path) == real(&folder.join("Cargo.toml"))
}

fn unknown(folder: &Path) -> io::Error {
    let folder = folder.display();
    io::Error::other(format!(
        "Cargo does not know what the package in `{folder}` depends on"
    ))
}
