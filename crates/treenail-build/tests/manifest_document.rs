//! The examples of `docs/manifest.md` are manifests, or parts of one, without a mistake.

#![expect(clippy::disallowed_methods, reason = "a test reads the manual")]

use std::path::Path;

use treenail_build::check_manifest;

#[test]
fn the_examples_of_the_manual_have_no_mistake() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/manifest.md");
    let text = std::fs::read_to_string(page).expect("the manual's page");
    let blocks = text.split("\n```toml\n").skip(1);
    let blocks = blocks.filter_map(|block| Some(block.split_once("\n```")?.0));
    // What stands in a Cargo.toml is no manifest.
    let manifests = blocks.filter(|block| !block.contains("[package"));
    let mut count = 0;
    for manifest in manifests {
        count += 1;
        let whole = if manifest.starts_with("treenail = 1") {
            manifest.to_owned()
        } else {
            format!("treenail = 1\n{manifest}")
        };
        let messages = check_manifest("plugins.toml", whole.as_bytes());
        let texts: Vec<_> = messages.iter().map(|message| &message.text).collect();
        assert!(texts.is_empty(), "{manifest}\n\n{texts:#?}");
    }
    assert!(count > 8, "the examples are not found any more");
}
