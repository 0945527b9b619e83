//! Runs every case in `tests/diff`: a folder with an old and a new composition, and what is told of their difference in `facts.txt`,
//! which is not there where nothing is told.
//!
//! What the new side does not have is as on the old one; an empty file there is none. `config.schema.json` is the schema of the
//! configuration.
//!
//! `BLESS=1 cargo test -p cargo-treenail --bins` writes the expected texts anew; read the difference before you commit it.

use std::fs;
use std::path::{Path, PathBuf};

use super::compare::compare;
use super::configuration::Schemas;
use super::fact::Fact;
use super::print;
use crate::cases::{Files, describe, difference, files};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff");
    let entries = fs::read_dir(folder).expect("the cases");
    let mut cases: Vec<PathBuf> = entries.map(|one| one.expect("a case").path()).collect();
    cases.sort();
    cases
}

/// The two sides of a case.
fn sides(case: &Path) -> [Files; 2] {
    let old = files(&case.join("old"));
    let mut new = old.clone();
    new.extend(files(&case.join("new")));
    new.retain(|_, text| !text.is_empty());
    [old, new]
}

/// What differs between two sides.
fn facts(old: &Files, new: &Files) -> Vec<Fact> {
    let schema = |side: &Files| {
        let text = side.get("config.schema.json")?;
        Some(serde_json::from_str(text).expect("JSON"))
    };
    let schemas = schema(old).zip(schema(new));
    let schemas = schemas.map(|(old, new)| Schemas { old, new });
    compare(&describe(old), &describe(new), schemas.as_ref())
}

#[test]
fn every_case_tells_what_is_expected() {
    let failures = cases().into_iter().filter_map(|case| {
        let [old, new] = sides(&case);
        difference(&case.join("facts.txt"), &print::text(&facts(&old, &new)))
    });
    let failures: Vec<String> = failures.collect();
    let failures = failures.join("\n");
    assert!(
        failures.is_empty(),
        "not as expected (BLESS=1 writes what is found):\n\n{failures}"
    );
}

#[test]
fn nothing_differs_from_itself() {
    for case in cases() {
        for side in sides(&case) {
            assert_eq!(print::text(&facts(&side, &side)), "", "{}", case.display());
        }
    }
}

#[test]
fn the_manual_shows_what_is_told() {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let told = crate_folder.join("tests/diff/a_release/facts.txt");
    let told = fs::read_to_string(told).expect("facts");
    let manual = crate_folder.join("../../docs/changes.md");
    let manual = fs::read_to_string(manual).expect("the manual");
    assert!(
        manual.contains(&told),
        "docs/changes.md has to show:\n{told}"
    );
}

#[test]
fn backwards_every_fact_is_the_other_way_round() {
    let told = |old: &Files, new: &Files| -> Vec<[String; 2]> {
        let told = facts(old, new).into_iter();
        let told = told.map(|fact| [fact.old, fact.new].map(|side| side.replace("gone", "none")));
        told.collect()
    };
    for case in cases() {
        let [old, new] = sides(&case);
        let mut forwards = told(&old, &new);
        let mut backwards = told(&new, &old);
        backwards.iter_mut().for_each(|sides| sides.reverse());
        forwards.sort();
        backwards.sort();
        assert_eq!(forwards, backwards, "{}", case.display());
    }
}
