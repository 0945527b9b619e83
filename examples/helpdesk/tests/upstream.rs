//! Recorded cases of the domain, run through this very composition with its overlay `test`.
//!
//! The cases are looked for in `shared/upstream/cases` beside the repository; `HELPDESK_CASES` names
//! another folder of them, and `HELPDESK_CASES_ROOT` what `config_from` in them is relative to. The
//! cases in `tests/configs` are our own, in the same form: a folder each, with `case.json` and, unless
//! that names another file, `config.yml`.

#[path = "upstream/case.rs"]
mod case;
#[cfg(all(feature = "otobo-znuny", feature = "zammad"))]
#[path = "upstream/check.rs"]
mod check;
#[path = "upstream/compare.rs"]
mod compare;
#[path = "upstream/doubles.rs"]
pub mod doubles;
#[cfg(all(feature = "otobo-znuny", feature = "zammad"))]
#[path = "cli/folder.rs"]
mod folder;
#[path = "upstream/run.rs"]
mod run;
#[path = "upstream/schema.rs"]
mod schema;
#[cfg(all(feature = "otobo-znuny", feature = "zammad"))]
#[path = "upstream/services.rs"]
mod services;

use std::path::{Path, PathBuf};

treenail::compose!("../plugins.toml", overlay = "test");

/// The recorded cases and the folder that `config_from` starts at.
fn recorded() -> (PathBuf, PathBuf) {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let named = |variable| std::env::var_os(variable).map(PathBuf::from);
    let cases = named("HELPDESK_CASES").unwrap_or_else(|| beside.join("shared/upstream/cases"));
    (cases, named("HELPDESK_CASES_ROOT").unwrap_or(beside))
}

/// Runs every case of a folder, says how each went, and fails if one did.
fn run_all(folder: &Path, root: &Path) {
    let cases = case::all(folder, root);
    let (mut passed, mut failed) = (0, Vec::new());
    for case in &cases {
        let differences = run::differences(case);
        if differences.is_empty() {
            println!("passed: {}", case.name);
            passed += 1;
        } else {
            let differences = differences.join("\n    ");
            failed.push(format!("FAILED: {}\n    {differences}", case.name));
        }
    }
    println!("{passed} of {} cases passed", cases.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(passed > 0, "there is no case in {}", folder.display());
}

#[test]
fn every_recorded_case_ends_as_recorded() {
    let (cases, root) = recorded();
    if !cases.is_dir() && std::env::var_os("TREENAIL_REQUIRE_SHARED").is_none() {
        println!("skipped: there is no folder {}", cases.display());
        return;
    }
    run_all(&cases, &root);
}

#[test]
fn every_case_of_our_own_ends_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/configs");
    run_all(&folder, &folder);
}
