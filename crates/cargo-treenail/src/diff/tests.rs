//! Runs every case in `tests/diff`: a folder with an old and a new composition, and what is told of their difference in `facts.txt`,
//! which is not there where nothing is told.
//!
//! What the new side does not have is as on the old one; an empty file there is none. `config.schema.json` is the schema of the
//! configuration.
//!
//! `BLESS=1 cargo test -p cargo-treenail --bins` writes the expected texts anew; read the difference before you commit it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::compare::compare;
use super::configuration::Schemas;
use super::fact::Fact;
use super::print;
use crate::cases::{Files, describe, difference, document, files};
use crate::description::Description;

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

/// What is told of a description where its cause is, and what is no difference.
const UNTOLD: [&str; 14] = [
    "/components/*/needs/*/providers/*",
    "/components/*/needs/*/wrapped_by",
    "/components/*/plugin",
    "/critical_path/*",
    "/digest",
    "/plugins/*/manifest",
    "/registries/*/entries/*/made_by",
    "/registries/*/name",
    "/services/*/decorators/*",
    "/services/*/optional",
    "/services/*/providers/*",
    "/services/*/runtime",
    "/settings/*/layer",
    "/settings/*/registry",
];

#[test]
fn whatever_else_differs_in_a_description_is_told() {
    let (mut all, mut told) = (BTreeSet::new(), BTreeSet::new());
    for case in cases() {
        let [_, side] = sides(&case);
        let document = document(&side);
        let was = Description::read(&document).expect("a description");
        let document: Value = serde_json::from_str(&document).expect("JSON");
        let mut leaves = Vec::new();
        collect_leaves(&document, &mut String::new(), &mut leaves);
        for pointer in leaves {
            let mut other = document.clone();
            match other.pointer_mut(&pointer) {
                Some(Value::Bool(is)) => *is = !*is,
                Some(Value::String(text)) => text.push('x'),
                _ => continue,
            }
            let is_place = pointer.ends_with("at");
            let is_out = pointer.contains("/left_out/") || pointer.contains("/weaker/");
            let is = Description::read(&other.to_string());
            if let (Ok(is), false) = (is, is_place || is_out) {
                let parts = pointer.split('/').map(|part| match part.parse::<usize>() {
                    Ok(_) => "*",
                    Err(_) => part,
                });
                let kind = parts.collect::<Vec<_>>().join("/");
                if !compare(&was, &is, None).is_empty() {
                    told.insert(kind.clone());
                }
                all.insert(kind);
            }
        }
    }
    let untold: Vec<&String> = all.difference(&told).collect();
    assert_eq!(untold, UNTOLD);
}

/// Where the texts, numbers and truths of a document are.
fn collect_leaves(value: &Value, at: &mut String, leaves: &mut Vec<String>) {
    let mut below = |key: String, value: &Value| {
        let length = at.len();
        at.push('/');
        at.push_str(&key.replace('~', "~0").replace('/', "~1"));
        collect_leaves(value, at, leaves);
        at.truncate(length);
    };
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(key, value)| below(key.clone(), value)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(number, value)| below(number.to_string(), value)),
        _ => leaves.push(at.clone()),
    }
}
