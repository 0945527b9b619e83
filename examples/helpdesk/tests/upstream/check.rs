//! `helpdesk check`, the real program with its real plugins, accepts every good configuration of the
//! cases and refuses every bad one.

use std::path::Path;

use serde_json::Value;

use crate::case::{self, Case, Expect, LoadError};
use crate::compare::missing;
use crate::folder::{Folder, text};

/// What a program built without the feature `hf` does not know.
const HF: &str = "hf-local:HFClassificationService";

/// A folder with the configuration of a case in `config.yml`, and its `.env`.
pub(crate) fn folder(case: &Case, purpose: &str) -> Folder {
    let folder = Folder::new(&format!("{purpose}-{}", case.name));
    std::fs::copy(&case.config, folder.0.join("config.yml")).expect("a configuration");
    if let Some(text) = &case.script.dotenv {
        std::fs::write(folder.0.join(".env"), text).expect("written");
    }
    folder
}

/// What the program says about the configuration, to programs.
fn checked(case: &Case) -> Value {
    let folder = folder(case, "check");
    let mut command = folder.command(&["check", "--format", "json", "-c", "config.yml"]);
    command.env_clear().envs(&case.script.env);
    let output = command.output().expect("the program runs");
    let document: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{}: {error}: {}", case.name, text(&output.stderr)));
    assert_eq!(document["ok"], output.status.success(), "{}", case.name);
    document
}

fn is_reported(expected: &LoadError, document: &Value) -> bool {
    let problems = document["problems"].as_array().expect("a list");
    problems.iter().any(|problem| {
        let path = problem["path"].as_str().unwrap_or_default();
        let below = path.strip_prefix(expected.path.as_str());
        let text = problem.to_string();
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            && missing(&text, &expected.contains).is_empty()
    })
}

/// How the check of a case differs from what is expected.
fn difference(case: &Case, with_hf: bool) -> Option<String> {
    let document = checked(case);
    let accepted = document["ok"] == true;
    let config = std::fs::read_to_string(&case.config).unwrap_or_default();
    let without = config.contains(HF) && !with_hf;
    let what = match &case.script.expect {
        // Nothing else is wrong with it.
        Expect::Ok { .. } if without => {
            let problems = document["problems"].as_array()?;
            let only = problems
                .iter()
                .all(|problem| problem["message"].to_string().contains(HF));
            (accepted || !only).then_some("is fine but for the missing plugin")?
        }
        Expect::Ok { .. } => (!accepted).then_some("is fine and refused")?,
        Expect::Error { .. } if accepted => "is wrong and accepted",
        Expect::Error { errors } => {
            let reported = errors.iter().all(|error| is_reported(error, &document));
            (!reported).then_some("is refused for other reasons")?
        }
    };
    Some(format!("{} {what}: {document:#}", case.name))
}

/// Checks the configurations of a folder of cases, and says how many there are.
fn check_all(folder: &Path, root: &Path) -> usize {
    let schema = Folder::new("check-schema").run(&["schema"]);
    let with_hf = text(&schema.stdout).contains(HF);
    let cases = case::all(folder, root);
    let differences = cases.iter().filter_map(|case| difference(case, with_hf));
    let differences: Vec<String> = differences.collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    println!(
        "{} configurations checked, hf-local is there: {with_hf}",
        cases.len()
    );
    cases.len()
}

#[test]
fn the_program_accepts_every_good_recorded_configuration_and_refuses_every_bad_one() {
    let (cases, root) = crate::recorded();
    if !cases.is_dir() && std::env::var_os("TREENAIL_REQUIRE_SHARED").is_none() {
        println!("skipped: there is no folder {}", cases.display());
        return;
    }
    assert!(check_all(&cases, &root) > 0);
}

#[test]
fn the_program_checks_our_own_configurations_alike() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/configs");
    assert!(check_all(&folder, &folder) > 2);
}
