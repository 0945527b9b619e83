//! Configurations of factories, in every format, and what is said where they do not fit.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use treenail_core::composed::{Composed, EntryAt, StaticLine, index};
use treenail_core::{AcceptsWired, Entries, Wired};

use super::{Factories, FactoryEntries, FactoryError, Make};
use crate::error::{Error, Result};

struct Chain;

struct ChainDeps {
    name: &'static str,
}

impl Wired for Chain {
    type Deps = ChainDeps;
}

#[derive(Deserialize, JsonSchema)]
struct ChainConfig {
    links: Vec<Link>,
    finish: Option<Finish>,
    #[serde(default)]
    labels: BTreeMap<String, Label>,
    #[serde(default, deserialize_with = "if_it_fits")]
    comment: String,
}

fn if_it_fits<'de, D: Deserializer<'de>>(text: D) -> Result<String, D::Error> {
    Ok(String::deserialize(text).unwrap_or_default())
}

#[derive(Deserialize, JsonSchema)]
struct Link {
    length: u8,
    #[serde(default)]
    inner: Vec<Link>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Finish {
    Zinc,
    Paint { colour: String },
}

#[derive(Deserialize, JsonSchema)]
struct Label {
    text: String,
}

impl Make<String> for Chain {
    type Config = ChainConfig;

    fn make(deps: &ChainDeps, config: ChainConfig) -> Result<String> {
        fn total(links: &[Link]) -> u64 {
            let each = links.iter();
            each.map(|link| u64::from(link.length) + total(&link.inner))
                .sum()
        }
        if config.links.is_empty() {
            return Err(Error::msg("a chain of no links"));
        }
        let finish = match config.finish {
            None => "bare".to_owned(),
            Some(Finish::Zinc) => "zinc".to_owned(),
            Some(Finish::Paint { colour }) => colour,
        };
        let labels: Vec<String> = config
            .labels
            .into_values()
            .map(|label| label.text)
            .collect();
        let (name, total) = (deps.name, total(&config.links));
        let (labels, comment) = (labels.join("+"), config.comment);
        Ok(format!("{name} {total} {finish} {labels}{comment}"))
    }
}

static LINE: StaticLine<Factories<String>> = StaticLine {
    key: "chain",
    plugin: "yard",
    version: "1.0.0",
    description: "",
    attributes: &[],
    at: EntryAt::Made(0),
};

static COMPOSED: Composed<Factories<String>> = Composed {
    registry: "treenail::Factories<String>",
    lines: &[&LINE],
    index: &index::<_, 2>(&[&LINE]),
    left_out: &[],
};

fn entries() -> Entries<Factories<String>> {
    let deps = ChainDeps { name: "anchor" };
    let made = <Factories<String> as AcceptsWired<Chain>>::entry("chain", deps);
    Entries::with(&COMPOSED, [Some(made)])
}

fn refused(json: &str) -> String {
    let mut json = serde_json::Deserializer::from_str(json);
    let error = entries().build("chain", &mut json).unwrap_err();
    assert!(error.downcast_ref::<FactoryError>().is_some(), "{error:#}");
    error.to_string()
}

#[test]
fn values_and_readers_of_any_format_make_it() {
    let entries = entries();
    let json = r#"{"links": [{"length": 3, "inner": [{"length": 4}]}], "finish": {"paint": {"colour": "red"}}}"#;
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(entries.build("chain", value).unwrap(), "anchor 7 red ");
    let mut reader = serde_json::Deserializer::from_str(json);
    assert_eq!(
        entries.build("chain", &mut reader).unwrap(),
        "anchor 7 red "
    );
    let yaml = "links: [{length: 3}]\nfinish: zinc\nlabels: {a: {text: A}}";
    let value: serde_yaml::Value = serde_yaml::from_str(yaml).unwrap();
    assert_eq!(entries.build("chain", value).unwrap(), "anchor 3 zinc A");
    let reader = serde_yaml::Deserializer::from_str(yaml);
    assert_eq!(entries.build("chain", reader).unwrap(), "anchor 3 zinc A");
    let toml = toml::Deserializer::parse("links = [{ length = 9 }]").unwrap();
    assert_eq!(entries.build("chain", toml).unwrap(), "anchor 9 bare ");
    let table: toml::Table = toml::from_str("links = [{ length = 9 }]").unwrap();
    assert_eq!(entries.build("chain", table).unwrap(), "anchor 9 bare ");
}

#[test]
fn a_value_that_does_not_fit_is_told_with_key_field_and_place() {
    assert_eq!(
        refused("{\"links\": [\n{\"length\": 1, \"inner\": [{\"length\": \"two\"}]}]}"),
        "`chain`: links[0].inner[0].length: invalid type: string \"two\", expected u8 at line 2 column 40"
    );
    assert_eq!(
        refused(r#"{"links": [{}]}"#),
        "`chain`: links[0]: missing field `length` at line 1 column 13"
    );
    let error = entries().build("chain", serde_json::json!({"links": [{"length": 300}]}));
    assert_eq!(
        error.unwrap_err().to_string(),
        "`chain`: links[0].length: invalid value: integer `300`, expected u8"
    );
}

#[test]
fn what_a_format_says_of_a_value_is_said_once_and_with_its_first_place() {
    let yaml = |text: &str| {
        let reader = serde_yaml::Deserializer::from_str(text);
        entries().build("chain", reader).unwrap_err().to_string()
    };
    assert_eq!(
        yaml("links:\n- length: 1\n  inner:\n  - length: two"),
        "`chain`: links[0].inner[0].length: invalid type: string \"two\", expected u8 at line 4 column 13"
    );
    assert_eq!(
        yaml("links:\n- length: 1\n  inner:\n  - {}"),
        "`chain`: links[0].inner[0]: missing field `length` at line 4 column 5"
    );
    assert_eq!(
        yaml("links: []\nfinish: !paint {colour: [1]}"),
        "`chain`: finish.paint.colour: invalid type: sequence, expected a string at line 2 column 25"
    );
    let toml = |text: &str| {
        let reader = toml::Deserializer::parse(text).unwrap();
        entries().build("chain", reader).unwrap_err().to_string()
    };
    assert_eq!(
        toml("[[links]]\nlength = 1\n[[links.inner]]\nlength = 300"),
        "`chain`: links[0].inner[0].length: invalid value: integer `300`, expected u8"
    );
    assert_eq!(
        toml("link = []"),
        "`chain`: missing field `links`; unknown field `link`: did you mean `links`?"
    );
}

/// What stands at a path, of names and numbers.
fn at<'v>(value: &'v mut Value, path: &str) -> &'v mut Value {
    let steps = path.split(['.', '[', ']']).filter(|step| !step.is_empty());
    steps.fold(value, |value, step| match step.parse::<usize>() {
        Ok(index) => &mut value[index],
        Err(_) => &mut value[step],
    })
}

