//! What `cargo metadata` answers, as far as commands ask it that change a package.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::cargo::asked;

/// What Cargo answers about a workspace.
#[derive(Deserialize)]
pub(crate) struct Answer {
    pub(crate) packages: Vec<Package>,
    pub(crate) resolve: Option<Resolve>,
}

/// A package, as its Cargo.toml says.
#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) manifest_path: PathBuf,
    pub(crate) dependencies: Vec<Stated>,
    pub(crate) features: BTreeMap<String, Vec<String>>,
    pub(crate) metadata: Value,
}

/// A dependency as it is stated.
#[derive(Deserialize, PartialEq)]
pub(crate) struct Stated {
    pub(crate) name: String,
    pub(crate) rename: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) path: Option<PathBuf>,
    pub(crate) kind: Option<String>,
    pub(crate) optional: bool,
    pub(crate) req: String,
    pub(crate) features: Vec<String>,
    pub(crate) uses_default_features: bool,
    pub(crate) target: Option<String>,
}

impl Stated {
    /// What the package that states it calls it.
    pub(crate) fn called(&self) -> &str {
        self.rename.as_ref().unwrap_or(&self.name)
    }

    /// The features that it switches on, of those that the package declares, with those that they bring along.
    pub(crate) fn features_on(&self, declared: &BTreeMap<String, Vec<String>>) -> BTreeSet<String> {
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

/// Which packages depend on which.
#[derive(Deserialize)]
pub(crate) struct Resolve {
    pub(crate) nodes: Vec<Node>,
}

/// A package and its dependencies, by their ids.
#[derive(Deserialize)]
pub(crate) struct Node {
    pub(crate) id: String,
    pub(crate) deps: Vec<Edge>,
}

/// A dependency: what its crate is called, and the id of the package.
#[derive(Deserialize)]
pub(crate) struct Edge {
    pub(crate) name: String,
    pub(crate) pkg: String,
}

/// Asks about the packages around a folder, without the network.
pub(crate) fn ask(folder: &Path, passed_on: &[String], more: &[&str]) -> io::Result<Answer> {
    let question = ["metadata", "--format-version", "1", "--offline"];
    let question = question.iter().chain(more).copied();
    let passed_on = passed_on.iter().map(String::as_str);
    let question = question.chain(passed_on.filter(|one| *one != "--offline"));
    Ok(serde_json::from_slice(&asked(folder, question)?)?)
}
