//! Runs every case in `tests/compositions`, without Cargo and without rustc.
//!
//! A case is a folder whose name is a sentence about one composition:
//!
//! - `plugins.toml`: the host's manifest.
//! - `plugins/<package>/plugins.toml`: the manifest of a package; `plugins/<package> <version>/…` where there are two.
//! - `universe.toml`: what Cargo would have resolved.
//! - `error.txt`: every message, in order, with an empty line between two; or
//! - `composed.rs`: the generated file, and `warning.txt` with the warnings where there are any.
//!
//! A universe:
//!
//! ```toml
//! host = "helpdesk 0.1.0"
//! overlay = "test"                        # the overlay that is asked for; may be left out
//! [packages]                              # every package with its dependencies
//! "helpdesk 0.1.0" = ["helpdesk-api", "mail = otai-mail", "clock 2.0.0"]   # a version only where there are several
//! "otai-mail 0.3.0" = ["helpdesk-api"]
//! [features]                              # packages with features that are on; may be left out
//! treenail = ["config", "pipes"]
//! ```
//!
//! `BLESS=1 cargo test -p treenail-build compositions` writes the expected files anew; read the difference before you commit it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use crate::compose::{Inputs, analyse};
use crate::composer::{Composer, place};
use crate::diagnostic::Diagnostics;
use crate::digest::digest;
use crate::discover::{Discovery, Found};
use crate::emit;
use crate::manifest;
use crate::model::{Package, PackageIx, Universe};
use crate::report;
use crate::source::Sources;

/// What came of a composition in memory.
pub(crate) struct Outcome {
    /// Generated Rust; `None` with mistakes.
    pub(crate) rust: Option<String>,
    /// All messages.
    pub(crate) report: String,
    /// Codes of the messages.
    pub(crate) codes: Vec<&'static str>,
    /// The plan.
    pub(crate) plan: Option<crate::model::Composition>,
}

/// Composes in memory: the host's manifest, and that of each package by "name version" or name.
pub(crate) fn run(universe: &str, host: &[u8], manifests: &BTreeMap<String, Vec<u8>>) -> Outcome {
    run_rotated(universe, host, manifests, 0)
}

/// The same, with the plugins found in another order.
pub(crate) fn run_rotated(
    universe: &str,
    host: &[u8],
    manifests: &BTreeMap<String, Vec<u8>>,
    rotation: usize,
) -> Outcome {
    let tree = DeTable::parse(universe).expect("universe.toml is TOML");
    let tree = tree.get_ref();
    let universe = read_universe(tree);
    let overlay = tree.get("overlay").map(|value| text(value.get_ref()));
    let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
    let own = manifest::read_bytes("plugins.toml", host, &mut sources, &mut problems);
    let mut discovery = discovery(universe, manifests, &mut sources, &mut problems);
    if !discovery.direct.is_empty() {
        let by = rotation % discovery.direct.len();
        discovery.direct.rotate_left(by);
    }
    if rotation % 2 == 1 {
        discovery.direct.reverse();
    }
    let inputs = Inputs {
        host: own,
        host_name: "plugins.toml".to_owned(),
        host_digest: digest(host),
        discovery,
        overlay: overlay.clone(),
        inside_library: false,
        runtime: None,
    };
    let plan = analyse(&inputs, &mut problems);
    let rust = plan.as_ref().map(|plan| {
        let composer = overlay.iter().fold(Composer::new(""), |composer, name| {
            composer.overlay(name.clone())
        });
        let own = composer.own_side(
            &inputs.host,
            &inputs.host_digest,
            Some(&plan.host.runtime),
            true,
        );
        emit::composition(plan, own, |component| place(&sources, component.origin))
    });
    let messages = report::messages(&problems, &sources);
    let report = messages
        .iter()
        .map(|message| format!("{}\n", message.text))
        .collect::<Vec<_>>()
        .join("\n");
    Outcome {
        rust,
        report,
        codes: messages.iter().map(|message| message.code).collect(),
        plan,
    }
}