#[test]
fn whatever_is_wrong_wherever_is_told_with_its_path_alone_in_every_format() {
    let config = json!({
        "links": [{"length": 1, "inner": [{"length": 2, "inner": []}]}, {"length": 3}],
        "labels": {"a": {"text": "A"}, "b": {"text": "B"}},
    });
    let paths = [
        "links",
        "links[1]",
        "links[0].length",
        "links[0].inner",
        "links[0].inner[0].length",
        "labels.b",
    ];
    let wrong = [json!(true), json!(1.5), json!({"c": []}), json!([["c"]])];
    let cases = paths
        .iter()
        .flat_map(|path| wrong.iter().map(move |wrong| (*path, wrong)));
    for (path, wrong) in cases {
        let mut config = config.clone();
        at(&mut config, path).clone_from(wrong);
        let json = serde_json::to_string_pretty(&config).unwrap();
        let yaml = serde_yaml::to_string(&config).unwrap();
        let yaml_value: serde_yaml::Value = serde_yaml::from_str(&yaml).unwrap();
        let chain = entries();
        let results = [
            chain.build("chain", config),
            chain.build("chain", &mut serde_json::Deserializer::from_str(&json)),
            chain.build("chain", yaml_value),
            chain.build("chain", serde_yaml::Deserializer::from_str(&yaml)),
        ];
        for result in results {
            let error = result.unwrap_err();
            let told = error.downcast_ref::<FactoryError>().unwrap();
            // Of a list or a struct, what is in it may be wrong.
            let first = told.fields().next().unwrap();
            assert!(first.starts_with(path), "{path}: {told}");
            let text = told.to_string();
            let text = text.split("; unknown").next().unwrap();
            assert_eq!(text.matches(first).count(), 1, "{path}: {text}");
            assert_eq!(text.lines().count(), 1, "{path}: {text}");
            assert!(text.matches(" at line ").count() <= 1, "{path}: {text}");
        }
    }
}

#[test]
fn a_value_that_its_type_gets_over_is_not_what_is_wrong() {
    assert_eq!(
        refused(r#"{"links": [], "comment": 3, "finish": 4}"#),
        "`chain`: finish: expected value at line 1 column 39"
    );
}

#[test]
fn names_that_are_nearly_right_come_with_the_right_one() {
    assert_eq!(
        refused(r#"{"links": [], "finish": "zink"}"#),
        "`chain`: finish: unknown variant `zink`, expected `zinc` or `paint` at line 1 column 30: did you mean `zinc`?"
    );
    assert_eq!(
        refused(r#"{"links": [{"lenght": 1}]}"#),
        "`chain`: links[0]: missing field `length` at line 1 column 24; \
         unknown field `links[0].lenght`: did you mean `length`?"
    );
    assert_eq!(
        refused(r#"{"links": [], "finish": {"paint": {"color": "red"}}}"#),
        "`chain`: finish.paint: missing field `colour` at line 1 column 50; \
         unknown field `finish.paint.color`: did you mean `colour`?"
    );
    assert_eq!(
        refused(
            r#"{"links": [{"length": 1, "iner": []}], "colour": 1, "labels": {"a": {"text": "A", "txt": 1}}}"#
        ),
        "`chain`: unknown field `links[0].iner`: did you mean `inner`?; unknown field `colour`; \
         unknown field `labels.a.txt`: did you mean `text`?"
    );
}

#[test]
fn what_cannot_be_made_is_told_with_its_key() {
    let empty = entries().build("chain", serde_json::json!({"links": []}));
    assert_eq!(
        format!("{:#}", empty.unwrap_err()),
        "`chain`: a chain of no links"
    );
    let unknown = entries().build("chian", serde_json::json!({}));
    assert!(
        unknown
            .unwrap_err()
            .to_string()
            .contains("did you mean `chain`?")
    );
}

#[test]
fn the_schema_of_a_key_is_that_of_its_configuration() {
    let schema = entries().schema("chain").unwrap();
    assert!(schema.get("properties").unwrap().get("links").is_some());
    assert!(entries().schema("rope").is_err());
}
