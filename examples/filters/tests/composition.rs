//! What is composed, and what is said where it cannot be. Cargo is asked about the packages, and nothing is built.

use std::process::Command;

use treenail_build::testing::{Case, Package};

fn proxy() -> Case {
    Case::of_package(env!("CARGO_MANIFEST_DIR"))
}

/// The proxy with one more plugin, which has a filter under a key.
fn with_filter(key: &str) -> Case {
    let guard = Package::new("filters-guard", "0.1.0").depends_on(["filters-api"]);
    let manifest = format!(
        "treenail = 1\n[plugin]\nid = \"guard\"\n[registry.\"filters_api::Filters\"]\n{key} = {{ value = \"crate::guard\" }}\n"
    );
    proxy().with(guard.manifest(manifest))
}

#[test]
fn a_key_that_two_crates_have_is_told_with_both() {
    let outcome = with_filter("block").compose();
    outcome.assert_codes(["TN0312"]);
    outcome.assert_at("TN0312", "filters-guard/plugins.toml:5:1");
    let page = include_str!("../../../docs/from-linkme.md");
    let text = outcome.text();
    assert!(
        page.contains(&text),
        "docs/from-linkme.md shows another message than\n{text}"
    );
}

#[test]
fn one_more_plugin_is_one_more_filter() {
    with_filter("guard").compose().assert_codes([]);
}

#[test]
fn neither_the_contract_nor_a_plugin_of_entries_has_treenail_in_its_tree() {
    for (package, expected) in [
        ("filters-api", vec!["filters-api", "treenail-core"]),
        (
            "filters-edge",
            vec!["filters-api", "filters-edge", "treenail-core"],
        ),
        ("filters-slug", vec!["filters-slug"]),
    ] {
        let mut tree = Command::new(env!("CARGO"));
        tree.current_dir(env!("CARGO_MANIFEST_DIR"));
        tree.args(["tree", "--offline", "--locked", "--edges", "no-dev"]);
        tree.args(["--prefix", "none", "--format", "{p}", "--package", package]);
        let output = tree.output().expect("Cargo");
        let lines = String::from_utf8(output.stdout).expect("text");
        let mut names: Vec<&str> = lines
            .lines()
            .filter_map(|line| line.split(' ').next())
            .collect();
        names.sort_unstable();
        assert_eq!(names, expected, "{package}");
    }
}
