//! The cause is told, where it is, and what follows from it is not.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::__private::{ConfigBinding, Declared, Entry, PluginEntry, Scope, Table, build};
use crate::config::{ConfigError, configure};
use crate::{Component, Config, Deps, Result, Settings};

/// What every component of this application has to be told.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Address {
    #[allow(dead_code, reason = "only its type matters")]
    port: u16,
    #[serde(default)]
    #[allow(dead_code, reason = "only its type matters")]
    host: String,
}

macro_rules! components {
    ($($name:ident),*) => {$(
        struct $name;

        impl Declared for $name {
            type Deps = ();
            type Config = Address;
        }

        impl Component for $name {
            async fn build((): Deps<Self>, _: Config<Self>) -> Result<Self> {
                Ok(Self)
            }
        }
    )*};
}
components!(Door, Bell, Lamp);

static TABLE: Table = Table {
    host: "gate",
    api: "1.0.0",
    root: "gate",
    logging: false,
    digest: "",
    plugins: &[PluginEntry {
        id: "gate",
        package: "gate",
        version: "1.0.0",
        optional: false,
        description: "",
        hooks: None,
    }],
    components: &[
        Entry::new("gate:Door", 0, Scope::Singleton, &[], |inputs| {
            build::<Door>(inputs, ())
        })
        .config(ConfigBinding::of::<Door>),
        Entry::new("gate:Bell", 0, Scope::Singleton, &[], |inputs| {
            build::<Bell>(inputs, ())
        })
        .config(ConfigBinding::of::<Bell>),
        Entry::new("gate:Lamp", 0, Scope::Instance, &[], |inputs| {
            build::<Lamp>(inputs, ())
        })
        .config(ConfigBinding::of::<Lamp>),
    ],
    bound: &[],
    aliases: &[("old-gate", "gate")],
    absent: &[],
    left_out: &[],
};

fn refused(text: &str) -> ConfigError {
    let settings = Settings::yaml("gate.yml", text).expect("YAML");
    configure(&TABLE, &settings.environment([("A", "b")]))
        .map(drop)
        .expect_err("a mistake")
}

/// Code, line, column and path of every problem.
fn told(text: &str) -> Vec<(String, u32, u32, String)> {
    let error = refused(text);
    let problems = error.problems().iter().map(|problem| {
        let place = problem.place().expect("a place");
        (
            problem.kind().code().to_owned(),
            place.line,
            place.column,
            problem.path().to_owned(),
        )
    });
    problems.collect()
}

fn one(code: &str, line: u32, column: u32, path: &str) -> Vec<(String, u32, u32, String)> {
    vec![(code.to_owned(), line, column, path.to_owned())]
}

#[test]
fn a_root_key_that_is_not_the_right_one_is_told_alone() {
    for root in ["gat", "Gate", "gatte", "application"] {
        let text = format!("{root}:\n  components: {{}}\n  services: {{ a: {{}} }}\n");
        assert_eq!(told(&text), one("unknown-key", 1, 1, root));
        let error = refused(&text);
        assert_eq!(
            error.problems()[0].help().as_deref(),
            Some("did you mean `gate`?")
        );
    }
    assert_eq!(told("# nothing\n"), one("missing-root", 1, 1, "gate"));
    let text = Settings::yaml("gate.yml", "gat: {}\n").expect("YAML");
    let variable = ("GATE__COMPONENTS__GATE_DOOR__HOST", "x");
    let error = configure(&TABLE, &text.environment([variable])).map(drop);
    let error = error.expect_err("no root key in the file");
    assert_eq!(error.problems().len(), 1, "{error}");
}

#[test]
fn a_component_that_the_file_does_not_mention_is_missed_where_it_could_stand_and_named() {
    let text = "gate:\n  components:\n    gate:Door:\n      port: 1\n";
    assert_eq!(
        told(text),
        one("missing-key", 2, 3, "gate.components.gate:Bell.port")
    );
    let drawn = refused(text).to_string();
    assert!(
        drawn.contains("error: `port` of `gate:Bell` is missing: expected an integer"),
        "{drawn}"
    );
    assert!(
        drawn.contains("2 |   components:\n  |   ^^^^^^^^^^"),
        "{drawn}"
    );
    let text = "gate:\n  services:\n    a: { use: gate:Lamp, params: { port: 1 } }\n";
    let expected = |id: &str| {
        let path = format!("gate.components.{id}.port");
        one("missing-key", 1, 1, &path).remove(0)
    };
    assert_eq!(told(text), [expected("gate:Door"), expected("gate:Bell")]);
    assert_eq!(told("old-gate:\n").len(), 2);
}

#[test]
fn a_key_is_missed_at_the_map_and_not_at_what_stands_in_it() {
    let text = "
gate:
  components:
    gate:Door:
      host: x
    gate:Bell: { port: 1 }
";
    assert_eq!(
        told(text),
        one("missing-key", 4, 5, "gate.components.gate:Door.port")
    );
}

