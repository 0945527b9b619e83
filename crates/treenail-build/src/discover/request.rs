//! What is asked: which package, for which build.

#![expect(
    clippy::disallowed_methods,
    reason = "Cargo says in the environment which of its programs runs"
)]

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::model::Manifest;

/// What to look for plugins in.
#[derive(Debug, Clone)]
pub(crate) struct Request<'a> {
    /// Folder of the composing package: the one with its Cargo.toml.
    pub(crate) package: &'a Path,
    /// The composition's own manifest.
    pub(crate) host: &'a Manifest,
    /// The target's triple; `None`: this machine's.
    pub(crate) target: Option<&'a str>,
    /// The host's features that are on, as Cargo names them to a build script after `CARGO_FEATURE_`; `None`: the default ones.
    pub(crate) features: Option<&'a BTreeSet<String>>,
    /// Compose for a test of the package: its development dependencies count, and so does its own library, by its name.
    pub(crate) development: bool,
    /// What is done about a Cargo.lock that is not there, or not up to date.
    pub(crate) cargo_lock: CargoLock,
    /// Settings of Cargo besides those of its files: what stands after its `--config`.
    pub(crate) cargo_config: &'a [String],
    /// Cargo may ask the network, as it does in a build.
    pub(crate) online: bool,
    /// The cargo program.
    pub(crate) cargo: OsString,
    /// A folder to write to, for questions that need a Cargo.toml of their own.
    pub(crate) scratch: PathBuf,
}

/// What is done about a Cargo.lock that is not there, or not up to date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum CargoLock {
    /// Cargo writes it, as in every build.
    #[default]
    Written,
    /// It is left as it is: what would be written is found out in another folder.
    Kept,
    /// There is no answer.
    Required,
}

impl<'a> Request<'a> {
    /// A request for a package with its default features, by the cargo that runs this build.
    pub(crate) fn new(package: &'a Path, host: &'a Manifest) -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let scratch = std::env::var_os("OUT_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
        Self {
            package,
            host,
            target: None,
            features: None,
            development: false,
            cargo_lock: CargoLock::default(),
            cargo_config: &[],
            online: false,
            cargo,
            scratch,
        }
    }

    /// Whether a feature of the package is on, by its own name.
    pub(super) fn has_feature(&self, feature: &str) -> bool {
        match self.features {
            None => feature == "default",
            Some(features) => features.contains(&env_name(feature)),
        }
    }
}

/// A feature as Cargo names it to a build script, after `CARGO_FEATURE_`.
pub(crate) fn env_name(feature: &str) -> String {
    feature.to_uppercase().replace('-', "_")
}
