//! What `cargo treenail features` says that a configuration needs.

mod packages;

use std::path::Path;

use packages::{HOST, MAIL, Packages, text};

/// The helpdesk of the examples.
const HELPDESK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/helpdesk");

/// A host with two plugins of which one is behind a feature.
fn desk(configuration: &str) -> Packages {
    let packages = Packages::new(HOST, MAIL);
    let desk = "[package]\nname = \"desk\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\
         [features]\ndefault = [\"colour\"]\ncolour = []\nletters = [\"dep:mail\"]\n\
         [dependencies]\nmail = { path = \"../mail\", optional = true }\n";
    packages.write("desk/Cargo.toml", desk);
    packages.write("desk/config.yml", configuration);
    packages
}

#[test]
fn each_configuration_of_the_helpdesk_needs_what_the_program_says_too() {
    let packages = Packages::none();
    let tests = Path::new(HELPDESK).join("tests");
    let listed = std::fs::read_to_string(tests.join("features.txt")).expect("a list");
    let manifest = Path::new(HELPDESK).join("Cargo.toml");
    for line in listed.lines() {
        let (file, needed) = line.split_once(": ").expect("a file and a line");
        let (file, manifest) = (tests.join(file), manifest.to_string_lossy());
        let file = file.to_string_lossy();
        let asked = ["features", "--config", &file, "--manifest-path", &manifest];
        let output = packages.run("", &asked);
        assert_eq!(text(&output.stdout), format!("{needed}\n"), "{file}");
    }
}

#[test]
fn a_default_feature_that_brings_no_plugin_stays_on() {
    let packages = desk("desk: { services: { post: { use: 'mail:Box' } } }");
    let output = packages.run("desk", &["features", "-c", "config.yml"]);
    let line = "--no-default-features --features colour,letters\n";
    assert_eq!(text(&output.stdout), line);
    assert_eq!(text(&output.stderr), "config.yml needs mail\n");
    packages.write("desk/config.yml", "desk:\n");
    let output = packages.run("desk", &["features", "-c", "config.yml"]);
    let line = "--no-default-features --features colour\n";
    assert_eq!(text(&output.stdout), line);
    assert_eq!(text(&output.stderr), "config.yml needs no plugin\n");
}

#[test]
fn a_configuration_that_cannot_be_meant_is_refused_with_the_reason() {
    for (configuration, words) in [
        (
            "desk: { components: { 'male:Box': 1 }, plugins: [ { name: males } ] }",
            "`config.yml` names what `desk` does not know\n  `male:Box`, at `desk.components`\n  `males`, at `desk.plugins[0].name`",
        ),
        (
            "shop: {}",
            "`config.yml` configures another application: it has no `desk`, the root key of `desk`",
        ),
        ("desk: [", "`config.yml` is no YAML: "),
    ] {
        let output = desk(configuration).run("desk", &["features", "-c", "config.yml"]);
        assert_eq!(output.status.code(), Some(2), "{configuration}");
        assert!(output.stdout.is_empty());
        let said = text(&output.stderr);
        assert!(said.starts_with(&format!("error: {words}")), "{said}");
    }
    let output = desk("").run("desk", &["features", "-c", "nowhere.yml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("error: `nowhere.yml` cannot be read: "));
    let output = desk("").run("mail", &["features", "-c", "../desk/config.yml"]);
    assert_eq!(output.status.code(), Some(2), "a plugin alone");
}
