//! The schema of this composition accepts what `check` accepts, and refuses what it refuses.

use std::collections::BTreeMap;
use std::path::Path;

use jsonschema::Validator;
use serde_json::Value;
use treenail::{Problem, ProblemKind, Settings};

use crate::{App, case, recorded};

/// Whether no schema can express the problem: it lies outside the file, in how two places of it fit together, or in a text
/// with a grammar of its own.
fn inexpressible(problem: &Problem) -> bool {
    use ProblemKind as K;
    matches!(
        problem.kind(),
        K::Template { .. }
            | K::TemplateSyntax { .. }
            | K::DuplicateStep { .. }
            | K::UnknownService { .. }
            | K::WrongService { .. }
            | K::Cycle { .. }
            | K::SeveralRenderers { .. }
            | K::NotExactlyOne { .. }
            | K::ApiVersion { .. }
            | K::PluginVersion { .. }
            | K::NotARequirement { .. }
            | K::Refused { .. }
    )
}

fn validator() -> Validator {
    let schema = App::schema().to_value();
    jsonschema::validator_for(&schema).expect("a valid schema")
}

fn read(file: &Path) -> Value {
    let text = std::fs::read_to_string(file)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()));
    let mut value: serde_yaml::Value =
        serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    value.apply_merge().expect("merge keys");
    serde_json::to_value(value).expect("JSON")
}

/// What the schema says about a file, if it refuses it.
fn refused(validator: &Validator, file: &Path) -> Option<String> {
    let errors: Vec<String> = validator
        .iter_errors(&read(file))
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    (!errors.is_empty()).then(|| errors.join("\n    "))
}

/// Where the schema and the check of a file differ. What variables say is not in the file, so they say nothing here except
/// to templates.
fn difference(
    validator: &Validator,
    file: &Path,
    variables: &BTreeMap<String, String>,
) -> Option<String> {
    let settings = Settings::file(file).ok()?;
    let roots = ["open_ticket_ai", "otai", "cfg"];
    let ours = |name: &str| roots.contains(&name.to_lowercase().split("__").next().unwrap_or(""));
    let variables = variables.iter().filter(|(name, _)| !ours(name));
    let settings =
        settings.environment(variables.map(|(name, value)| (name.clone(), value.clone())));
    let name = file.display();
    match (App::check(&settings.dotenv("")), refused(validator, file)) {
        (Ok(()), Some(errors)) => Some(format!("{name} is fine and refused:\n    {errors}")),
        (Err(error), None) if !error.problems().iter().all(inexpressible) => {
            Some(format!("{name} is wrong and accepted:\n{error}"))
        }
        (Err(error), Some(errors)) if error.problems().iter().all(inexpressible) => Some(format!(
            "{name} is refused for what no schema can express:\n    {errors}\n{error}"
        )),
        _ => None,
    }
}

/// The differences in a folder of cases.
fn differences(folder: &Path, root: &Path) -> Vec<String> {
    let validator = validator();
    let cases = case::all(folder, root);
    assert!(
        !cases.is_empty(),
        "there is no case in {}",
        folder.display()
    );
    cases
        .iter()
        .filter_map(|case| difference(&validator, &case.config, &case.script.env))
        .collect()
}

#[test]
fn the_schema_agrees_with_the_check_about_every_recorded_case() {
    let (folder, root) = recorded();
    if !folder.is_dir() && std::env::var_os("TREENAIL_REQUIRE_SHARED").is_none() {
        println!("skipped: there is no folder {}", folder.display());
        return;
    }
    let differences = differences(&folder, &root);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn the_schema_agrees_with_the_check_about_our_own_configurations() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = here.join("tests/configs");
    let mut differences = differences(&folder, &folder);
    let validator = validator();
    for file in ["host/config.yml", "tests/mistakes/config.yml"] {
        differences.extend(difference(&validator, &here.join(file), &BTreeMap::new()));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(refused(&validator, &here.join("tests/mistakes/config.yml")).is_some());
}
