//! As deep as a configuration may go, nothing that follows it down runs out of its stack; and deeper it is refused, wherever
//! a value comes from.

use crate::base::tests::TABLE;
use crate::config::{ConfigError, configure};
use crate::{Problem, ProblemKind, Settings};

/// Half of what a thread of a runtime has.
const STACK: usize = 1 << 20;

/// What a test is about, on a small stack.
fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(STACK);
    let thread = thread.spawn(test).expect("a thread");
    thread.join().expect("the test");
}

fn check(settings: &Settings) -> Result<(), ConfigError> {
    let settings = settings.clone().environment([("A", "b")]);
    configure(&TABLE, &settings).map(drop)
}

/// `open` and `close`, so many times, around a value.
fn nested(open: &str, depth: usize, inside: &str, close: &str) -> String {
    format!("{}{inside}{}", open.repeat(depth), close.repeat(depth))
}

/// The free value of a step, with four maps around it.
fn with_a_value(value: &str) -> String {
    let params = format!("{{ anything: {value} }}");
    format!("shop: {{ orchestrator: {{ use: 'shop:Boom', params: {params} }} }}")
}

fn assert_too_deep(error: &ConfigError) {
    let kinds: Vec<&ProblemKind> = error.problems().iter().map(Problem::kind).collect();
    assert_eq!(
        kinds,
        [&ProblemKind::NestedTooDeep { most: 128 }],
        "{error}"
    );
}

#[test]
fn what_may_be_anything_may_go_as_deep_as_a_file() {
    on_a_small_stack(|| {
        for (open, close, step) in [("[", "]", 1), ("{ a: ", "}", 1), ("[{ a: ", "}]", 2)] {
            let of = |depth: usize| with_a_value(&nested(open, depth / step, "x", close));
            let settings = Settings::yaml("deep.yml", of(123)).expect("as deep as may be");
            check(&settings).expect("fine");
            let template = of(123).replace('x', "\"{{ get_env('NOT_THERE') }}\"");
            let settings = Settings::yaml("deep.yml", template).expect("as deep as may be");
            check(&settings).expect("rendered when it is run");
            let error = Settings::yaml("deep.yml", of(123 + step)).expect_err("deeper");
            assert_too_deep(&error);
            let place = error.problems()[0].place().expect("a place");
            assert_eq!(place.line, 1, "{error}");
        }
    });
}

#[test]
fn mistakes_are_told_at_any_depth() {
    on_a_small_stack(|| {
        let step = "{ use: 'base:CompositePipe', params: { steps: [";
        let innermost = "{ use: 'shop:Boom', params: { anithing: 1 } }";
        let steps = nested(step, 40, innermost, "] } }");
        let text = format!("shop: {{ orchestrator: {steps} }}");
        let settings = Settings::yaml("deep.yml", text).expect("YAML");
        let error = check(&settings).expect_err("a wrong key");
        assert_eq!(error.problems().len(), 1, "{error}");
        assert!(error.to_string().contains("did you mean `anything`?"));
        let settings = Settings::yaml("deep.yml", nested("{ a: ", 127, "x", "}")).expect("YAML");
        check(&settings).expect_err("no root");
    });
}

#[test]
fn a_variable_or_a_setting_leads_no_deeper_than_a_file() {
    on_a_small_stack(|| {
        let file = Settings::yaml("deep.yml", with_a_value("{}")).expect("YAML");
        let path = |depth: usize| format!("orchestrator.params.anything{}", ".a".repeat(depth));
        let set = |depth: usize| file.clone().set(path(depth), "x").expect("a value");
        check(&set(123)).expect("as deep as may be");
        assert_too_deep(&check(&set(124)).expect_err("deeper"));
        assert_too_deep(&check(&set(30_000)).expect_err("much deeper"));
        let with = |depth: usize, value: &str| {
            let name = format!("SHOP__{}", path(depth).to_uppercase().replace('.', "__"));
            let settings = file.clone().environment([(name, value)]);
            configure(&TABLE, &settings).map(drop)
        };
        let deep = nested("[", 100, "", "]");
        with(24, &deep).expect("as deep as may be");
        assert_too_deep(&with(25, &deep).expect_err("deeper"));
        assert_too_deep(&with(30_000, "x").expect_err("much deeper"));
    });
}

#[test]
fn a_figment_goes_no_deeper_than_a_file() {
    let of = |depth: usize| {
        let mut value = serde_json::json!("x");
        for _ in 0..depth {
            value = serde_json::json!([value]);
        }
        let key = "shop.orchestrator.params.anything";
        let defaults = figment::providers::Serialized::default(key, value);
        let component = ("shop.orchestrator.use", "shop:Boom");
        Settings::figment(figment::Figment::from(defaults).join(component))
    };
    check(&of(123)).expect("as deep as may be");
    assert_too_deep(&check(&of(124)).expect_err("deeper"));
}