#[test]
fn what_a_misspelt_name_holds_is_there() {
    let good = "
gate:
  components:
    gate:Door: { port: 1 }
    gate:Bell: { port: 1 }
  services:
    lamp: { use: gate:Lamp, params: { port: 1 } }
  lifecycle:
    components: { lamp: { stop: 1s } }
";
    let with = |right: &str, wrong: &str| told(&good.replacen(right, wrong, 1));
    let unknown = |line, column, path: &str| one("unknown-key", line, column, path);
    assert_eq!(
        with("components:", "component:"),
        unknown(3, 3, "gate.component")
    );
    assert_eq!(with("services:", "service:"), unknown(6, 3, "gate.service"));
    assert_eq!(
        with("gate:Bell", "gate:Bel"),
        one("unknown-component", 5, 5, "gate.components.gate:Bel")
    );
    assert_eq!(
        with("port", "prot"),
        unknown(4, 18, "gate.components.gate:Door.prot")
    );
    assert_eq!(
        with("use", "uses"),
        unknown(7, 13, "gate.services.lamp.uses")
    );
    assert_eq!(
        with("params", "param"),
        unknown(7, 29, "gate.services.lamp.param")
    );
    assert_eq!(
        with("gate:Lamp", "gate:Lmap"),
        one("unknown-component", 7, 18, "gate.services.lamp.use")
    );
    assert_eq!(
        with("    components", "    component"),
        unknown(9, 5, "gate.lifecycle.component")
    );
}

#[test]
fn what_stands_in_the_place_of_a_section_is_all_that_is_told_of_it() {
    assert_eq!(
        told("gate:\n  components: [a]\n"),
        one("wrong-type", 2, 15, "gate.components")
    );
    let text = "gate:\n  components:\n    gate:Door: 5\n    gate:Bell: { port: 1 }\n";
    assert_eq!(
        told(text),
        one("wrong-type", 3, 16, "gate.components.gate:Door")
    );
}

#[test]
fn what_is_inside_a_misspelt_name_is_told_where_it_was_surely_meant() {
    let text = "gate:\n  component:\n    gate:Door: { port: x }\n    gate:Bel: { port: y }\n";
    let codes: Vec<(String, u32)> = told(text)
        .into_iter()
        .map(|(code, line, _, _)| (code, line))
        .collect();
    let expected = [
        ("unknown-key", 2),
        ("wrong-type", 3),
        ("unknown-component", 4),
        ("wrong-type", 4),
    ];
    assert_eq!(codes, expected.map(|(code, line)| (code.to_owned(), line)));
    // It has other keys: perhaps it is not the one that was meant.
    let text = "gate:\n  components:\n    gate:Door: { port: 1 }\n    gate:Bel: { size: y }\n";
    assert_eq!(
        told(text),
        one("unknown-component", 4, 5, "gate.components.gate:Bel")
    );
}

#[test]
fn files_that_cannot_be_read_are_told_together() {
    let folder = std::env::temp_dir().join(format!("treenail-unread-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let wrong = folder.join("wrong.yml");
    std::fs::write(&wrong, "gate: [").expect("written");
    let error = Settings::files([folder.join("missing.yml"), wrong]).expect_err("two mistakes");
    std::fs::remove_dir_all(&folder).expect("removed");
    let codes: Vec<&str> = error
        .problems()
        .iter()
        .map(|problem| problem.kind().code())
        .collect();
    assert_eq!(codes, ["unreadable", "yaml"]);
}

#[test]
fn the_schema_has_nothing_that_was_not_asked_for() {
    let schema = crate::config::schema(&TABLE).to_value().to_string();
    assert!(schema.contains("lifecycle"));
    assert!(
        !schema.contains("infrastructure") && !schema.contains("Logging"),
        "{schema}"
    );
    assert_eq!(schema.contains("orchestrator"), cfg!(feature = "pipes"));
    assert_eq!(schema.contains("{[{%#]"), cfg!(feature = "templates"));
    if cfg!(not(feature = "pipes")) {
        for word in ["pipe", "$defs/step"] {
            assert!(!schema.to_lowercase().contains(word), "{word} in {schema}");
        }
    }
    let text = "gate:\n  components:\n    gate:Door: { port: 1 }\n    gate:Bell: { port: 1 }\n  infrastructure: { logging: {} }\n";
    assert_eq!(told(text), one("unknown-key", 5, 3, "gate.infrastructure"));
    let help = refused(text).problems()[0].help().expect("a help");
    assert!(!help.contains("infrastructure"), "{help}");
}

#[cfg(not(feature = "templates"))]
#[test]
fn a_text_that_looks_like_a_template_is_a_mistake_where_none_is_rendered() {
    let text = "gate:\n  components:\n    gate:Door: { port: 1, host: \"{{ get_env('A') }}\" }\n    gate:Bell: { port: \"2\" }\n";
    let place = "gate.components.gate:Door.host";
    assert_eq!(told(text), one("template-not-rendered", 3, 33, place));
    let help = refused(text).problems()[0].help().expect("a way out");
    assert!(help.contains("`templates`"), "{help}");
}
