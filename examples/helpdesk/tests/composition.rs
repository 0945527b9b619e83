//! Plugins that do not fit the helpdesk, and what is said about them. Cargo is asked about the packages, and nothing is built.

use treenail_build::testing::{Case, Package};

/// The helpdesk as it is, with one more plugin that depends on its contracts.
fn with(name: &str, section: &str) -> treenail_build::testing::Outcome {
    let manifest = format!("treenail = 1\n[plugin]\nid = \"{name}\"\n{section}");
    let plugin = Package::new(name, "0.1.0").depends_on(["helpdesk-api"]);
    let helpdesk = Case::of_package(env!("CARGO_MANIFEST_DIR"));
    helpdesk.with(plugin.manifest(manifest)).compose()
}

#[test]
fn the_helpdesk_composes() {
    let outcome = Case::of_package(env!("CARGO_MANIFEST_DIR")).compose();
    assert!(!outcome.composed().has_errors(), "{}", outcome.text());
}

#[test]
fn a_plugin_for_older_contracts_is_refused_with_the_versions() {
    let outcome = with("fax", "api = { helpdesk-api = \">=0.9, <1\" }\n");
    outcome.assert_at("TN0203", "fax/plugins.toml:4:24");
    outcome.assert_says(
        "TN0203",
        "plugin `fax` 0.1.0 does not support helpdesk-api ",
    );
}

#[test]
fn a_plugin_for_an_older_helpdesk_is_refused() {
    let outcome = with("fax", "host = \"<1\"\n");
    outcome.assert_at("TN0204", "fax/plugins.toml:4:8");
}

#[test]
fn a_plugin_that_needs_what_nobody_has_is_told_so() {
    let component = "[[component]]\ntype = \"crate::Fax\"\nrequires = { line = \"dyn helpdesk_api::TelephoneLine\" }\n";
    let outcome = with("fax", component);
    outcome.assert_at("TN0301", "fax/plugins.toml:6:21");
    outcome.assert_says("TN0301", "which `fax:Fax` needs as `line`");
}
