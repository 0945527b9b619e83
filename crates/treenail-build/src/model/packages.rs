//! What is known of packages.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// What Cargo says of a message besides the message: the target that was compiled.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    /// Cargo's id of the package.
    pub(crate) package: String,
    /// Its Cargo.toml.
    pub(crate) manifest: PathBuf,
    /// The target that the compiler runs for, as `cargo metadata` prints it.
    pub(crate) target: Value,
}

impl Subject {
    /// What is known of the package in a folder without asking Cargo.
    pub(crate) fn unasked(folder: &Path) -> Self {
        Self {
            package: format!("path+file://{}", folder.display()),
            manifest: folder.join("Cargo.toml"),
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
