//! The compiler's stages have one order: the list in its `lib.rs`, the table in ARCHITECTURE.md and the spine agree.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn compiler(file: &str) -> String {
    read(&root().join("crates/treenail-build/src").join(file))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What stands between two texts.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("{start}"));
    let (found, _) = rest.split_once(end).unwrap_or_else(|| panic!("{end}"));
    found
}

/// The list in the head of `lib.rs`.
fn listed() -> Vec<String> {
    let head = compiler("lib.rs").replace("\n//!", "");
    let list = between(&head, "The stages, each in a folder of its own name: ", ".");
    list.split(", ").map(str::to_owned).collect()
}

/// The first column of the table in ARCHITECTURE.md.
fn documented() -> Vec<String> {
    let page = read(&root().join("ARCHITECTURE.md"));
    let section = between(&page, "\n## The stages of the compiler\n", "\n## ");
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let names = rows.filter_map(|row| row.split_once('`'));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// The modules whose functions the spine calls, call by call.
fn called() -> Vec<String> {
    let spine = compiler("compose.rs");
    let body = between(&spine, "pub(crate) fn compose(", "\n}\n");
    let calls = body.split('(').filter_map(|call| call.rsplit_once("::"));
    let modules = calls.filter_map(|(before, _)| {
        let is_end = |letter: char| !letter.is_alphanumeric() && letter != '_';
        before.rsplit(is_end).next()
    });
    modules.map(str::to_owned).collect()
}

#[test]
fn the_list_and_the_table_of_stages_are_one() {
    assert_eq!(listed(), documented());
}

#[test]
fn the_spine_calls_every_stage_once_and_in_order() {
    let stages = listed();
    let (reads, rest) = stages.split_at(2);
    let (prints, pure) = rest.split_last().expect("stages");
    assert_eq!(called(), pure);
    // What reads and prints is not pure, and is called by the front.
    assert_eq!(reads, ["manifest", "discover"]);
    assert_eq!(prints, "emit");
    let front = compiler("front/composer.rs");
    for stage in reads.iter().chain([prints]) {
        assert!(front.contains(&format!("crate::{stage}")), "{stage}");
    }
}
