//! Runs every case in `tests/compositions`, without Cargo and without rustc, and every case in `tests/packages`, with Cargo.
//!
//! The form of a composition is told in [`case_folders`]: all its messages are in `error.txt`, or in `warning.txt` where it
//! composes; a case without messages has neither. One that composes has the generated file in
//! `composed.rs`. A case of packages is a folder with the files of some packages, of which `desk` is composed, and the
//! messages about it in `expected.txt`.
//!
//! `BLESS=1 cargo test -p treenail-build cases` writes the expected files anew; read the difference before you commit it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::front::composed::Composed;
use crate::front::composer::Composer;
use crate::laws::case_folders::{self, folders_in};
use crate::testing::compare;

pub(super) fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn folder() -> PathBuf {
    tests().join("compositions")
}

/// Composes the package `desk` of these files, by their paths, with the real cargo. They are written to a folder of their own.
pub(crate) fn compose_files(files: &BTreeMap<String, Vec<u8>>) -> Composed {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let root = std::env::temp_dir().join(format!("treenail-cases-{}-{number}", std::process::id()));
    for (path, bytes) in files {
        crate::files::write_if_changed(&root.join(path), bytes).expect("written");
    }
    // The question to Cargo, which a message quotes, names the target.
    let composer = Composer::new(root.join("desk")).target("x86_64-unknown-linux-gnu");
    let composed = composer.compose();
    fs::remove_dir_all(&root).expect("removed");
    composed
}

/// The files below a folder, by their paths there.
pub(super) fn files_below(folder: &Path, within: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        if path.is_dir() {
            files_below(&path, &format!("{within}{name}/"), files);
        } else {
            files.insert(format!("{within}{name}"), fs::read(&path).expect("read"));
        }
    }
}

/// The codes of the messages that the cases expect.
pub(crate) fn in_case_folders() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for kind in ["manifests", "compositions", "packages"] {
        for case in folders_in(&tests().join(kind)) {
            for name in ["expected.txt", "error.txt", "warning.txt"] {
                let text = fs::read_to_string(case.join(name)).unwrap_or_default();
                let ends = text.lines().filter_map(|line| line.strip_suffix(']'));
                let ends = ends.filter_map(|line| line.rsplit_once(" [TN"));
                codes.extend(ends.map(|(_, number)| format!("TN{number}")));
            }
        }
    }
    codes
}

#[test]
fn every_case_of_packages_says_what_is_expected() {
    let mut failures = Vec::new();
    for case in folders_in(&tests().join("packages")) {
        let mut files = BTreeMap::new();
        files_below(&case, "", &mut files);
        let composed = compose_files(&files);
        let texts = composed
            .messages()
            .iter()
            .map(|message| format!("{}\n", message.text));
        let text = texts.collect::<Vec<_>>().join("\n");
        failures.extend(compare(&case.join("expected.txt"), Some(&text)));
    }
    assert!(
        failures.is_empty(),
        "not as expected (BLESS=1 writes what is found):\n\n{}",
        failures.join("\n")
    );
}

#[test]
fn every_case_says_what_is_expected() {
    let mut failures = Vec::new();
    for case in folders_in(&folder()) {
        let outcome = case_folders::read(&case).compose();
        let text = Some(outcome.text()).filter(|text| !text.is_empty());
        let (error, warning) = match outcome.composed().has_errors() {
            true => (text, None),
            false => (None, text),
        };
        failures.extend(compare(&case.join("error.txt"), error.as_deref()));
        failures.extend(compare(&case.join("warning.txt"), warning.as_deref()));
    }
    assert!(
        failures.is_empty(),
        "not as expected (BLESS=1 writes what is found):\n\n{}",
        failures.join("\n")
    );
}

#[test]
fn every_case_composes_what_is_expected() {
    let mut failures = Vec::new();
    for case in folders_in(&folder()) {
        let outcome = case_folders::read(&case).compose();
        let rust = Some(outcome.composed().rust()).filter(|_| !outcome.composed().has_errors());
        failures.extend(compare(&case.join("composed.rs"), rust));
    }
    assert!(
        failures.is_empty(),
        "not as expected (BLESS=1 writes what is found):\n\n{}",
        failures.join("\n")
    );
}

#[test]
fn generated_files_are_rust_inside_and_out() {
    for case in folders_in(&folder()) {
        let outcome = case_folders::read(&case).compose();
        if outcome.composed().has_errors() {
            continue;
        }
        let rust = outcome.composed().rust();
        let file =
            syn::parse_file(rust).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
        assert_eq!(file.items.len(), 1, "{}", case.display());
        let (_, items) = rust
            .split_once(";\n")
            .and_then(|(_, rest)| rest.rsplit_once('}').map(|(items, _)| ((), items)))
            .expect("a wrapper");
        let (_, items) = items.split_once('\n').expect("items");
        syn::parse_file(items)
            .unwrap_or_else(|error| panic!("{}: {error}\n{items}", case.display()));
    }
}

#[test]
fn fifteen_independent_mistakes_of_all_stages_in_three_manifests_are_fifteen_messages() {
    let case = folder().join("fifteen_independent_mistakes_are_fifteen_messages");
    let outcome = case_folders::read(&case).compose();
    let files = outcome.messages().iter().map(|one| &one.spans[0].file);
    assert_eq!(files.collect::<BTreeSet<_>>().len(), 3);
    let codes: BTreeSet<&str> = outcome.codes().into_iter().collect();
    assert_eq!((outcome.messages().len(), codes.len()), (15, 15));
}

/// Every mistake leaves something that can be described: only a manifest of the host that cannot be read leaves nothing.
#[cfg(feature = "inspect")]
#[test]
fn every_case_with_mistakes_describes_what_there_is_beside_them() {
    let mut described = 0;
    for case in folders_in(&folder()) {
        let outcome = case_folders::read(&case).compose();
        let composed = outcome.composed();
        if composed.has_errors() {
            assert_eq!(composed.describe(), None);
            let Some(text) = composed.describe_in_part() else {
                continue;
            };
            let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            let mistakes = document["mistakes"].as_array().expect("a list");
            assert_eq!(
                mistakes.len(),
                composed.messages().len(),
                "{}",
                case.display()
            );
            assert!(document["digest"].is_null());
            described += 1;
        }
    }
    assert!(described > 50, "{described}");
}
