//! The JSON Schema of a manifest, for language servers: what the tables of keys say, with their sentences.

use serde_json::{Map, Value, json};
use treenail_core::duration;

use super::keys::{self, Held, Key, KeyTable, Presence, ValueKind};
use crate::diagnostic::lint;

/// Tables that may stand at several places, which the schema has once.
const ONCE: &[(&str, &KeyTable)] = &[
    ("component", &keys::COMPONENT),
    ("entry", &keys::ENTRY),
    ("need", &keys::NEED),
];

/// The schema of `plugins.toml`, as JSON.
pub(crate) fn schema() -> Value {
    let mut schema = object(&keys::MANIFEST, &value);
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("plugins.toml");
    schema["definitions"] = json!({
        "condition": { "anyOf": [matching("\\s*cfg\\s*\\(.*\\)\\s*"), object(&keys::CONDITION, &value)] },
    });
    for (name, table) in ONCE {
        schema["definitions"][name] = object(table, &value);
    }
    if let Some(ValueKind::Lines(_, level, _)) = keys::MANIFEST.key("lints").map(|key| &key.value) {
        schema["definitions"]["level"] = value(level);
        schema["definitions"]["lints"] = lints();
    }
    schema["description"] =
        json!("A composition of plugins, or a plugin: what is in it, what it provides and needs.");
    schema
}

/// A table with its keys and no others, whose values are like this.
fn object(table: &KeyTable, value: &dyn Fn(&ValueKind) -> Value) -> Value {
    let mut properties = Map::new();
    let (mut required, mut one_of, mut any_of) = (Vec::new(), Vec::new(), Vec::new());
    let mut schema = json!({ "type": "object", "additionalProperties": false });
    for key in table.keys() {
        let mut property = value(&key.value);
        property["description"] = json!(description(key));
        properties.insert(key.name.to_owned(), property);
        match key.presence {
            Presence::Required(_) => required.push(key.name),
            Presence::Beside(other) => schema["dependencies"][key.name] = json!([other]),
            Presence::OneOfThese => one_of.push(json!({ "required": [key.name] })),
            Presence::SomeOfThese => any_of.push(json!({ "required": [key.name] })),
            Presence::Default(_) | Presence::Optional => {}
        }
    }
    schema["properties"] = properties.into();
    schema["required"] = required.into();
    let apart = table.apart();
    let apart = apart
        .map(|(one, others)| json!({ "if": holds(table, one), "then": none_holds(table, others) }));
    for (word, schemas) in [
        ("oneOf", one_of),
        ("anyOf", any_of),
        ("allOf", apart.collect()),
    ] {
        if !schemas.is_empty() {
            schema[word] = schemas.into();
        }
    }
    schema
}

/// Something holds of a table.
fn holds(table: &KeyTable, held: Held) -> Value {
    let (key, value) = match held {
        Held::Key(key) if is_truth(table, key) => (key, json!({ "const": true })),
        Held::Key(key) => (key, json!({})),
        Held::Word(key, word) => (key, json!({ "const": word })),
        Held::Text(key) => (key, json!({ "type": "string" })),
        Held::Off(key) => (key, json!({ "const": false })),
    };
    json!({ "required": [key], "properties": { key: value } })
}

/// Nothing of this holds of a table: so a key that is there by mistake is what an editor points at.
fn none_holds(table: &KeyTable, held: &[Held]) -> Value {
    let mut properties = Map::new();
    for one in held {
        match *one {
            Held::Key(key) if is_truth(table, key) => {
                properties.insert(key.to_owned(), json!({ "const": false }));
            }
            Held::Key(key) | Held::Text(key) | Held::Off(key) => {
                properties.insert(key.to_owned(), json!(false));
            }
            Held::Word(key, word) => {
                let others = properties.entry(key);
                let others = others.or_insert_with(|| json!({ "enum": words(table, key) }));
                if let Some(others) = others["enum"].as_array_mut() {
                    others.retain(|other| other != word);
                }
            }
        }
    }
    json!({ "properties": properties })
}

