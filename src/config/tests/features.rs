//! What names a plugin that this program would have with a feature is told the feature.

use crate::base::tests::TABLE;
use crate::config::configure;
use crate::{ConfigError, Settings};

fn refused(yaml: &str) -> ConfigError {
    let settings = Settings::yaml("shop.yml", yaml).expect("a configuration");
    configure(&TABLE, &settings)
        .map(|_| ())
        .expect_err("mistakes")
}

#[test]
fn every_place_that_names_a_plugin_is_told_which_feature_brings_it() {
    let error = refused(
        "
shop:
  plugins:
    - name: shop-parcel
    - { name: parcel, version: '^1' }
  components: { 'parcel:Van': {} }
  services:
    van: { use: parcel:Van }
  orchestrator:
    use: base:CompositePipe
    params:
      steps: [{ id: a, use: parcel:Drive }]
",
    );
    let found: Vec<_> = error
        .problems()
        .iter()
        .map(|problem| (problem.path(), problem.kind().code()))
        .collect();
    let code = "feature-missing";
    assert_eq!(
        found,
        [
            ("shop.plugins[0].name", code),
            ("shop.plugins[1].name", code),
            ("shop.components.parcel:Van", code),
            ("shop.services.van.use", code),
            ("shop.orchestrator.params.steps[0].use", code),
        ]
    );
    let first = &error.problems()[0];
    assert_eq!(
        first.message(),
        "`shop-parcel` not found in this program, which is built without its feature `delivery`"
    );
    assert_eq!(
        first.help().as_deref(),
        Some("build it with the feature: `cargo run -p shop --features delivery`")
    );
}

#[test]
fn the_manual_shows_what_is_told() {
    let error = refused("shop:\n  services:\n    model: { use: parcel:Van }\n").to_string();
    let (_, told) = error.split_once('\n').expect("a headline");
    let manual = include_str!("../../../docs/configuration.md");
    assert!(
        manual.contains(told.trim_end()),
        "docs/configuration.md has to show:\n{told}"
    );
}

#[test]
fn what_no_feature_brings_is_only_unknown() {
    let error = refused("shop: { services: { a: { use: 'parcels:Van' } } }");
    assert_eq!(error.problems()[0].kind().code(), "unknown-component");
}
