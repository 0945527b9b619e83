//! The JSON Schema of a manifest, for language servers: what is read, with a sentence about each key.
//!
//! Which keys a table has is what its reader says; a test holds that each has words here. Longer than other files: most of it
//! is those words.

use serde_json::{Map, Value, json};
use treenail_core::duration;

use super::{KEYS, OVERLAY_KEYS, component, condition, layer, lifecycle, need, section, setting};

/// A plugin's id, and the name of an overlay.
const PLUGIN: &str = "[A-Za-z][A-Za-z0-9_-]*";

/// A component's name, and a field.
const NAME: &str = "[A-Za-z_][A-Za-z0-9_]*";

/// The schema of `plugins.toml`, as JSON.
pub(crate) fn schema() -> Value {
    let mut schema = object("manifest", KEYS, &["treenail"]);
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("plugins.toml");
    schema["definitions"] = json!({
        "condition": condition_of("condition", condition::WHEN_KEYS),
        "assertion": condition_of("assertion", condition::ASSERT_KEYS),
    });
    schema["description"] =
        json!("A composition of plugins, or a plugin: what is in it, what it provides and needs.");
    schema
}

/// A table with these keys and no others.
fn object(table: &str, keys: &[&str], required: &[&str]) -> Value {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|key| ((*key).to_owned(), key_of(table, key)))
        .collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties, "required": required })
}

