//! The crates of the workspace that are published, as Cargo describes them.

use std::path::{Path, PathBuf};
use std::process::Command;

use semver::Version;
use serde_json::Value;

/// The packages that are published, in the order in which they can be.
pub const PUBLISHED: [&str; 6] = [
    "treenail-core",
    "treenail-reference",
    "treenail-build",
    "treenail-macros",
    "treenail",
    "cargo-treenail",
];

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What Cargo prints, asked at the root of the repository.
///
/// # Panics
/// If it cannot be started or fails, with what it says.
#[must_use]
pub fn cargo(arguments: &[&str]) -> String {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    let output = command.output().expect("a Cargo to ask");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {said}");
    String::from_utf8(output.stdout).expect("an answer in UTF-8")
}

/// The answer of `cargo metadata` with these arguments.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn metadata(arguments: &[&str]) -> Value {
    let question = ["metadata", "--format-version", "1", "--locked"];
    let answer = cargo(&[&question[..], arguments].concat());
    serde_json::from_str(&answer).expect("an answer in JSON")
}

/// The packages of the workspace that Cargo would publish.
///
/// # Panics
/// If Cargo does not say.
#[must_use]
pub fn packages() -> Vec<Value> {
    let mut answer = metadata(&["--no-deps"]);
    let packages = answer["packages"].as_array_mut().expect("packages");
    let mut packages = std::mem::take(packages);
    // `publish = false` is an empty list of registries.
    packages.retain(|package| package["publish"].is_null());
    packages
}

/// The text at a key of a package, or nothing.
#[must_use]
pub fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// The folder of a package.
///
/// # Panics
/// If Cargo does not say.
#[must_use]
pub fn folder(package: &Value) -> PathBuf {
    let manifest = Path::new(text(package, "manifest_path"));
    manifest.parent().expect("a folder").to_owned()
}

/// A version of which the last parts may be left out.
///
/// # Panics
/// If it is none.
#[must_use]
pub fn version(written: &str) -> Version {
    let missing = 3 - written.split('.').count().min(3);
    let whole = format!("{written}{}", ".0".repeat(missing));
    Version::parse(&whole).unwrap_or_else(|error| panic!("{written}: {error}"))
}
