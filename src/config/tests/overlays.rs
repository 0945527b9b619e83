//! What names something that an overlay leaves out of this program is told the overlay.

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
fn every_place_that_names_what_an_overlay_leaves_out_is_told_which() {
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
        "`loyalty` not found in this program: overlay `kiosk` leaves it out"
    );
    assert_eq!(
        said(1),
        "`shop:Till` not found in this program: overlay `kiosk` leaves it out"
    );
    assert_eq!(
        said(2),
        "`shop:Store` not found in this program: overlays `kiosk`, `night` leave it out, and `shop:Shelf` takes its place"
    );
    assert_eq!(
        error.problems()[2].help().as_deref(),
        Some("take it out of this configuration, or run a program without the overlay")
    );
}
