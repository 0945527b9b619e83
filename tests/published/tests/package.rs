//! What is in each package: its sources and what they are compiled with, and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use published::{PUBLISHED, cargo, folder, packages, text};
use serde_json::Value;

/// What Cargo adds.
const ADDED: [&str; 3] = [".cargo_vcs_info.json", "Cargo.lock", "Cargo.toml.orig"];

/// What every package has besides its sources.
const ALWAYS: [&str; 4] = ["Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "README.md"];

/// What the runtime has besides, for people and for the code that it ships.
const OF_THE_RUNTIME: [&str; 3] = ["CHANGELOG.md", "build.rs", "plugins.toml"];

/// The files of a package, without those that Cargo adds.
fn files(name: &str) -> BTreeSet<String> {
    let list = cargo(&[
        "package",
        "--list",
        "--allow-dirty",
        "--offline",
        "-p",
        name,
    ]);
    let files = list.lines().map(|file| file.replace('\\', "/"));
    files
        .filter(|file| !ADDED.contains(&file.as_str()))
        .collect()
}

/// The files that a source brings in by their names, below the root of its package. What is only for tests may be elsewhere.
fn brought_in(file: &str, source: &str) -> BTreeSet<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = BTreeSet::new();
    for opening in ["include_str!(\"", "include_bytes!(\"", "include!(\""] {
        for rest in source.split(opening).skip(1) {
            let name = rest.split('"').next().unwrap_or_default();
            let whole = Path::new(file).with_file_name(name);
            let mut below = PathBuf::new();
            for part in whole.components() {
                match part {
                    Component::ParentDir => drop(below.pop()),
                    part => below.push(part),
                }
            }
            found.insert(below.to_string_lossy().replace('\\', "/"));
        }
    }
    found
}

fn is_for_tests(file: &str) -> bool {
    let mut parts = file.split('/');
    parts.any(|part| matches!(part.trim_end_matches(".rs"), "tests" | "laws"))
}

fn package(name: &str) -> Value {
    let mut packages = packages().into_iter();
    let found = packages.find(|package| text(package, "name") == name);
    found.unwrap_or_else(|| panic!("{name} is not published"))
}

#[test]
fn a_package_is_its_sources_its_texts_and_nothing_else() {
    for name in PUBLISHED {
        let files = files(name);
        for file in ALWAYS {
            assert!(files.contains(file), "{name} lacks {file}");
        }
        let is_known = |file: &&String| {
            let is_of_the_runtime = OF_THE_RUNTIME.contains(&file.as_str())
                || file.starts_with("docs/") && file.ends_with(".md");
            ALWAYS.contains(&file.as_str())
                || file.starts_with("src/") && file.ends_with(".rs")
                || name == "treenail" && is_of_the_runtime
                || name == "treenail-reference" && file.as_str() == "src/style.css"
                || name == "treenail-build" && file.starts_with("src/diagnostic/pages/TN")
                || name == "cargo-treenail" && file.starts_with("src/new/")
                || name == "cargo-treenail" && file.starts_with("src/graph/page.")
        };
        let unknown: Vec<&String> = files.iter().filter(|file| !is_known(file)).collect();
        assert!(unknown.is_empty(), "{name} ships {unknown:?}");
    }
}

#[test]
fn a_package_has_every_source_and_every_file_that_they_bring_in() {
    for name in PUBLISHED {
        let (files, folder) = (files(name), folder(&package(name)));
        let mut brought = 0;
        for file in files.iter().filter(|file| file.ends_with(".rs")) {
            let source = fs::read_to_string(folder.join(file)).expect("a source");
            if is_for_tests(file) {
                continue;
            }
            for other in brought_in(file, &source) {
                brought += 1;
                assert!(files.contains(&other), "{name}: {file} needs {other}");
            }
        }
        // The manual, the code that is shipped and its manifest.
        assert!(name != "treenail" || brought > 10, "{brought}");
    }
}

#[test]
fn the_compiler_ships_the_page_of_every_code() {
    let files = files("treenail-build");
    let pages = folder(&package("treenail-build")).join("src/diagnostic/pages");
    let pages = fs::read_dir(pages).expect("pages").map(|page| {
        let name = page.expect("a page").file_name();
        format!("src/diagnostic/pages/{}", name.to_string_lossy())
    });
    let pages: BTreeSet<String> = pages.collect();
    assert!(pages.len() > 50 && pages.is_subset(&files));
}

#[test]
fn a_package_with_a_manifest_ships_it() {
    let mut plugins = 0;
    for package in packages() {
        let declared = &package["metadata"]["treenail"];
        let Some(manifest) = declared["manifest"].as_str() else {
            continue;
        };
        plugins += 1;
        let name = text(&package, "name");
        assert!(files(name).contains(manifest), "{name} lacks {manifest}");
    }
    assert!(plugins > 0, "treenail is its own first plugin");
}
