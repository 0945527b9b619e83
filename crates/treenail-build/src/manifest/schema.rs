//! The JSON Schema of a manifest, for language servers: what the tables of keys say, with their sentences.

use serde_json::{Map, Value, json};
use treenail_core::duration;

use super::keys::{self, Key, KeyTable, Presence, ValueKind};

/// The schema of `plugins.toml`, as JSON.
pub(crate) fn schema() -> Value {
    let mut schema = object(&keys::MANIFEST, &value);
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("plugins.toml");
    schema["definitions"] = json!({
        "condition": { "anyOf": [matching("\\s*cfg\\s*\\(.*\\)\\s*"), object(&keys::CONDITION, &value)] },
    });
    schema["description"] =
        json!("A composition of plugins, or a plugin: what is in it, what it provides and needs.");
    schema
}

/// A table with its keys and no others, whose values are like this.
fn object(table: &KeyTable, value: &dyn Fn(&ValueKind) -> Value) -> Value {
    let mut properties = Map::new();
    let (mut required, mut one_of) = (Vec::new(), Vec::new());
    let mut schema = json!({ "type": "object", "additionalProperties": false });
    for key in table.keys() {
        let mut property = value(&key.value);
        property["description"] = json!(description(key));
        properties.insert(key.name.to_owned(), property);
        match key.presence {
            Presence::Required(_) => required.push(key.name),
            Presence::Beside(other) => schema["dependencies"][key.name] = json!([other]),
            Presence::OneOfThese => one_of.push(json!({ "required": [key.name] })),
            Presence::Default(_) | Presence::Optional => {}
        }
    }
    schema["properties"] = properties.into();
    schema["required"] = required.into();
    if !one_of.is_empty() {
        schema["anyOf"] = one_of.into();
    }
    schema
}

fn description(key: &Key) -> String {
    match key.presence {
        Presence::Default(what) => {
            format!("{}; default: {}.", key.about.trim_end_matches('.'), what)
        }
        _ => key.about.to_owned(),
    }
}

/// What may stand there.
fn value(kind: &ValueKind) -> Value {
    match kind {
        ValueKind::Text | ValueKind::Type | ValueKind::Item | ValueKind::Versions => {
            json!({ "type": "string" })
        }
        ValueKind::Name => matching("[A-Za-z_][A-Za-z0-9_]*"),
        ValueKind::DashedName => matching("[A-Za-z_][A-Za-z0-9_-]*"),
        ValueKind::AnyName => matching(".+"),
        ValueKind::EntryKey => {
            json!({ "type": "string", "minLength": 1, "maxLength": keys::LONGEST_KEY })
        }
        ValueKind::PluginId => matching("[A-Za-z][A-Za-z0-9_-]*"),
        ValueKind::ComponentId => matching("[A-Za-z][A-Za-z0-9_-]*:[A-Za-z_][A-Za-z0-9_]*"),
        ValueKind::Version => matching("\\d+\\.\\d+\\.\\d+([-+].*)?"),
        ValueKind::Duration => json!({ "type": "string", "pattern": duration::pattern() }),
        ValueKind::Deadline => json!({
            "type": "string", "pattern": duration::pattern(), "not": { "pattern": "^\\s*-|^[^1-9]*$" }
        }),
        ValueKind::OwnType => matching("\\s*crate\\s*::.*"),
        ValueKind::Trait => matching("\\s*dyn\\s.*"),
        ValueKind::Word(words) => json!({ "enum": words() }),
        ValueKind::Truth => json!({ "type": "boolean" }),
        ValueKind::Off => json!({ "const": false }),
        ValueKind::Number(None) => json!({ "type": "integer", "minimum": 0 }),
        ValueKind::Number(most) => json!({ "type": "integer", "minimum": 0, "maximum": most }),
        ValueKind::Format => json!({ "const": keys::FORMAT }),
        // Beside `$ref` itself, this draft has nothing: no sentence would be shown.
        ValueKind::Condition => json!({ "allOf": [{ "$ref": "#/definitions/condition" }] }),
        ValueKind::Stated => json!({}),
        ValueKind::List(of) => json!({ "type": "array", "items": value(of), "uniqueItems": true }),
        ValueKind::Lines(name, of, _) => {
            let mut names = value(name);
            names.as_object_mut().map(|names| names.remove("type"));
            json!({ "type": "object", "propertyNames": names, "additionalProperties": value(of) })
        }
        ValueKind::Table(table) => object(table, &value),
        ValueKind::TableOfSettings(table) => object(table, &setting),
        ValueKind::Tables(table) => json!({ "type": "array", "items": object(table, &value) }),
        ValueKind::Setting(of) => setting(of),
        ValueKind::Either(one, other) => json!({ "anyOf": [value(one), value(other)] }),
    }
}

/// A value, plain or with a priority and a condition.
fn setting(of: &ValueKind) -> Value {
    let stated = |kind: &ValueKind| match kind {
        ValueKind::Stated => value(of),
        other => value(other),
    };
    json!({ "anyOf": [value(of), object(&keys::SETTING, &stated)] })
}

fn matching(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": format!("^({pattern})$") })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::{Path, PathBuf};

    use serde_json::Value;
    use toml::de::DeValue;

    use super::schema;
    use crate::front::one_manifest::check_manifest;

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
        let failure = crate::testing::compare(&root().join("plugins.schema.json"), Some(&text));
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
                // What belongs into another table than `[plugins]` is told as a plugin that is not there.
                let is_elsewhere = messages.iter().any(|message| message.code == "TN0105");
                if !errors.is_empty() && !is_elsewhere {
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
            ("[plugins.a]\nwhen = { feature = \"x\" }", true),
            (
                "[plugins.a]\nwhen = 'cfg(all(feature = \"x\", not(any())))'",
                true,
            ),
            ("[plugins.a]\nwhen = { feture = \"x\" }", false),
            ("[plugins.a]\nwhen = { feature = 1 }", false),
            ("[plugins.a]\nwhen = { not = 'cfg(unix)' }", false),
            ("[plugins.a]\nwhen = {}", false),
            ("[plugins.a]\nwhen = 'unix'", false),
            (
                "[[assert]]\nmessage = \"m\"\nthat = { component = \"a:B\", not = { plugin = \"a\" } }",
                true,
            ),
            (
                "[[assert]]\nmessage = \"m\"\nthat = { service = \"dyn a::B\", count = 2 }",
                true,
            ),
            (
                "[[assert]]\nmessage = \"m\"\nthat = { not = { not = { plugin = \"a\" } } }",
                false,
            ),
            ("[[assert]]\nmessage = \"m\"\nthat = { count = 2 }", false),
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
