//! What is composed, and what is said where it cannot be. Cargo is asked about the packages, and nothing is built.

use treenail_build::testing::{Case, Package};

fn hello() -> Case {
    Case::of_package(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_greeter_greets() {
    let outcome = hello().compose();
    outcome.assert_codes([]);
    assert!(
        outcome
            .composed()
            .components()
            .any(|id| id == "greeter:Greeter")
    );
}

#[test]
fn a_plugin_for_another_greeter_does_not_fit() {
    let old = Package::new("shouter", "0.1.0").depends_on(["greeter"]);
    let old =
        old.manifest("treenail = 1\n[plugin]\nid = \"shouter\"\napi = { greeter = \">=2\" }\n");
    let outcome = hello().with(old).compose();
    outcome.assert_codes(["TN0203"]);
    outcome.assert_at("TN0203", "shouter/plugins.toml:4:19");
}

/// What the README shows of a broken composition, line by line; rustc shifts the lines to the right.
#[test]
fn the_readme_shows_what_is_really_said() {
    let readme = include_str!("../../../README.md");
    let broken = format!(
        "{}requires = {{ voice = \"dyn crate::Voice\" }}\n",
        include_str!("../greeter/plugins.toml")
    );
    let greeter = Package::new("greeter", "0.1.0").manifest(broken);
    let outcome = hello().with(greeter).compose();
    outcome.assert_codes(["TN0301"]);
    let shown: Vec<&str> = readme.lines().map(str::trim).collect();
    let said = format!("error: {}", outcome.text());
    // Packages of a test have their names for folders; those of the README lie beside each other.
    let said = said.replace("--> greeter/", "--> ../greeter/");
    // A package that a test replaces is named by no line of a Cargo.toml.
    let said = said.lines().filter(|line| !line.contains("= needed by"));
    for line in said {
        assert!(
            shown.contains(&line.trim()),
            "the README has no line {line}"
        );
    }
}

/// That nobody greets by telephone is for rustc to find: it is the type that is asked for.
#[test]
fn what_nobody_provides_cannot_be_asked_for() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
