//! Twenty different mistakes in one file: twenty messages, each at its line and column.

use crate::base::tests::TABLE;
use crate::config::configure;
use crate::{ConfigError, Settings};

/// A `§` stands before the place of every mistake; the code of the mistake ends the line.
const MISTAKES: &str = "
shop:
  api_version: §'~=1.4.0'                           # not-a-requirement
  plugins:
    - name: §nope                                   # unknown-plugin
    - { name: shop, version: §'^9' }                # plugin-version
  §colour: red                                      # unknown-key
  infrastructure:
    logging:
      level: §verbose                               # not-one-of
  components:
    shop:Poller:
      interval: §soon                               # duration
  services:
    §jinja: { use: base:JinjaRenderer }             # several-renderers
    ninja: { use: base:JinjaRenderer }
    §one: { use: shop:Shelf, injects: { spare: two }, params: { path: x } } # cycle
    two: { use: shop:Shelf, injects: { spare: one }, params: { path: x } }
    typo: { use: §shop:Shelff }                     # unknown-component
    less:
      use: shop:Shelf
      params: §{}                                   # missing-key
    more:
      use: shop:Shelf
      params:
        path: §\"{{ get_env('NOT_SET') }}\"           # template
        retries: §256                               # out-of-range
        tls: { verify: §[], mode: lax }             # wrong-type
    pipe: { use: §shop:Note }                       # wrong-kind
  orchestrator:
    use: base:SimpleSequentialOrchestrator
    params:
      steps:
        - id: a
          use: shop:Note
          injects: { store: §nobody }               # unknown-service
          params: { text: §'{{ 1 + }}' }            # template-syntax
        - id: §a                                    # duplicate-step
          use: shop:Note
          injects: { store: §jinja }                # wrong-service
          params: { text: 'ünïcödé' }
        - { id: 'ünï', use: shop:Note, injects: { store: more, §stor: more }, params: { text: x } } # unknown-inject
        - §{ id: c, use: shop:Note, params: { text: x } } # missing-inject
";

/// The file as it is read, and the line, column and code of every mistake.
fn mistakes() -> (String, Vec<(u32, u32, &'static str)>) {
    let mut expected = Vec::new();
    for (number, line) in (1..).zip(MISTAKES.lines()) {
        if let Some((before, rest)) = line.split_once('§') {
            let (_, code) = rest.rsplit_once("# ").expect("a code");
            let column = u32::try_from(before.chars().count()).expect("a short line");
            expected.push((number, column + 1, code));
        }
    }
    (MISTAKES.replace('§', ""), expected)
}

fn problems(text: &str) -> ConfigError {
    let settings = Settings::yaml("test.yml", text).expect("YAML");
    configure(&TABLE, &settings.environment([("A", "b")]))
        .map(drop)
        .expect_err("twenty mistakes")
}

#[test]
fn twenty_different_mistakes_are_twenty_messages_each_at_its_place() {
    let (text, expected) = mistakes();
    let error = problems(&text);
    let found: Vec<(u32, u32, &str)> = error
        .problems()
        .iter()
        .map(|problem| {
            let place = problem.place().expect("a place");
            assert_eq!(place.source, "test.yml");
            (place.line, place.column, problem.kind().code())
        })
        .collect();
    assert_eq!(found, expected, "{error}");
    let mut codes: Vec<&str> = found.iter().map(|(_, _, code)| *code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!((found.len(), codes.len()), (20, 20));
}

#[test]
fn each_message_is_drawn_and_told_at_the_same_place() {
    let (text, expected) = mistakes();
    let error = problems(&text);
    let (drawn, told) = (error.to_string(), error.to_json());
    for ((line, column, code), told) in expected.iter().zip(told.as_array().expect("a list")) {
        assert!(
            drawn.contains(&format!("--> test.yml:{line}:{column}\n")),
            "{drawn}"
        );
        assert_eq!(
            (&told["line"], &told["column"], &told["code"]),
            (&(*line).into(), &(*column).into(), &(*code).into())
        );
    }
}
