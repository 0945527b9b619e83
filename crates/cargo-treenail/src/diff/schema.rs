//! Reads JSON Schemas as far as those of configurations go.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// So many characters of a value are shown.
const LONGEST: usize = 60;

pub(super) fn shown(value: &Value) -> String {
    if value.is_null() {
        return "none".to_owned();
    }
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// What a reference leads to; of a value that may be written as a text as well, the value.
pub(super) fn plain<'v>(document: &'v Value, schema: &'v Value) -> &'v Value {
    let mut schema = schema;
    for _ in 0..16 {
        let reference = schema["$ref"]
            .as_str()
            .and_then(|one| one.strip_prefix('#'));
        let is_text = |one: &Value| one["type"] == "string" && one.get("pattern").is_some();
        match (reference, schema["anyOf"].as_array().map(Vec::as_slice)) {
            (Some(pointer), _) => schema = document.pointer(pointer).unwrap_or(&Value::Null),
            (None, Some([value, text])) if is_text(text) => schema = value,
            _ => break,
        }
    }
    schema
}

/// The default that is stated beside a reference, or where that leads to.
pub(super) fn default<'v>(schema: &'v Value, plain: &'v Value) -> &'v Value {
    schema.get("default").unwrap_or(&plain["default"])
}

/// The values, where it lists them.
pub(super) fn values(schema: &Value) -> Option<BTreeSet<String>> {
    match (&schema["enum"], schema.get("const")) {
        (Value::Array(values), _) => Some(values.iter().map(Value::to_string).collect()),
        (_, Some(value)) => Some(BTreeSet::from([value.to_string()])),
        _ => {
            let all: Option<Vec<_>> = several(schema).map(values).collect();
            let all = all.filter(|all| !all.is_empty())?;
            Some(all.into_iter().flatten().collect())
        }
    }
}

fn several(schema: &Value) -> impl Iterator<Item = &Value> {
    let all = [&schema["anyOf"], &schema["oneOf"]].into_iter();
    all.filter_map(Value::as_array).flatten()
}

/// The forms that a value may have, by what tells each from the others; one that is alone is the schema itself.
pub(super) fn alternatives<'v>(
    document: &'v Value,
    schema: &'v Value,
) -> BTreeMap<String, &'v Value> {
    let mut all: Vec<&Value> = several(schema).collect();
    if all.is_empty() {
        all.push(schema);
    }
    let mut labelled = BTreeMap::new();
    for one in all {
        let mut label = label(plain(document, one));
        if labelled.contains_key(&label) {
            label = format!("{label} {}", labelled.len());
        }
        labelled.insert(label, one);
    }
    labelled
}

fn label(schema: &Value) -> String {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let mut tags =
        properties.filter_map(|(key, value)| Some(format!("{key}: {}", value.get("const")?)));
    let types = || types(schema).into_iter().collect::<Vec<_>>().join(", ");
    tags.next().unwrap_or_else(types)
}

pub(super) fn types(schema: &Value) -> BTreeSet<String> {
    let all = match &schema["type"] {
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let names = all.iter().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

pub(super) fn required(schema: &Value) -> Vec<&str> {
    let all = schema["required"].as_array().into_iter().flatten();
    all.filter_map(Value::as_str).collect()
}

/// Whether keys that are not listed are taken.
pub(super) fn accepts_others(schema: &Value) -> bool {
    schema["additionalProperties"] != false && schema["unevaluatedProperties"] != false
}

/// The rules for each component that `use` may name, by its names.
pub(super) fn rules(schema: &Value) -> Vec<(Vec<&str>, &Value)> {
    let all = schema["allOf"].as_array().into_iter().flatten();
    let rules = all.filter_map(|rule| {
        let names = rule["if"]["properties"]["use"]["enum"].as_array()?;
        Some((
            names.iter().filter_map(Value::as_str).collect(),
            &rule["then"],
        ))
    });
    rules.collect()
}
