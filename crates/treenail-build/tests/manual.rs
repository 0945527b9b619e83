//! The manifests that the manual shows, or parts of one, are without a mistake.

#![expect(clippy::disallowed_methods, reason = "a test reads the manual")]

use std::path::Path;

use treenail_build::check_manifest;

/// What stands in a Cargo.toml is no manifest.
fn is_of_cargo(block: &str) -> bool {
    ["[package.metadata", "dependencies]"]
        .iter()
        .any(|table| block.contains(table))
}

#[test]
fn the_examples_of_the_manual_have_no_mistake() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let mut count = 0;
    for page in std::fs::read_dir(folder).expect("the manual") {
        let page = page.expect("a page").path();
        // Its examples are whole compositions, which another test composes.
        if page.ends_with("codes.md") {
            continue;
        }
        let text = std::fs::read_to_string(&page).expect("a page");
        let blocks = text.split("\n```toml\n").skip(1);
        let blocks = blocks.filter_map(|block| Some(block.split_once("\n```")?.0));
        for manifest in blocks {
            if is_of_cargo(manifest) {
                let table = toml::de::DeTable::parse(manifest);
                assert!(
                    table.is_ok(),
                    "{}:\n{manifest}\n\n{table:?}",
                    page.display()
                );
                continue;
            }
            count += 1;
            let whole = if manifest.contains("treenail = 1\n") {
                manifest.to_owned()
            } else {
                format!("treenail = 1\n{manifest}")
            };
            let messages = check_manifest("plugins.toml", whole.as_bytes());
            let texts: Vec<_> = messages.iter().map(|message| &message.text).collect();
            assert!(
                texts.is_empty(),
                "{}:\n{manifest}\n\n{texts:#?}",
                page.display()
            );
        }
    }
    assert!(count > 15, "the examples are not found any more");
}
