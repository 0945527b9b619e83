//! Runs every case in `tests/manifests`.
//!
//! A case is a folder whose name is a sentence about one manifest:
//!
//! - `plugins.toml`: the manifest. Any bytes.
//! - `expected.txt`: every message about it, in order, with an empty line between two. An empty file: there is none.
//!
//! `BLESS=1 cargo test -p treenail-build --test manifest_cases` writes `expected.txt` anew; read the difference before you
//! commit it.

#![expect(clippy::disallowed_methods, reason = "a test reads its cases")]

use std::fs;
use std::path::{Path, PathBuf};

/// Every folder of cases, sorted.
fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests");
    let entries = fs::read_dir(&root).expect("the folder of cases");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("a case").path()).collect();
    cases.sort();
    cases
}

fn messages(bytes: &[u8]) -> String {
    let messages = treenail_build::check_manifest("plugins.toml", bytes);
    let texts: Vec<String> = messages
        .into_iter()
        .map(|message| message.text + "\n")
        .collect();
    texts.join("\n")
}

#[test]
fn every_case_says_what_is_expected() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut failures = Vec::new();
    for case in cases() {
        let bytes = fs::read(case.join("plugins.toml")).expect("the case's plugins.toml");
        let (found, file) = (messages(&bytes), case.join("expected.txt"));
        if bless {
            fs::write(&file, &found).expect("written");
        } else if fs::read_to_string(&file).unwrap_or_default() != found {
            failures.push(format!("{}:\n{found}", case.display()));
        }
    }
    assert!(
        failures.is_empty(),
        "not as expected (BLESS=1 writes what is found):\n\n{}",
        failures.join("\n")
    );
}

#[test]
fn the_same_manifest_gets_the_same_messages() {
    for case in cases() {
        let bytes = fs::read(case.join("plugins.toml")).expect("the case's plugins.toml");
        assert_eq!(messages(&bytes), messages(&bytes), "{}", case.display());
    }
}
