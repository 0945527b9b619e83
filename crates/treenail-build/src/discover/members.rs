//! The packages of a workspace, for whoever chooses one.

use std::path::{Path, PathBuf};

use super::command::cargo_metadata;
use super::declaration::own_manifest;
use super::request::Request;
use crate::diagnostic::Diagnostics;
use crate::files;
use crate::manifest;
use crate::model::Manifest;
use crate::sort::sort_by;
use crate::source::Sources;

/// A package of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Member {
    /// Its name.
    pub name: String,
    /// The folder with its Cargo.toml.
    pub folder: PathBuf,
    /// Whether it has a manifest.
    pub has_manifest: bool,
    /// Whether it composes: its manifest has `[host]`.
    pub composes: bool,
}

/// The packages of the workspace that the Cargo.toml in this folder belongs to, by name.
///
/// # Errors
/// Cargo does not know them; its own words.
pub fn members(folder: &Path, cargo_config: &[String]) -> Result<Vec<Member>, String> {
    let nothing = Manifest::unreadable(Sources::default().next(), "");
    let request = Request {
        cargo_config,
        ..Request::new(folder, &nothing)
    };
    let cargo_toml = folder.join("Cargo.toml");
    let answer = cargo_metadata(&request, &cargo_toml, &["--no-deps".to_owned()]);
    let metadata = answer.map_err(|failure| failure.words)?;
    let found = metadata.packages().iter().map(|package| {
        let bytes = files::read(&own_manifest(package.folder()));
        // Its mistakes are told to whoever chooses it.
        let (mut sources, mut ignored) = (Sources::default(), Diagnostics::default());
        let manifest = bytes.iter();
        let mut manifests =
            manifest.map(|bytes| manifest::read_bytes("", bytes, &mut sources, &mut ignored));
        Member {
            name: package.name.clone(),
            folder: package.folder().to_owned(),
            has_manifest: bytes.is_ok(),
            composes: manifests.any(|manifest| manifest.host.is_some()),
        }
    });
    let mut members: Vec<Member> = found.collect();
    sort_by(&mut members, Ord::cmp);
    Ok(members)
}
