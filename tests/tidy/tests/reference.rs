//! The reference page keeps the house rules.

use std::path::Path;

/// The crate's folder and single files, from its face down to what knows of nothing else.
const ORDER: [&str; 12] = [
    "lib",
    "mismatch",
    "page",
    "keys",
    "example",
    "words",
    "schema",
    "prose",
    "markdown",
    "html",
    "document",
    "composition",
];

#[test]
fn the_reference_page_keeps_the_house_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/treenail-reference/src");
    tidy::check(&root, &ORDER);
}
