//! The compiler keeps its words in one place.

use std::path::Path;

/// Where sentences may stand.
const PLACES: &[&str] = &[
    // What is said about mistakes.
    "diagnostic/",
    // What a manifest's keys are for and may hold: told alike by messages, the schema and the manual.
    "manifest.rs",
    "manifest/",
    // Comments of the generated code, and what rustc says with it.
    "emit/",
    // Compositions of tests.
    "laws/",
    "testing/",
    "cases.rs",
];

#[test]
fn what_is_said_about_mistakes_stands_beside_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/treenail-build/src");
    tidy::words_stand_in(&root, PLACES);
}
