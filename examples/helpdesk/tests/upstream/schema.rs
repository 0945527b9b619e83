//! The schema of this composition accepts what `check` accepts, and refuses what it refuses.

use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value;

use crate::App;
use crate::case::{self, Case, Expect};

/// Recorded cases whose mistakes no schema can express, and why.
const INEXPRESSIBLE: [(&str, &str); 8] = [
    ("004_", "a variable of the environment is missing"),
    ("028_", "two steps of a list have the same id"),
    ("038_", "an inject names a service that is not configured"),
    ("051_", "services need each other"),
    (
        "053_",
        "the version of the program is not the one asked for",
    ),
    ("054_", "a version requirement has a grammar of its own"),
    ("060_", "the mistake is in the environment, not in the file"),
    ("074_", "a template has a grammar of its own"),
];

fn validator() -> Validator {
    let schema = App::schema().to_value();
    jsonschema::validator_for(&schema).expect("a valid schema")
}

fn read(file: &Path) -> Value {
    let text = std::fs::read_to_string(file)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()));
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// What the schema says about a file, if it refuses it.
fn refused(validator: &Validator, file: &Path) -> Option<String> {
    let errors: Vec<String> = validator
        .iter_errors(&read(file))
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    (!errors.is_empty()).then(|| errors.join("\n    "))
}

/// Where schema and case differ about a configuration.
fn differences(validator: &Validator, cases: &[Case]) -> Vec<String> {
    let difference = |case: &Case| {
        let good = matches!(case.script.expect, Expect::Ok { .. });
        let excused = INEXPRESSIBLE
            .iter()
            .find(|(case_number, _)| case.name.starts_with(case_number));
        match (good, refused(validator, &case.config), excused) {
            (true, Some(errors), _) => {
                Some(format!("{} is fine and refused:\n    {errors}", case.name))
            }
            (false, None, None) => Some(format!("{} is wrong and accepted", case.name)),
            (false, Some(errors), Some((_, why))) => Some(format!(
                "{} is refused although {why}:\n    {errors}",
                case.name
            )),
            _ => None,
        }
    };
    cases.iter().filter_map(difference).collect()
}

#[test]
fn the_schema_accepts_every_good_recorded_case_and_refuses_every_bad_one() {
    // Always the recorded ones: what is excused is known by their names.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let folder = root.join("shared/upstream/cases");
    if !folder.is_dir() && std::env::var_os("TREENAIL_REQUIRE_SHARED").is_none() {
        println!("skipped: there is no folder {}", folder.display());
        return;
    }
    let cases = case::all(&folder, &root);
    let differences = differences(&validator(), &cases);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(cases.len() >= INEXPRESSIBLE.len());
}

#[test]
fn the_schema_accepts_our_own_configurations_and_refuses_those_with_mistakes() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let validator = validator();
    let folder = here.join("tests/configs");
    let differences = differences(&validator, &case::all(&folder, &folder));
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    let built_in: PathBuf = here.join("config.yml");
    assert_eq!(refused(&validator, &built_in), None);
    assert!(refused(&validator, &here.join("tests/mistakes/config.yml")).is_some());
}