fn text(value: &DeValue<'_>) -> String {
    let DeValue::String(text) = value else {
        panic!("expected a string, not {value:?}")
    };
    text.to_string()
}

/// The elements of an array of strings.
fn texts(value: &DeValue<'_>) -> Vec<String> {
    let DeValue::Array(values) = value else {
        panic!("expected an array, not {value:?}")
    };
    values.iter().map(|value| text(value.get_ref())).collect()
}

fn table<'t, 'v>(tree: &'t DeTable<'v>, key: &str) -> Option<&'t DeTable<'v>> {
    match tree.get(key)?.get_ref() {
        DeValue::Table(table) => Some(table),
        other => panic!("`{key}` has to be a table, not {other:?}"),
    }
}

fn read_universe(tree: &DeTable<'_>) -> Universe {
    let listed = table(tree, "packages").expect("[packages]");
    let mut all: Vec<(String, semver::Version, Vec<String>)> = listed
        .iter()
        .map(|(key, dependencies)| {
            let (name, version) = key.get_ref().split_once(' ').expect("`name version`");
            (
                name.to_owned(),
                version.parse().expect("a version"),
                texts(dependencies.get_ref()),
            )
        })
        .collect();
    all.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    let number = |spec: &str| {
        let (name, version) = spec
            .split_once(' ')
            .map_or((spec, None), |(name, version)| (name, Some(version)));
        let found = all.iter().position(|(n, v, _)| {
            n == name && version.is_none_or(|version| v.to_string() == version)
        });
        found.unwrap_or_else(|| panic!("no package `{spec}`"))
    };
    let features = |name: &str| {
        let listed = table(tree, "features").and_then(|features| features.get(name));
        listed
            .map(|value| texts(value.get_ref()).into_iter().collect::<BTreeSet<_>>())
            .unwrap_or_default()
    };
    let packages = all
        .iter()
        .map(|(name, version, dependencies)| Package {
            name: name.clone(),
            version: version.clone(),
            externs: dependencies
                .iter()
                .map(|spec| match spec.split_once(" = ") {
                    Some((extern_name, spec)) => (extern_name.to_owned(), number(spec)),
                    None => (
                        spec.split(' ').next().unwrap_or(spec).replace('-', "_"),
                        number(spec),
                    ),
                })
                .collect(),
            lib: Some(name.replace('-', "_")),
            features: features(name),
            manifest: None,
        })
        .collect();
    let host = number(&text(tree.get("host").expect("host").get_ref()));
    Universe { packages, host }
}

