//! Lists the public API of a crate of the repository, one item a line.

use std::path::{Path, PathBuf};
use std::process::Command;

use public_api::Builder;

/// The folder of this package.
fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The file that has the list of a crate.
#[must_use]
pub fn list_of(package: &str) -> PathBuf {
    here().join(format!("{package}.txt"))
}

/// What is public in a library, with these features besides its default ones. What is hidden in its documentation is not.
///
/// # Panics
/// If it does not compile, or if rustdoc writes a format that is not known here.
#[must_use]
pub fn api(package: &str, features: &str) -> String {
    let target = here().join("target").join("api");
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "rustdoc",
            "--quiet",
            "--lib",
            "--locked",
            "--package",
            package,
        ])
        .args(["--features", features])
        .args([
            "--",
            "-Zunstable-options",
            "--output-format=json",
            "--cap-lints=allow",
        ])
        .current_dir(here().join("../.."))
        .env("CARGO_TARGET_DIR", &target)
        // JSON is an unstable output of rustdoc, which a stable one gives to whoever insists.
        .env("RUSTC_BOOTSTRAP", "1")
        .output()
        .expect("a Cargo to ask");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{package}: {said}");
    let json = target
        .join("doc")
        .join(format!("{}.json", package.replace('-', "_")));
    let api = Builder::from_rustdoc_json(json)
        .omit_auto_derived_impls(true)
        .omit_auto_trait_impls(true)
        .omit_blanket_impls(true)
        .build();
    let api =
        api.unwrap_or_else(|error| panic!("{package}: {error}; this reads what Rust 1.95 writes"));
    let items = api.items().map(|item| format!("{item}\n"));
    // The pages of the manual are modules in the documentation alone.
    items
        .filter(|item| !item.starts_with("pub mod treenail::docs"))
        .collect()
}
