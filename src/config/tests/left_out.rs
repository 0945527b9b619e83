//! What names something that the composition knows and leaves out is told why.

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
fn every_place_that_names_what_is_left_out_is_told_why() {
    let error = refused(
        "
shop:
  plugins: [{ name: loyalty }]
  components:
    shop:Till: {}
    shop:Store: {}
  services:
    till: { use: shop:Till }
  lifecycle:
    components:
      shop:Till: { start: PT1S }
  orchestrator:
    use: base:CompositePipe
    params:
      steps:
        - id: a
          use: shop:Till
",
    );
    let code = "left-out";
    let found = error.problems().iter().map(|problem| {
        let place = problem.place().expect("a place");
        (
            problem.path(),
            problem.kind().code(),
            place.line,
            place.column,
        )
    });
    assert_eq!(
        found.collect::<Vec<_>>(),
        [
            ("shop.plugins[0].name", code, 3, 21),
            ("shop.components.shop:Till", code, 5, 5),
            ("shop.components.shop:Store", code, 6, 5),
            ("shop.services.till.use", code, 8, 18),
            ("shop.lifecycle.components.shop:Till", code, 11, 7),
            ("shop.orchestrator.params.steps[0].use", code, 17, 16),
        ]
    );
    let said = |number: usize| error.problems()[number].message();
    assert_eq!(
        said(0),
        "`loyalty` not found in this program: it is switched off (plugins.toml:12)"
    );
    assert_eq!(
        said(1),
        "`shop:Till` not found in this program: only `shop:Store` needed it, `shop:Shelf` takes the place of `shop:Store` (plugins.toml:7)"
    );
    assert_eq!(
        said(2),
        "`shop:Store` not found in this program: `shop:Shelf` takes its place (plugins.toml:7)"
    );
    let helped = |number: usize| error.problems()[number].help();
    assert_eq!(
        helped(0).as_deref(),
        Some("take it out of this configuration, or switch it on there")
    );
    assert_eq!(
        helped(2).as_deref(),
        Some(
            "take it out of this configuration, or keep it, under `[host]` of plugins.toml: `all = [\"dyn shop::Stock\"]`"
        )
    );
    assert_eq!(
        helped(1).as_deref(),
        Some("take it out of this configuration")
    );
}

#[test]
fn a_longer_way_to_who_lost_a_further_name_and_a_component_of_a_plugin_that_is_off_are_told() {
    let error = refused(
        "
shop:
  components:
    shop:Cellar: {}
    loyalty:Card: {}
",
    );
    let said: Vec<String> = error
        .problems()
        .iter()
        .map(crate::Problem::message)
        .collect();
    assert_eq!(
        said,
        [
            "`shop:Cellar` not found in this program: only `shop:Till` needed it, only `shop:Store` needed that one, `shop:Shelf` takes the place of `shop:Store` (plugins.toml:7)",
            "`loyalty:Card` not found in this program: it is switched off (plugins.toml:12)",
        ]
    );
}