/// What discovery would have found: direct dependencies in the order of the packages, and the rest.
fn discovery(
    mut universe: Universe,
    manifests: &BTreeMap<String, Vec<u8>>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Discovery {
    let mut via: BTreeMap<PackageIx, PackageIx> = BTreeMap::new();
    let mut open: VecDeque<(PackageIx, PackageIx)> = universe.packages[universe.host]
        .externs
        .values()
        .map(|direct| (*direct, *direct))
        .collect();
    let is_direct: BTreeSet<PackageIx> = open.iter().map(|(direct, _)| *direct).collect();
    while let Some((package, first)) = open.pop_front() {
        if via.insert(package, first).is_none() {
            open.extend(
                universe.packages[package]
                    .externs
                    .values()
                    .map(|next| (*next, first)),
            );
        }
    }
    let (mut direct, mut indirect) = (Vec::new(), Vec::new());
    for (package, first) in via {
        let Package { name, version, .. } = &universe.packages[package];
        let exact = format!("{name} {version}");
        let Some(bytes) = manifests.get(&exact).or_else(|| manifests.get(name)) else {
            continue;
        };
        let shown = if manifests.contains_key(&exact) {
            format!("{name}@{version}")
        } else {
            name.clone()
        };
        let called = format!("{shown}/plugins.toml");
        let mut unheard = Diagnostics::default();
        let near = is_direct.contains(&package);
        let reports = if near { &mut *problems } else { &mut unheard };
        let manifest = manifest::read_bytes(&called, bytes, sources, reports);
        let found = Found {
            package,
            manifest,
            name: called,
            digest: digest(bytes),
            via: first,
        };
        if near {
            universe.packages[package].manifest = Some(direct.len());
            direct.push(found);
        } else {
            indirect.push(found);
        }
    }
    Discovery {
        universe,
        direct,
        indirect,
        files: BTreeSet::new(),
        incomplete: false,
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compositions")
}

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the folder of cases")
        .map(|entry| entry.expect("a case").path())
        .collect();
    cases.sort();
    cases
}

fn run_case(case: &Path) -> Outcome {
    let read = |name: &str| {
        fs::read(case.join(name))
            .unwrap_or_else(|error| panic!("{}/{name}: {error}", case.display()))
    };
    let universe = String::from_utf8(read("universe.toml")).expect("UTF-8");
    let mut manifests = BTreeMap::new();
    for entry in fs::read_dir(case.join("plugins")).into_iter().flatten() {
        let path = entry.expect("a plugin").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        manifests.insert(
            name,
            fs::read(path.join("plugins.toml")).expect("a plugin's plugins.toml"),
        );
    }
    run(&universe, &read("plugins.toml"), &manifests)
}

/// The files that a case should have, with their texts; `None`: it should not be there.
fn expected(outcome: &Outcome) -> [(&'static str, Option<String>); 3] {
    let report = Some(outcome.report.clone()).filter(|report| !report.is_empty());
    match &outcome.rust {
        Some(rust) => [
            ("composed.rs", Some(rust.clone())),
            ("warning.txt", report),
            ("error.txt", None),
        ],
        None => [
            ("composed.rs", None),
            ("warning.txt", None),
            ("error.txt", report),
        ],
    }
}

#[test]
fn every_case_composes_or_says_what_is_expected() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut failures = Vec::new();
    for case in cases() {
        for (name, text) in expected(&run_case(&case)) {
            let file = case.join(name);
            let found = fs::read_to_string(&file).ok();
            if found == text {
                continue;
            }
            match (&text, bless) {
                (Some(text), true) => fs::write(&file, text).expect("written"),
                (None, true) => fs::remove_file(&file).expect("removed"),
                _ => failures.push(format!(
                    "{}:\n{}",
                    file.display(),
                    text.unwrap_or_else(|| "should not be there\n".to_owned())
                )),
            }
        }
    }
    assert!(
        failures.is_empty(),
        "not as expected (BLESS=1 writes what is found):\n\n{}",
        failures.join("\n")
    );
}

#[test]
fn generated_files_are_rust_inside_and_out() {
    for case in cases() {
        let Some(rust) = run_case(&case).rust else {
            continue;
        };
        let file =
            syn::parse_file(&rust).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
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

/// Mistakes that show only between manifests; those within one have cases in `tests/manifests`, those of packages on disk
/// are tested beside `discover.rs`.
const CODES: [&str; 25] = [
    "TN0013", "TN0103", "TN0105", "TN0106", "TN0109", "TN0201", "TN0202", "TN0203", "TN0204",
    "TN0205", "TN0206", "TN0207", "TN0208", "TN0301", "TN0302", "TN0303", "TN0304", "TN0305",
    "TN0306", "TN0307", "TN0308", "TN0309", "TN0310", "TN0401", "TN0402",
];

#[test]
fn every_mistake_between_manifests_has_a_case() {
    let found: BTreeSet<&str> = cases()
        .iter()
        .flat_map(|case| run_case(case).codes)
        .collect();
    let missing: Vec<&str> = CODES
        .into_iter()
        .chain(["TN0901"])
        .filter(|code| !found.contains(code))
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}
