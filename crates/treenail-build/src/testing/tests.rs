//! The kit itself: what it reads, and what it says when a test is wrong.

use std::path::Path;

use super::{Case, Package};

const DESK: &str = r#"
# package desk 1.0.0: depends on mail, api
treenail = 1
[host]
# package mail 0.3.1: depends on api
treenail = 1
[plugin]
id = "mail"
[[component]]
type = "crate::Mailer"
requires = { clock = "dyn api::Clock" }
# package api 1.4.0
"#;

#[test]
fn a_case_is_the_same_as_text_and_built_by_hand() {
    let by_hand = Case::new(Package::new("desk", "1.0.0").manifest("treenail = 1\n[host]\n"))
        .with(Package::new("api", "1.4.0"))
        .with(Package::new("mail", "0.3.1").depends_on(["api"]).manifest(
            "treenail = 1\n[plugin]\nid = \"mail\"\n[[component]]\ntype = \"crate::Mailer\"\nrequires = { clock = \"dyn api::Clock\" }\n",
        ));
    let outcome = by_hand.compose();
    assert_eq!(Case::parse(DESK).compose().text(), outcome.text());
    outcome.assert_codes(["TN0301"]);
    outcome.assert_at("TN0301", "mail/plugins.toml:6:22");
    outcome.assert_says("TN0301", "nothing provides `dyn api::Clock`");
}

#[test]
#[should_panic(expected = "package `desk` depends on `mail`, which this case does not have")]
fn a_dependency_that_is_missing_is_said_to_be() {
    let _ = Case::parse("# package desk 1.0.0: depends on mail\ntreenail = 1\n[host]\n").compose();
}

#[test]
#[should_panic(
    expected = "expected the messages [\"TN0302\"], found [\"TN0301\"]:\n\nnothing provides"
)]
fn another_code_is_shown_with_the_text_of_all() {
    Case::parse(DESK).compose().assert_codes(["TN0302"]);
}

#[test]
#[should_panic(
    expected = "no TN0301 at mail/plugins.toml:1:1; it is at [\"mail/plugins.toml:6:22\"]"
)]
fn another_place_is_shown() {
    Case::parse(DESK)
        .compose()
        .assert_at("TN0301", "mail/plugins.toml:1:1");
}

#[test]
fn a_package_that_replaces_another_keeps_its_place() {
    let newer = Package::new("mail", "0.3.1")
        .depends_on(["api"])
        .manifest("treenail = 1\n[plugin]\nid = \"mail\"\n[[component]]\ntype = \"crate::Mail\"\n");
    Case::parse(DESK).with(newer).compose().assert_codes([]);
}

#[test]
fn real_packages_compose_as_they_lie_on_disk() {
    let hello = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/hello");
    let outcome = Case::of_package(hello).compose();
    outcome.assert_codes([]);
    let plugins: Vec<&str> = outcome.composed().plugins().map(|(id, ..)| id).collect();
    assert_eq!(plugins, ["greeter"]);
}
