//! What is composed, and what is refused. Cargo is asked about the packages, and nothing is built.

use treenail_build::testing::{Case, Package};

fn board() -> Case {
    Case::of_package(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_board_has_what_it_depends_on_and_no_more() {
    let outcome = board().compose();
    outcome.assert_codes([]);
    let composed = outcome.composed();
    let components: Vec<&str> = composed.components().collect();
    assert!(components.contains(&"http:Server"), "{components:?}");
    assert!(!components.contains(&"desk:Desk"), "{components:?}");
}

#[test]
fn a_board_with_a_desk_is_refused() {
    let desk = Package::new("gatehouse-desk", "0.1.0").depends_on(["gatehouse-api", "treenail"]);
    let desk = desk.manifest(include_str!("../../plugins/desk/plugins.toml"));
    let outcome = board().with(desk).compose();
    outcome.assert_codes(["TN0503"]);
    assert!(outcome.text().contains("the board changes nothing"));
}
