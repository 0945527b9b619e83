//! Runs every case in `tests/diff`: a folder with an old and a new composition, and what is told of their difference in `facts.txt`,
//! which is not there where nothing is told.
//!
//! A side has the host's `plugins.toml`, and `NAME.toml` for each plugin; package `desk` is the host, and all depend on `api`. What the
//! new side does not have is as on the old one; an empty file there is none. `packages.txt` may say otherwise of a package, in a
//! line: `mail 0.2.0 smtp -imap` for its version, the features that are on, and those that are off. `overlays.txt` names the overlays
//! in force. `config.schema.json` is the schema of the configuration.
//!
//! `BLESS=1 cargo test -p cargo-treenail diff` writes the expected texts anew; read the difference before you commit it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use treenail_build::testing::{Case, Package};

use super::compare::compare;
use super::configuration::Schemas;
use super::fact::Fact;
use super::print;
use crate::description::Description;

/// The files of a side, by name.
type Side = BTreeMap<String, String>;

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff");
    let entries = fs::read_dir(folder).expect("the cases");
    let mut cases: Vec<PathBuf> = entries.map(|one| one.expect("a case").path()).collect();
    cases.sort();
    cases
}

fn files(folder: &Path) -> Side {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let files = entries.map(|one| {
        let path = one.expect("a file").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        (name, fs::read_to_string(&path).expect("a text"))
    });
    files.collect()
}

/// The two sides of a case.
fn sides(case: &Path) -> [Side; 2] {
    let old = files(&case.join("old"));
    let mut new = old.clone();
    new.extend(files(&case.join("new")));
    new.retain(|_, text| !text.is_empty());
    [old, new]
}

fn package(name: &str, version: &str, side: &Side) -> Package {
    let said = side.get("packages.txt").map_or("", String::as_str);
    let said = said
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    let said = said
        .into_iter()
        .find(|words| words[0] == name)
        .unwrap_or_default();
    let version = said.get(1).copied().unwrap_or(version);
    let features = said.iter().skip(2);
    let (off, on): (Vec<&str>, Vec<&str>) = features.partition(|one| one.starts_with('-'));
    let off = off.into_iter().map(|one| one.trim_start_matches('-'));
    Package::new(name, version).features(on).declares(off)
}

fn describe(side: &Side) -> Description {
    let dependencies = ["api", "treenail"];
    let manifest = &side["plugins.toml"];
    let host = package("desk", "1.0.0", side)
        .depends_on(dependencies)
        .manifest(manifest.as_str());
    let mut case = Case::new(host).beside(package("api", "1.4.0", side));
    case =
        case.beside(Package::new("treenail", "0.1.0").features(["config", "pipes", "lifecycle"]));
    for (file, text) in side {
        let plugin = file.strip_suffix(".toml").filter(|name| *name != "plugins");
        if let Some(name) = plugin {
            let plugin = package(name, "0.1.0", side).depends_on(dependencies);
            case = case.with(plugin.manifest(text.as_str()));
        }
    }
    let overlays = side.get("overlays.txt").map_or("", String::as_str);
    case = overlays.split_whitespace().fold(case, Case::overlay);
    let outcome = case.compose();
    let described = outcome.composed().describe();
    let described = described.unwrap_or_else(|| panic!("mistakes:\n{}", outcome.text()));
    Description::read(&described).expect("a description")
}

/// What differs between two sides.
fn facts(old: &Side, new: &Side) -> Vec<Fact> {
    let schema = |side: &Side| {
        let text = side.get("config.schema.json")?;
        Some(serde_json::from_str(text).expect("JSON"))
    };
    let schemas = schema(old)
        .zip(schema(new))
        .map(|(old, new)| Schemas { old, new });
    compare(&describe(old), &describe(new), schemas.as_ref())
}

#[test]
fn every_case_tells_what_is_expected() {
    let mut failures = Vec::new();
    for case in cases() {
        let [old, new] = sides(&case);
        let text = print::text(&facts(&old, &new));
        let file = case.join("facts.txt");
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if text == expected {
            continue;
        }
        if env::var_os("BLESS").is_none() {
            failures.push(format!("{}:\n{text}", case.display()));
        } else if text.is_empty() {
            fs::remove_file(&file).expect("removed");
        } else {
            fs::write(&file, text).expect("written");
        }
    }
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
            let text = print::text(&facts(&side, &side));
            assert_eq!(text, "", "{}", case.display());
        }
    }
}
