//! What is wrong with a configuration: every mistake at its place, and all of them at once.

use crate::Settings;
use crate::base::tests::TABLE;
use crate::config::{ConfigError, configure};

fn problems(text: &str) -> ConfigError {
    try_problems(text).expect_err("the configuration is wrong")
}

fn try_problems(text: &str) -> Result<(), ConfigError> {
    let settings = Settings::yaml("test.yml", text)?.environment([("SECRET", "hush-hush")]);
    configure(&TABLE, &settings).map(drop)
}

fn assert_reported(error: &ConfigError, expected: &[(&str, &str)]) {
    for (path, word) in expected {
        let hit = error
            .problems()
            .iter()
            .any(|problem| problem.path() == *path && problem.to_string().contains(word));
        assert!(hit, "{path} ({word}) is not among\n{error}");
    }
    assert_eq!(error.problems().len(), expected.len(), "{error}");
}

#[test]
fn twenty_mistakes_are_twenty_problems_each_at_its_place() {
    let text = "
other: 1
shop:
  api_version: '>=2'
  plugins: [base, { name: nope }, { name: shop, version: '^9' }, { name: acme, version: '^1' }]
  colour: red
  infrastructure: { logging: { level: debug } }
  components:
    shop:Poller: { interval: soon }
  services:
    a: { use: 'shop:Shelff', params: { path: x } }
    b: { use: 'shop:Shelf', params: { pth: x, retries: 300 } }
    c: { use: 'shop:Shelf', params: { path: 7, tls: { verify: 'yes', mode: strikt, extra: 1 } } }
    d: { use: 'shop:Note', params: {} }
    e: { use: 'shop:Shelf', params: { path: \"{{ get_env('NOT_SET') }}\" } }
  orchestrator:
    use: base:SimpleSequentialOrchestrator
    params:
      steps:
        - { id: x, use: 'shop:Note', injects: { store: nobody, stor: c }, params: { text: '{{ 1 + }}' } }
        - { id: x, use: 'shop:Note', injects: { store: b }, params: { tags: no, pause: soon } }
";
    let error = problems(text);
    assert_reported(
        &error,
        &[
            ("other", "unknown key `other`"),
            ("shop.api_version", ">=2"),
            ("shop.plugins[0]", "name"),
            ("shop.plugins[1].name", "nope"),
            ("shop.plugins[2].version", "0.3.1"),
            ("shop.colour", "colour"),
            ("shop.infrastructure.logging.level", "did you mean `DEBUG`?"),
            (
                "shop.components.shop:Poller.interval",
                "`soon` is no duration",
            ),
            ("shop.services.a.use", "did you mean `shop:Shelf`?"),
            ("shop.services.b.params.pth", "did you mean `path`?"),
            ("shop.services.b.params.retries", "at most 255"),
            (
                "shop.services.c.params.path",
                "expected a text, found an integer",
            ),
            (
                "shop.services.c.params.tls.verify",
                "expected a boolean, found a text",
            ),
            ("shop.services.c.params.tls.mode", "did you mean `strict`?"),
            ("shop.services.c.params.tls.extra", "unknown key"),
            ("shop.services.d.use", "`shop:Note` is a pipe"),
            ("shop.services.e.params.path", "NOT_SET"),
            ("shop.orchestrator.params.steps[0].injects.store", "nobody"),
            (
                "shop.orchestrator.params.steps[0].injects.stor",
                "did you mean `store`?",
            ),
            ("shop.orchestrator.params.steps[0].params.text", "syntax"),
            (
                "shop.orchestrator.params.steps[1].id",
                "duplicate step id `x`",
            ),
            ("shop.orchestrator.params.steps[1].params.text", "missing"),
            (
                "shop.orchestrator.params.steps[1].params.tags",
                "expected a list",
            ),
            (
                "shop.orchestrator.params.steps[1].params.pause",
                "`soon` is no duration",
            ),
        ],
    );
}

#[test]
fn a_problem_has_a_line_a_column_and_an_excerpt() {
    let error = problems("shop:\n  services:\n    a:\n      use: shop:Shelff\n");
    let place = error.problems()[0].place().expect("a place");
    assert_eq!(
        (place.source.as_str(), place.line, place.column),
        ("test.yml", 4, 12)
    );
    assert!(
        error
            .to_string()
            .contains("4 |       use: shop:Shelff\n  |            ^^^^^^^^^^^\n"),
        "{error}"
    );
}

#[test]
fn a_line_that_is_cut_keeps_its_columns() {
    let text = "shop:
  services:
    ä: { use: shop:Shelf, params: { path: x, retries: 300 } }
";
    let error = problems(text);
    let drawn = "error: expected at least 0 and at most 255
 --> test.yml:3:55
  |
3 |     ä: ...                                            ...
  |                                                       ^^^
  |
  = at `shop.services.ä.params.retries`";
    assert_eq!(error.problems()[0].to_string(), drawn);
    let styled = error.styled();
    assert!(styled.contains('\u{1b}') && !error.to_string().contains('\u{1b}'));
}

#[test]
fn a_machine_reads_what_a_person_reads() {
    let error = problems("shop:\n  services:\n    a:\n      use: shop:Shelff\n");
    let expected = serde_json::json!([{
        "code": "unknown-component",
        "message": "component `shop:Shelff` not found in this program",
        "help": "did you mean `shop:Shelf`?",
        "path": "shop.services.a.use",
        "file": "test.yml",
        "line": 4,
        "column": 12,
        "excerpt": "      use: shop:Shelff",
    }]);
    assert_eq!(error.to_json(), expected);
    assert_eq!(
        serde_json::to_value(&error.problems()[0]).expect("JSON"),
        expected[0]
    );
    let whole = problems("a: [").to_json();
    assert_eq!(
        (&whole[0]["code"], &whole[0]["line"]),
        (&"yaml".into(), &2.into())
    );
}

#[test]
fn no_value_that_may_be_secret_is_part_of_a_problem() {
    let text = "
shop:
  services:
    a: { use: 'shop:Shelf', params: { path: x, retries: \"{{ get_env('SECRET') }}\" } }
    b:
      use: 'shop:Shelf'
      params:
        path: x
        pasword: hunter2
        retries: hunter2
";
    let error = problems(text);
    assert_eq!(error.problems().len(), 3, "{error}");
    for text in [
        error.to_string(),
        format!("{error:?}"),
        format!("{:?}", error.problems()),
    ] {
        assert!(
            !text.contains("hunter2") && !text.contains("hush"),
            "{text}"
        );
    }
}

#[test]
fn services_may_inject_services_but_not_in_a_circle() {
    let shelf = |name: &str, spare: &str| {
        format!(
            "    {name}: {{ use: 'old:Store', params: {{ path: x }}, injects: {{ spare: {spare} }} }}\n"
        )
    };
    let chain = format!(
        "shop:\n  services:\n{}    c: {{ use: 'shop:Drawer' }}\n",
        shelf("a", "c")
    );
    assert!(try_problems(&chain).is_ok());
    let circle = format!("shop:\n  services:\n{}{}", shelf("a", "b"), shelf("b", "a"));
    let error = problems(&circle);
    assert_reported(
        &error,
        &[("shop.services", "cycle of services: `a` -> `b` -> `a`")],
    );
}

#[test]
fn what_several_components_provide_has_to_be_chosen() {
    let text = "shop: { services: { a: { use: 'shop:Drawer' } }, orchestrator: { id: n, use: 'shop:Note', params: { text: x } } }";
    let error = problems(text);
    assert_reported(
        &error,
        &[("shop.orchestrator.injects.store", "injects: { store: a }")],
    );
}

#[test]
fn at_most_one_renderer_is_configured() {
    let renderer = "use: 'old_base:JinjaRenderer'";
    assert!(try_problems(&format!("shop: {{ services: {{ a: {{ {renderer} }} }} }}")).is_ok());
    let error = problems(&format!(
        "shop: {{ services: {{ a: {{ {renderer} }}, b: {{ {renderer} }} }} }}"
    ));
    assert_reported(&error, &[("shop.services", "renderer")]);
}

#[test]
fn a_template_that_wants_too_much_is_a_mistake_at_its_place() {
    let deep = "+ 1 ".repeat(1000);
    let text = format!(
        "
shop:
  services:
    large: {{ use: 'shop:Shelf', params: {{ path: \"{{{{ lipsum(10 ** 9) }}}}\" }} }}
    grown:
      use: shop:Shelf
      params:
        path: >-
          {{% set n = namespace(a=[1]) %}}
          {{% for i in range(60) %}}{{% set n.a = n.a + n.a %}}{{% endfor %}}
    deep: {{ use: 'shop:Shelf', params: {{ path: '{{{{ 1 {deep}}}}}' }} }}
    values:
      use: shop:Shelf
      params: {{ path: '{{% set n = namespace(a=1) %}}{{% for i in range(999) %}}{{% set n.a = [n.a] %}}{{% endfor %}}' }}
"
    );
    let error = problems(&text);
    let too_much = "the template takes more time or memory than a template may take";
    assert_reported(
        &error,
        &[
            ("shop.services.large.params.path", too_much),
            ("shop.services.grown.params.path", too_much),
            (
                "shop.services.deep.params.path",
                "the template is nested too deeply",
            ),
            (
                "shop.services.values.params.path",
                "lists and maps are nested too deeply",
            ),
        ],
    );
    let lines = error
        .problems()
        .iter()
        .filter_map(|problem| problem.place());
    let lines: Vec<u32> = lines.map(|place| place.line).collect();
    assert_eq!(lines, [4, 8, 11, 14]);
}