/// A table whose keys are the user's.
fn lines(pattern: &str, value: &Value) -> Value {
    json!({ "type": "object", "propertyNames": { "pattern": format!("^({pattern})$") }, "additionalProperties": value })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn matching(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": format!("^({pattern})$") })
}

fn one_of(words: impl IntoIterator<Item = &'static str>) -> Value {
    json!({ "enum": words.into_iter().collect::<Vec<_>>() })
}

/// A value, plain or with a priority and a condition.
fn setting(of: &Value) -> Value {
    let mut table = object("setting", setting::KEYS, &["value"]);
    fill(&mut table, "value", of);
    json!({ "anyOf": [of, table] })
}

/// Says what a key may be whose sentence is there already.
fn fill(table: &mut Value, key: &str, of: &Value) {
    if let (Value::Object(place), Value::Object(of)) = (&mut table["properties"][key], of) {
        place.extend(of.clone());
    }
}

fn of_setting(key: &str) -> (&'static str, Value) {
    match key {
        "value" => ("What is stated.", json!({})),
        "priority" => (
            "Which of several statements counts: \"default\" (1000), \"force\" (50), or a number. The smallest wins; else 100.",
            json!({ "anyOf": [one_of(["default", "force"]), { "type": "integer", "minimum": 0, "maximum": u32::MAX }] }),
        ),
        "when" => of_layering("setting", key),
        _ => ("", json!({})),
    }
}

/// A condition: `'cfg(…)'`, or a table. What is within `all`, `any` and `not` is one of the same kind.
fn condition(kind: &str) -> Value {
    // Beside `$ref` itself, this draft has nothing: no sentence would be shown.
    json!({ "allOf": [{ "$ref": format!("#/definitions/{kind}") }] })
}

/// What `condition` refers to.
fn condition_of(kind: &str, keys: &[&str]) -> Value {
    let mut table = object(kind, keys, &[]);
    table["minProperties"] = json!(1);
    if kind == "assertion" {
        table["dependencies"] = json!({ "version": ["plugin"], "count": ["service"] });
    }
    json!({ "anyOf": [cfg(), table] })
}

fn cfg() -> Value {
    matching("\\s*cfg\\s*\\(.*\\)\\s*")
}

fn of_condition(kind: &str, key: &str) -> (&'static str, Value) {
    match key {
        "feature" => ("A feature of the package that is on.", text()),
        "target" => ("What holds of the target: 'cfg(unix)'.", cfg()),
        "all" => ("All of these hold.", list(&condition(kind))),
        "any" => ("One of these holds.", list(&condition(kind))),
        "not" => ("This does not hold.", condition(kind)),
        "plugin" => ("This plugin takes part.", matching(PLUGIN)),
        "version" => ("The plugin is of one of these versions.", text()),
        "component" => ("This component is there.", component_id()),
        "service" => ("This service is provided: `dyn path::Trait`.", text()),
        "count" => (
            "How many components provide the service: 2, or \">=1, <4\".",
            json!({ "anyOf": [text(), { "type": "integer", "minimum": 0 }] }),
        ),
        "overlay" => ("This overlay is in force.", text()),
        _ => ("", json!({})),
    }
}

fn of_layering(table: &str, key: &str) -> (&'static str, Value) {
    match (table, key) {
        ("assert", "that") => ("What has to hold.", condition("assertion")),
        ("assert", "message") => ("What to say where it does not.", text()),
        (_, "when") => (
            "It is there only where this holds: { feature = \"name\" }, or 'cfg(unix)'.",
            condition("condition"),
        ),
        ("override", "enabled") => (
            "`false` leaves the component out.",
            setting(&json!({ "type": "boolean" })),
        ),
        _ => ("", json!({})),
    }
}

fn list(of: &Value) -> Value {
    json!({ "type": "array", "items": of })
}

/// A list that holds an entry once.
fn set(of: &Value) -> Value {
    json!({ "type": "array", "items": of, "uniqueItems": true })
}

fn component_id() -> Value {
    matching(&format!("{PLUGIN}:{NAME}"))
}

fn of_type() -> Value {
    matching("\\s*crate\\s*::.*")
}

/// What a key may be, with a sentence about it.
fn key_of(table: &str, key: &str) -> Value {
    let (about, mut schema) = words(table, key);
    if !about.is_empty() {
        schema["description"] = json!(about);
    }
    schema
}

fn words(table: &str, key: &str) -> (&'static str, Value) {
    match table {
        "manifest" | "overlay" => of_layer(key),
        "host" | "plugin" => of_section(table, key),
        "component" => of_component(key),
        "need" => of_need(key),
        "condition" | "assertion" => of_condition(table, key),
        "setting" => of_setting(key),
        "rule" => of_rule(key),
        "override" | "assert" => of_layering(table, key),
        "lifecycle" => of_tuning(key),
        _ => of_lifecycle(key),
    }
}

fn of_layer(key: &str) -> (&'static str, Value) {
    let bind = || lines(".+", &setting(&component_id()));
    match key {
        "treenail" => ("Format of the manifest.", json!({ "const": 1 })),
        "host" => (
            "This package composes an application.",
            object("host", section::HOST_KEYS, &[]),
        ),
        "plugin" => (
            "This package is a plugin.",
            object("plugin", section::PLUGIN_KEYS, &["id"]),
        ),
        "plugins" => (
            "Which plugins take part, and how: a version that the composition insists on, or a table.",
            lines(
                PLUGIN,
                &json!({ "anyOf": [text(), object("rule", layer::RULE_KEYS, &[])] }),
            ),
        ),
        "bind" => (
            "Who answers where several components provide a service: \"dyn path::Trait\" = \"plugin:Name\".",
            bind(),
        ),
        "alias" => (
            "Further names: \"old:Name\" = \"plugin:Name\", old = \"plugin\".",
            lines(".+", &setting(&text())),
        ),
        "override" => (
            "Which components of plugins are left out, by id.",
            lines(
                &format!("{PLUGIN}:{NAME}"),
                &object("override", layer::OVERRIDE_KEYS, &[]),
            ),
        ),
        "assert" => (
            "What has to hold of the composition.",
            list(&object("assert", condition::KEYS, &["that", "message"])),
        ),
        "lints" => (
            "What becomes of warnings.",
            lines(".+", &setting(&one_of(["allow", "warn", "deny"]))),
        ),
        "lifecycle" => (
            "Deadlines and restarts of components, by id.",
            lines(
                &format!("{PLUGIN}:{NAME}"),
                &object("lifecycle", lifecycle::TUNING, &[]),
            ),
        ),
        "component" => (
            "Components that this package contributes.",
            list(&object("component", component::KEYS, &["type"])),
        ),
        "overlay" => (
            "Named sets of changes.",
            lines(PLUGIN, &object("overlay", OVERLAY_KEYS, &[])),
        ),
        other => of_layering("overlay", other),
    }
}

fn of_section(table: &str, key: &str) -> (&'static str, Value) {
    let constraints = |pattern| lines(pattern, &text());
    match (table, key) {
        ("host", "api") => (
            "Version of the host's plugin interface; default: the version of its package.",
            setting(&matching("\\d+\\.\\d+\\.\\d+([-+].*)?")),
        ),
        (_, "root") => (
            "Root key of the configuration file.",
            setting(&matching("[A-Za-z_][A-Za-z0-9_-]*")),
        ),
        ("host", "all") => (
            "Services of which the application asks for every provider: none of them is left out.",
            setting(&set(&text())),
        ),
        (_, "id") => ("Namespace of the plugin's components.", matching(PLUGIN)),
        (_, "description") => ("One sentence for people.", text()),
        (_, "api") => (
            "Contract packages, with the versions that the plugin supports.",
            constraints("[A-Za-z_][A-Za-z0-9_-]*"),
        ),
        (_, "host") => (
            "Versions of `[host] api` that the plugin works with.",
            text(),
        ),
        (_, "requires") => (
            "Other plugins that have to be there, by id, with their versions.",
            constraints(PLUGIN),
        ),
        (_, "conflicts") => (
            "Plugins that must not be there, by id, with their versions.",
            constraints(PLUGIN),
        ),
        (_, "hooks") => ("The type with the plugin's setup and cleanup.", of_type()),
        _ => ("", json!({})),
    }
}

fn of_component(key: &str) -> (&'static str, Value) {
    let words = |known: Vec<&'static str>| one_of(known);
    match key {
        "type" => ("The Rust type: `crate::Mailer`.", of_type()),
        "name" => (
            "Name within the plugin; default: the type's last segment.",
            matching(NAME),
        ),
        "description" => ("One sentence for people.", text()),
        "kind" => (
            "An ordinary component, or a step of a pipeline.",
            words(component::KINDS.iter().map(|(word, _)| *word).collect()),
        ),
        "scope" => (
            "One per application, as many as the configuration names, or one per injection.",
            words(component::SCOPES.iter().map(|(word, _)| *word).collect()),
        ),
        "provides" => ("Services: `dyn path::Trait`.", set(&text())),
        "requires" => (
            "What it needs, by field: `dyn path::Trait`, or a table with `service`.",
            lines(
                NAME,
                &json!({ "anyOf": [text(), object("need", need::KEYS, &["service"])] }),
            ),
        ),
        "config" => ("Type of its configuration.", text()),
        "params" => ("Type of a pipe's parameters.", text()),
        "decorate" => (
            "The service whose provider it wraps.",
            matching("\\s*dyn\\s.*"),
        ),
        "before" => (
            "Comes before these components among the providers of a service.",
            set(&component_id()),
        ),
        "after" => ("Comes after these.", set(&component_id())),
        "when" => of_layering("component", key),
        other => of_lifecycle(other),
    }
}

fn of_need(key: &str) -> (&'static str, Value) {
    match key {
        "service" => ("The service: `dyn path::Trait`.", text()),
        "from" => ("This very provider.", component_id()),
        "optional" => (
            "May be absent: `Option<Arc<_>>`.",
            json!({ "type": "boolean" }),
        ),
        "all" => (
            "Every provider, in order: `Vec<Arc<_>>`.",
            json!({ "type": "boolean" }),
        ),
        "map" => (
            "Every provider, by its id: `BTreeMap<String, Arc<_>>`.",
            json!({ "type": "boolean" }),
        ),
        "lazy" => (
            "Usable once the application is built: breaks a cycle.",
            json!({ "type": "boolean" }),
        ),
        _ => ("", json!({})),
    }
}

fn of_rule(key: &str) -> (&'static str, Value) {
    match key {
        "version" => (
            "Versions that the composition insists on.",
            setting(&text()),
        ),
        "enabled" => (
            "`false` leaves the plugin out.",
            setting(&json!({ "type": "boolean" })),
        ),
        "optional" => (
            "It may fail, or not fit, without taking the application down.",
            setting(&json!({ "type": "boolean" })),
        ),
        other => of_layering("rule", other),
    }
}

/// What `[lifecycle]` says: that of a component, each value with a priority or a condition where it has one.
fn of_tuning(key: &str) -> (&'static str, Value) {
    let (about, mut value) = of_lifecycle(key);
    match key {
        "when" => return of_layering("lifecycle", key),
        "deadline" => {
            for key in lifecycle::DEADLINES {
                let (about, of) = of_lifecycle(key);
                value["properties"][*key] = setting(&of);
                value["properties"][*key]["description"] = json!(about);
            }
        }
        _ => value = setting(&value),
    }
    (about, value)
}

fn duration() -> Value {
    json!({ "type": "string", "pattern": duration::pattern() })
}

fn of_lifecycle(key: &str) -> (&'static str, Value) {
    match key {
        "deadline" => (
            "How long its phases may take.",
            object("deadline", lifecycle::DEADLINES, &[]),
        ),
        "build" => ("How long it may take to build it: \"30s\".", duration()),
        "start" => ("How long it may take to start it: \"30s\".", duration()),
        "stop" => ("How long it may take to stop it: \"30s\".", duration()),
        "within" => ("In which time so many restarts may be: \"1m\".", duration()),
        "initial" => ("The pause before the first restart: \"100ms\".", duration()),
        "longest" => ("The longest pause before a restart: \"30s\".", duration()),
        "restarts" => (
            "How many restarts there may be.",
            json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        ),
        "restart" => (
            "Whether it is started again when it fails.",
            json!({ "anyOf": [one_of(["never", "on-failure"]), object("restart", lifecycle::RESTART, &[])] }),
        ),
        "fatal" => (
            "Whether its failure stops the application.",
            json!({ "type": "boolean" }),
        ),
        _ => ("", json!({})),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::{Path, PathBuf};

    use serde_json::Value;
    use toml::de::DeValue;

    use super::schema;
    use crate::check::check_manifest;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    fn json(value: &DeValue<'_>) -> Value {
        match value {
            DeValue::String(text) => text.to_string().into(),
            DeValue::Integer(number) => number.as_str().parse::<i64>().unwrap_or_default().into(),
            DeValue::Boolean(value) => (*value).into(),
            DeValue::Array(values) => values.iter().map(|value| json(value.get_ref())).collect(),
            DeValue::Table(table) => table
                .iter()
                .map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref())))
                .collect(),
            DeValue::Float(_) | DeValue::Datetime(_) => Value::Null,
        }
    }

    /// Every manifest below a folder of the repository, by its path.
    fn manifests(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !path.ends_with("target") && !path.ends_with(".git") {
                manifests(&path, found);
            } else if path.file_name().is_some_and(|name| name == "plugins.toml") {
                found.insert(path.clone(), std::fs::read(&path).expect("read"));
            }
        }
    }

    #[test]
    fn the_schema_in_the_repository_is_that_of_what_is_read() {
        let text = format!("{:#}\n", schema());
        let failure = crate::testing::settle(&root().join("plugins.schema.json"), Some(&text));
        assert!(failure.is_none(), "BLESS=1 writes it anew");
    }

    /// Codes of mistakes of the manifest stage that no schema can express, and why.
    const BEYOND: &[(&str, &str)] = &[
        ("TN0001", "what is no TOML is never shown to a schema"),
        (
            "TN0006",
            "a version has more rules than a pattern can hold that anybody reads",
        ),
        (
            "TN0007",
            "words of Rust are no names, and a type's last segment is one by default",
        ),
        ("TN0008", "types hold types"),
        (
            "TN0009",
            "`false` is as good as nothing, for keys that exclude each other",
        ),
        ("TN0010", "two elements of an array are compared"),
        (
            "TN0012",
            "a file that cannot be read is never shown to a schema",
        ),
        ("TN0013", "two elements of an array are compared"),
        (
            "TN0014",
            "what a component may have depends on values of its other keys",
        ),
        ("TN0015", "`cfg(…)` holds `cfg(…)`"),
    ];

    /// A manifest that is fine by itself is accepted; one with a mistake is refused, unless every mistake in it is beyond a
    /// schema.
    #[test]
    fn the_schema_accepts_and_refuses_what_the_reader_does() {
        let validator = jsonschema::validator_for(&schema()).expect("a schema");
        let mut all = BTreeMap::new();
        manifests(&root(), &mut all);
        let (mut accepted, mut refused) = (0, BTreeMap::<&str, usize>::new());
        let mut wrong = Vec::new();
        for (path, bytes) in all {
            let messages = check_manifest("plugins.toml", &bytes);
            let codes: BTreeSet<&str> = messages.iter().map(|message| message.code).collect();
            let codes: BTreeSet<&str> = codes
                .into_iter()
                .filter(|code| code.starts_with("TN00"))
                .collect();
            let Ok(text) = String::from_utf8(bytes) else {
                continue;
            };
            let Ok(tree) = toml::de::DeTable::parse(text.trim_start_matches('\u{feff}')) else {
                continue;
            };
            let tree = json(&DeValue::Table(tree.into_inner()));
            let errors: Vec<String> = validator
                .iter_errors(&tree)
                .map(|error| error.to_string())
                .collect();
            let beyond = |code: &&str| BEYOND.iter().any(|(known, _)| known == code);
            if codes.is_empty() {
                accepted += 1;
                if !errors.is_empty() {
                    wrong.push(format!("{} is fine: {errors:?}", path.display()));
                }
            } else if !codes.iter().all(beyond) {
                for code in codes.iter().filter(|code| !beyond(code)) {
                    *refused.entry(*code).or_default() += 1;
                }
                if errors.is_empty() {
                    wrong.push(format!("{} has {codes:?}", path.display()));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let tried: Vec<&str> = refused.into_keys().collect();
        assert_eq!(
            tried,
            ["TN0002", "TN0003", "TN0004", "TN0005", "TN0011", "TN0016"]
        );
        assert!(accepted > 100, "{accepted} accepted");
    }

    /// In what a condition holds, and in values of every kind, row by row.
    #[test]
    fn the_schema_knows_every_table_to_its_depth() {
        let validator = jsonschema::validator_for(&schema()).expect("a schema");
        for (text, good) in [
            (
                "[plugins.a]\nwhen = { all = [{ feature = \"x\" }, 'cfg(unix)', { not = { any = [] } }] }",
                true,
            ),
            ("[plugins.a]\nwhen = { all = [{ feture = \"x\" }] }", false),
            ("[plugins.a]\nwhen = { any = { feature = \"x\" } }", false),
            (
                "[plugins.a]\nwhen = { not = { all = [{ feature = 1 }] } }",
                false,
            ),
            ("[plugins.a]\nwhen = { not = [] }", false),
            ("[plugins.a]\nwhen = { not = { plugin = \"a\" } }", false),
            ("[plugins.a]\nwhen = {}", false),
            ("[plugins.a]\nwhen = 'unix'", false),
            (
                "[[assert]]\nmessage = \"m\"\nthat = { not = { plugin = \"a\", version = \"^1\" } }",
                true,
            ),
            (
                "[[assert]]\nmessage = \"m\"\nthat = { service = \"dyn a::B\", count = 2 }",
                true,
            ),
            (
                "[[assert]]\nmessage = \"m\"\nthat = { any = [{ count = 2 }] }",
                false,
            ),
            (
                "[[assert]]\nmessage = \"m\"\nthat = { version = \"^1\" }",
                false,
            ),
            (
                "[[assert]]\nmessage = \"m\"\nthat = { component = \"a\" }",
                false,
            ),
            (
                "[bind]\n\"dyn a::B\" = { value = \"a:B\", priority = 4294967295 }",
                true,
            ),
            (
                "[bind]\n\"dyn a::B\" = { value = \"a:B\", priority = 4294967296 }",
                false,
            ),
            ("[bind]\n\"dyn a::B\" = { priority = \"force\" }", false),
            ("[override.\"a:B\"]\nprovides = [\"dyn a::B\"]", false),
            (
                "[override.\"a:B\"]\nenabled = { value = false, when = { feature = \"x\" } }",
                true,
            ),
            (
                "[override.\"a:B\"]\nenabled = { when = { feature = \"x\" } }",
                false,
            ),
            (
                "[lifecycle.\"a:B\"]\ndeadline = { start = \"1m 30s\" }",
                true,
            ),
            ("[lifecycle.\"a:B\"]\ndeadline = { start = 5 }", false),
            ("[lifecycle.\"a:B\"]\nrestart = { restarts = -1 }", false),
        ] {
            let text = format!("treenail = 1\n[host]\n{text}\n");
            let messages = check_manifest("plugins.toml", text.as_bytes());
            let known = messages
                .iter()
                .all(|message| !message.code.starts_with("TN00"));
            assert_eq!(known, good, "the reader: {text}");
            let tree = toml::de::DeTable::parse(&text).expect("TOML").into_inner();
            assert_eq!(
                validator.is_valid(&json(&DeValue::Table(tree))),
                good,
                "the schema: {text}"
            );
        }
    }

    #[test]
    fn every_key_has_a_type_and_a_sentence() {
        fn look(value: &Value, wrong: &mut Vec<String>) {
            for (key, of) in value["properties"].as_object().into_iter().flatten() {
                let says = of["description"]
                    .as_str()
                    .is_some_and(|text| text.ends_with('.') || text.contains(": "));
                let kind = ["type", "enum", "const", "anyOf", "allOf"]
                    .iter()
                    .any(|word| of.get(word).is_some());
                if !says || !kind {
                    wrong.push(format!("{key}: {of}"));
                }
            }
            match value {
                Value::Object(all) => all.values().for_each(|value| look(value, wrong)),
                Value::Array(all) => all.iter().for_each(|value| look(value, wrong)),
                _ => {}
            }
        }
        let mut wrong = Vec::new();
        look(&schema(), &mut wrong);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
