//! Lines of a Cargo.toml.

use std::path::Path;

use super::packages::{Home, PackageIx, Universe};
use crate::source::{relative, slashed};

impl Universe {
    /// The line by which one package depends on another that lies in a folder: Cargo finds it by its path alone.
    pub(crate) fn line_by_path(&self, dependent: PackageIx, on: PackageIx) -> Option<String> {
        let (dependent, on) = (&self.packages[dependent], &self.packages[on]);
        let is_at_hand = matches!(on.home, Home::Folder(_));
        let source = source(&dependent.home, &on.home).filter(|_| is_at_hand)?;
        Some(dependency(&on.name, &on.name, "*", Some(&source)))
    }
}

/// Where an edition has the runtime and the compiler from: values of lines of a Cargo.toml.
#[derive(Debug, Clone)]
pub(crate) struct RuntimeLines {
    /// Of the runtime, without its default features: the library with `main` has chosen what it needs.
    pub(crate) runtime: String,
    /// Of the compiler.
    pub(crate) compiler: String,
}

/// A dependency on these versions of a package, under this name; `source` is where it comes from, where that is no registry.
pub(crate) fn dependency(key: &str, package: &str, versions: &str, source: Option<&str>) -> String {
    let from = match source {
        Some(source) => source.to_owned(),
        None => format!("version = \"{versions}\""),
    };
    match source {
        None if key == package => format!("{key} = \"{versions}\""),
        Some(_) if key == package => format!("{key} = {{ {from} }}"),
        _ => format!("{key} = {{ package = {package:?}, {from} }}"),
    }
}

/// Where a Cargo.toml in a folder finds a package that is in no registry.
pub(crate) fn source(dependent: &Home, kept: &Home) -> Option<String> {
    match (dependent, kept) {
        (_, Home::Source(source)) => {
            let git = source.strip_prefix("git+")?.split('#').next()?;
            let (url, reference) = git.split_once('?').unwrap_or((git, ""));
            let reference = reference.split_once('=');
            let reference = reference.map(|(kind, name)| format!(", {kind} = {name:?}"));
            Some(format!("git = {url:?}{}", reference.unwrap_or_default()))
        }
        (Home::Folder(base), Home::Folder(folder)) => Some(path(&relative(folder, base))),
        (_, Home::Folder(folder)) => Some(path(folder)),
        (_, Home::Unknown) => None,
    }
}

fn path(folder: &Path) -> String {
    format!("path = {:?}", slashed(folder))
}
