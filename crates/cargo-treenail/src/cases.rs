//! Compositions of tests, as folders.
//!
//! A composition has the host's `plugins.toml`, and `NAME.toml` for each plugin; package `desk` is the host, and all depend on `api`.
//! `packages.txt` may say otherwise of a package, in a line: `mail 0.2.0 smtp -imap` for its version, the features that are on, and
//! those that are off. `overlays.txt` names the overlays in force.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use treenail_build::testing::{Case, Outcome, Package};

use crate::description::Description;

/// The files of a composition, by name.
pub(crate) type Files = BTreeMap<String, String>;

/// What is in a folder.
pub(crate) fn files(folder: &Path) -> Files {
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

fn package(name: &str, version: &str, files: &Files) -> Package {
    let said = files.get("packages.txt").map_or("", String::as_str);
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

/// The composition of these files.
pub(crate) fn describe(files: &Files) -> Description {
    Description::read(&document(files)).expect("a description")
}

/// How the composition of these files describes itself.
pub(crate) fn document(files: &Files) -> String {
    let outcome = compose(files);
    let described = outcome.composed().describe();
    described.unwrap_or_else(|| panic!("mistakes:\n{}", outcome.text()))
}

/// What comes of these files.
pub(crate) fn compose(files: &Files) -> Outcome {
    let dependencies = ["api", "treenail"];
    let manifest = &files["plugins.toml"];
    let host = package("desk", "1.0.0", files)
        .depends_on(dependencies)
        .manifest(manifest.as_str());
    let mut case = Case::new(host).beside(package("api", "1.4.0", files));
    case =
        case.beside(Package::new("treenail", "0.1.0").features(["config", "pipes", "lifecycle"]));
    for (file, text) in files {
        let plugin = file.strip_suffix(".toml").filter(|name| *name != "plugins");
        if let Some(name) = plugin {
            let plugin = package(name, "0.1.0", files).depends_on(dependencies);
            case = case.with(plugin.manifest(text.as_str()));
        }
    }
    let overlays = files.get("overlays.txt").map_or("", String::as_str);
    case = overlays.split_whitespace().fold(case, Case::overlay);
    case.compose()
}

/// Compares a text with the one that a file holds, or writes that where `BLESS` is set: nothing is no file. What is wrong, in words.
pub(crate) fn difference(file: &Path, text: &str) -> Option<String> {
    let expected = fs::read_to_string(file).unwrap_or_default();
    if text == expected {
        return None;
    }
    if env::var_os("BLESS").is_none() {
        return Some(format!("{}:\n{text}", file.display()));
    }
    let result = match text.is_empty() {
        true => fs::remove_file(file),
        false => fs::write(file, text),
    };
    result.expect("written");
    None
}
