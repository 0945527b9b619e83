//! Names in variables of the environment: without colon, dash and case, and meaning what the program knows.

use crate::base::tests::TABLE;
use crate::config::{ConfigError, configure};
use crate::{Problem, Settings};

const FILE: &str = "
shop:
  services:
    main-shelf: { use: 'shop:Shelf', params: { path: x, tls: { verify: true, mode: lax } } }
";

fn check(settings: &Settings) -> Result<(), ConfigError> {
    configure(&TABLE, settings).map(drop)
}

fn with(name: &str, value: &str) -> Settings {
    let file = Settings::yaml("test.yml", FILE).expect("YAML");
    file.environment([(name, value)])
}

/// The only problem that a variable brings.
fn wrong(name: &str, value: &str) -> Problem {
    let error = check(&with(name, value)).expect_err(name);
    assert_eq!(error.problems().len(), 1, "{error}");
    let problem = error.problems()[0].clone();
    let place = problem.place().expect("a place");
    assert_eq!(place.source, format!("environment variable `{name}`"));
    problem
}

#[test]
fn a_component_is_named_without_its_colon_whether_the_file_mentions_it_or_not() {
    for name in [
        "SHOP__COMPONENTS__SHOP_POLLER__INTERVAL",
        "shop__components__shop_poller__interval",
        "SHOP__COMPONENTS__shop:Poller__INTERVAL",
    ] {
        check(&with(name, "PT1S")).expect(name);
        let problem = wrong(name, "soon");
        assert_eq!(problem.path(), "shop.components.shop:Poller.interval");
    }
    check(&with("SHOP__COMPONENTS__SHOP_POLLER", "{ interval: 5s }")).expect("a whole component");
    let code = |problem: Problem| problem.kind().code();
    let problem = wrong("SHOP__COMPONENTS__SHOP_SHELF__PATH", "x");
    assert_eq!(code(problem), "wrong-kind");
}

#[test]
fn deadlines_are_set_by_the_names_of_components_and_services() {
    for name in ["SHOP_POLLER", "MAIN_SHELF"] {
        let name = format!("SHOP__LIFECYCLE__COMPONENTS__{name}__STOP");
        check(&with(&name, "2s")).expect("a deadline");
        let problem = wrong(&name, "soon");
        assert!(problem.path().ends_with(".stop"), "{problem}");
    }
    let problem = wrong("SHOP__LIFECYCLE__COMPONENTS__SHOP_POLER__STOP", "2s");
    assert_eq!(
        problem.help().as_deref(),
        Some("did you mean `shop:Poller`? the environment calls it `SHOP_POLLER`")
    );
    let problem = wrong("SHOP__LIFECYCLE__TOTAL__STPO", "2s");
    assert_eq!(problem.help().as_deref(), Some("did you mean `stop`?"));
}

#[test]
fn a_service_does_not_have_the_id_of_a_component() {
    let named = |name: &str| {
        let file = format!(
            "shop: {{ services: {{ '{name}': {{ use: 'shop:Shelf', params: {{ path: x }} }} }} }}"
        );
        check(&Settings::yaml("test.yml", &file).expect("YAML"))
    };
    let error = named("shop:Poller").expect_err("the id of a component");
    assert_eq!(error.problems().len(), 1, "{error}");
    let problem = &error.problems()[0];
    assert_eq!(problem.kind().code(), "name-of-component");
    assert_eq!(problem.path(), "shop.services.shop:Poller");
    // Of an instance nobody knows but by its own name.
    named("shop:Shelf").expect("the id of what it is an instance of");
}

#[test]
fn a_service_is_named_as_in_the_file_and_its_parameters_by_their_type() {
    check(&with("SHOP__SERVICES__MAIN_SHELF__PARAMS__RETRIES", "7")).expect("a number");
    let problem = wrong("SHOP__SERVICES__MAIN_SHELF__PARAMS__TLS__MOD", "lax");
    assert_eq!(
        problem.path(),
        "shop.services.main-shelf.params.tls.mod",
        "{problem}"
    );
    assert_eq!(problem.help().as_deref(), Some("did you mean `mode`?"));
}

