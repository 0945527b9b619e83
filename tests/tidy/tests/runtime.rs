//! The runtime keeps the house rules.

use std::path::Path;

/// The runtime's folders and single files, from its face down to what knows of nothing else.
const ORDER: [&str; 26] = [
    "lib",
    "treenail",
    "docs",
    "macros",
    "generated",
    "mistakes",
    "base",
    "testing",
    "app",
    "reference",
    "lifecycle",
    "config",
    "container",
    "pipe",
    "template",
    "component",
    "supervision",
    "settings",
    "redact",
    "factories",
    "registry",
    "place",
    "clock",
    "fingerprint",
    "error",
    "future",
];

#[test]
fn the_runtime_keeps_the_house_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src");
    tidy::check(&root, &ORDER);
}