/// The words that a key may be.
fn words(table: &KeyTable, key: &str) -> Vec<&'static str> {
    match table.key(key).map(|key| &key.value) {
        Some(ValueKind::Word(words)) => words(),
        _ => Vec::new(),
    }
}

fn is_truth(table: &KeyTable, key: &str) -> bool {
    table
        .key(key)
        .is_some_and(|key| matches!(key.value, ValueKind::Truth))
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
        ValueKind::Text | ValueKind::Type | ValueKind::Item => json!({ "type": "string" }),
        ValueKind::Name => matching("[A-Za-z_][A-Za-z0-9_]*"),
        ValueKind::DashedName => matching("[A-Za-z_][A-Za-z0-9_-]*"),
        ValueKind::AnyName => matching(".+"),
        ValueKind::EntryKey => {
            json!({ "type": "string", "minLength": 1, "maxLength": keys::LONGEST_KEY })
        }
        ValueKind::PluginId => matching("[A-Za-z][A-Za-z0-9_-]*"),
        ValueKind::ComponentId => matching("[A-Za-z][A-Za-z0-9_-]*:[A-Za-z_][A-Za-z0-9_]*"),
        ValueKind::Version => matching(&format!("{NUMBER}\\.{NUMBER}\\.{NUMBER}{TAIL}")),
        ValueKind::Versions => versions(),
        ValueKind::Lint => json!({ "pattern": format!("^({})$", lint::pattern()) }),
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
        ValueKind::Condition => defined("condition"),
        ValueKind::Stated => json!({}),
        ValueKind::Dependency => json!({ "type": ["string", "object"] }),
        ValueKind::PackageDependency => json!({
            "type": "object",
            "required": ["package"],
            "properties": { "package": { "type": "string", "description": "Name of the package." } }
        }),
        ValueKind::CargoTable => json!({ "type": "object" }),
        ValueKind::List(of) => json!({ "type": "array", "items": value(of), "uniqueItems": true }),
        ValueKind::Lines(ValueKind::Lint, ..) => defined("lints"),
        ValueKind::Lines(name, of, _) => {
            let mut names = value(name);
            names.as_object_mut().map(|names| names.remove("type"));
            json!({ "type": "object", "propertyNames": names, "additionalProperties": value(of) })
        }
        ValueKind::Table(table) => table_of(table),
        ValueKind::TableOfSettings(table) => object(table, &setting),
        ValueKind::Tables(table) => json!({ "type": "array", "items": table_of(table) }),
        ValueKind::Setting(of) => setting(of),
        ValueKind::Either(one, other) => json!({ "anyOf": [value(one), value(other)] }),
    }
}

/// What the schema has once. Beside `$ref` itself, this draft has nothing: no sentence would be shown.
fn defined(name: &str) -> Value {
    json!({ "allOf": [{ "$ref": format!("#/definitions/{name}") }] })
}

/// A table, wherever it stands.
fn table_of(table: &'static KeyTable) -> Value {
    let mut once = ONCE.iter();
    match once.find(|(_, one)| std::ptr::eq(*one, table)) {
        Some((name, _)) => defined(name),
        None => object(table, &value),
    }
}

/// Levels of lints: by the names of these, which editors offer, and by whatever else stands for them.
fn lints() -> Value {
    let mut properties = Map::new();
    for (name, about) in lint::described() {
        let mut line = defined("level");
        line["description"] = json!(about);
        properties.insert(name.to_owned(), line);
    }
    json!({
        "type": "object",
        "properties": properties,
        "patternProperties": { format!("^({})$", lint::pattern()): defined("level") },
        "additionalProperties": false,
    })
}

/// A number of a version.
const NUMBER: &str = "(0|[1-9][0-9]*)";

/// What may follow the numbers of a version.
const TAIL: &str = "(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?";

/// Versions that are meant: `>=1.2, <2`.
fn versions() -> Value {
    let after = format!("\\.{NUMBER}(\\.({NUMBER}{TAIL}|[*xX]))?|\\.[*xX](\\.[*xX])?");
    let one = format!("(=|>=?|<=?|~|\\^)? *{NUMBER}({after})? *");
    matching(&format!(" *([*xX] *|{one}(, *{one})*)"))
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
mod tests;