#[test]
fn a_service_may_come_from_variables_alone_in_whatever_order_they_are_read() {
    let all = [
        ("SHOP__SERVICES__SPARE_ONE__PARAMS__PATH", "x"),
        ("SHOP__SERVICES__SPARE_ONE__USE", "shop:Shelf"),
        ("SHOP__LIFECYCLE__COMPONENTS__SPARE_ONE__START", "1s"),
    ];
    check(&with("A", "b").environment(all)).expect("a service");
    let steps = [
        ("SHOP__ORCHESTRATOR__PARAMS__STEPS__0__PARAMS__TEXT", "x"),
        ("SHOP__ORCHESTRATOR__PARAMS__STEPS__0__USE", "shop:Note"),
        (
            "SHOP__ORCHESTRATOR__PARAMS__STEPS__0__INJECTS__STORE",
            "main-shelf",
        ),
        ("SHOP__ORCHESTRATOR__USE", "base:CompositePipe"),
    ];
    check(&with("A", "b").environment(steps)).expect("a pipeline");
    check(&with("SHOP__PLUGINS__0__NAME", "base")).expect("a list");
}

#[test]
fn an_item_that_is_not_there_is_told_with_what_is() {
    let problem = wrong("SHOP__PLUGINS__1__NAME", "base");
    assert_eq!(problem.kind().code(), "no-item");
    assert_eq!(problem.path(), "shop.plugins");
    assert_eq!(problem.message(), "there is no item `1`: the list is empty");
    assert_eq!(problem.help().as_deref(), Some("the first item is `0`"));
}

#[test]
fn a_name_that_means_nothing_is_told_with_a_suggestion() {
    let problem = wrong("SHOP__COMPONENTS__SHOP_POLER__INTERVAL", "5s");
    assert_eq!(
        problem.message(),
        "component `shop_poler` not found in this program"
    );
    assert_eq!(
        problem.help().as_deref(),
        Some("did you mean `shop:Poller`? the environment calls it `SHOP_POLLER`")
    );
    let problem = wrong("SHOP__COMPONETS__SHOP_POLLER__INTERVAL", "5s");
    assert_eq!(problem.path(), "shop.componets");
    let problem = wrong("SHOP__SERVICES____USE", "shop:Shelf");
    assert_eq!(problem.message(), "unknown key `__USE`");
}

#[test]
fn what_the_composition_leaves_out_is_known_by_its_name_there_too() {
    let problem = wrong("SHOP__COMPONENTS__SHOP_STORE__PATH", "x");
    assert_eq!(
        problem.message(),
        "`shop:Store` not found in this program: `shop:Shelf` takes its place (plugins.toml:7)"
    );
    let problem = wrong("SHOP__LIFECYCLE__COMPONENTS__SHOP_CELLAR__STOP", "1s");
    assert_eq!(problem.kind().code(), "left-out");
    let problem = wrong("SHOP__COMPONENTS__LOYALTY_CARD__COLOUR", "x");
    assert_eq!(problem.kind().code(), "left-out");
    let problem = wrong("SHOP__COMPONENTS__SHOP_PARCEL_VAN__WHEELS", "4");
    assert_eq!(problem.kind().code(), "feature-missing");
}

#[test]
fn services_that_read_alike_are_a_mistake_and_a_name_that_may_be_two_is_another() {
    let text = format!("{FILE}    Main_Shelf: {{ use: 'shop:Drawer' }}\n");
    let settings = Settings::yaml("test.yml", text).expect("YAML");
    for variable in ["A", "SHOP__SERVICES__MAIN_SHELF__PARAMS__RETRIES"] {
        let error = check(&settings.clone().environment([(variable, "1")])).expect_err("alike");
        assert_eq!(error.problems().len(), 1, "{error}");
        assert_eq!(error.problems()[0].path(), "shop.services.Main_Shelf");
        assert_eq!(
            error.problems()[0].message(),
            "`main-shelf`, `Main_Shelf` read alike in the environment, as `MAIN_SHELF`"
        );
    }
    let text = "
shop:
  orchestrator: { use: 'shop:Boom', params: { anything: { a-b: 1, a_b: 2, C: 3 } } }
";
    let settings = Settings::yaml("test.yml", text).expect("YAML");
    let set = |name: &str| {
        let name = format!("SHOP__ORCHESTRATOR__PARAMS__ANYTHING__{name}");
        check(&settings.clone().environment([(name, "1")]))
    };
    set("c").expect("one");
    set("a_b").expect("exactly one of them");
    set("D").expect("a new one");
    let error = set("A_B").expect_err("which?");
    assert_eq!(error.problems()[0].kind().code(), "read-alike");
    assert_eq!(
        error.problems()[0].path(),
        "shop.orchestrator.params.anything"
    );
}

#[test]
fn a_setting_names_a_component_as_it_is() {
    let settings = with("A", "b").set("components.shop:Poller.interval", "soon");
    let error = check(&settings.expect("a value")).expect_err("no duration");
    assert_eq!(
        error.problems()[0].path(),
        "shop.components.shop:Poller.interval"
    );
}
