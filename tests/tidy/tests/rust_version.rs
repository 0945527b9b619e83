//! What is published builds with the Rust that `rust-version` names. A lint of Clippy holds that for the standard library; this
//! holds it for the language.

use std::path::Path;

const PUBLISHED: [&str; 6] = [
    "src",
    "crates/cargo-treenail/src",
    "crates/treenail-build/src",
    "crates/treenail-core/src",
    "crates/treenail-macros/src",
    "crates/treenail-reference/src",
];

#[test]
fn no_published_source_has_syntax_that_is_newer_than_the_oldest_rust() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for sources in PUBLISHED {
        tidy::syntax_is_old(&root.join(sources));
    }
}
