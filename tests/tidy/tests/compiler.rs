//! The compiler keeps the house rules.

use std::path::{Path, PathBuf};

/// The compiler's folders and single files, from its face down to what knows of nothing else.
const ORDER: [&str; 29] = [
    "lib",
    "laws",
    "testing",
    "front",
    "compose",
    "emit",
    "plan",
    "check",
    "order",
    "bind",
    "resolve",
    "version",
    "layer",
    "inputs",
    "lock",
    "discover",
    "report",
    "manifest",
    "diagnostic",
    "runtime",
    "model",
    "topology",
    "index",
    "key_map",
    "toml_text",
    "sort",
    "files",
    "source",
    "digest",
];

/// Where sentences may stand.
const PLACES: &[&str] = &[
    // What is said about mistakes.
    "diagnostic/",
    // The first line of a lock.
    "lock/print.rs",
    // What a manifest's keys are for and may hold: told alike by messages, the schema and the manual.
    "manifest.rs",
    "manifest/",
    // Comments of the generated code, and what rustc says with it.
    "emit/",
    // Compositions of tests.
    "laws/",
    "testing/",
];

fn compiler() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/treenail-build/src")
}

#[test]
fn the_compiler_keeps_the_house_rules() {
    tidy::check(&compiler(), &ORDER);
}

#[test]
fn what_is_said_about_mistakes_stands_beside_them() {
    tidy::words_stand_in(&compiler(), PLACES);
}
