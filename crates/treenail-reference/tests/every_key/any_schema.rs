//! Schemas of configurations, as they could be.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// The definitions that a component has, which may refer to each other.
const DEFINITIONS: [&str; 4] = ["a:A.W", "a:A.X", "a:A.Y", "a:A.Z"];

fn reference() -> impl Strategy<Value = Value> {
    let names = DEFINITIONS.iter().chain(&["a:A"]);
    let names: Vec<&str> = names.copied().collect();
    proptest::sample::select(names).prop_map(|name| json!({ "$ref": format!("#/$defs/{name}") }))
}

fn plain() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({ "type": "string", "default": "a|b" })),
        Just(json!({ "type": ["integer", "null"], "minimum": 0 })),
        Just(json!({ "type": "boolean", "description": "Whether." })),
        Just(json!({ "enum": ["one", "two"] })),
        Just(json!({ "oneOf": [{ "const": "one", "description": "One." }, { "const": "two" }] })),
        Just(json!({ "type": "string", "writeOnly": true })),
        Just(json!({ "type": "array", "items": { "type": "number" } })),
        Just(json!({})),
        Just(json!(true)),
    ]
}

fn map(inner: impl Strategy<Value = Value> + Clone) -> impl Strategy<Value = Value> {
    let properties = btree_map("[a-d]{1,2}", inner.clone(), 1..4);
    (properties, option::of(inner), any::<bool>()).prop_map(|(properties, further, is_open)| {
        let required: Vec<&String> = properties.keys().take(1).collect();
        let further = further.unwrap_or(json!(is_open));
        json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": further })
    })
}

fn value() -> impl Strategy<Value = Value> + Clone {
    let leaf = prop_oneof![3 => plain(), 1 => reference()];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let template = json!({ "type": "string", "pattern": "\\{[{%#]" });
        prop_oneof![
            3 => map(inner.clone()),
            1 => inner.clone().prop_map(|items| json!({ "type": "array", "items": items })),
            1 => vec(inner.clone(), 2..3).prop_map(|places| json!({ "type": "array", "prefixItems": places })),
            1 => inner.clone().prop_map(|held| json!({ "type": "object", "additionalProperties": held })),
            1 => inner.clone().prop_map(|one| json!({ "anyOf": [one, { "type": "null" }] })),
            1 => inner.clone().prop_map(move |one| json!({ "anyOf": [one, template] })),
            1 => vec(map(inner.clone()), 2..3).prop_map(|forms| json!({ "oneOf": forms })),
            1 => vec(map(inner.clone()), 2..3).prop_map(|parts| json!({ "allOf": parts })),
            1 => (map(inner.clone()), vec(map(inner), 2..3)).prop_map(|(mut own, forms)| {
                own["oneOf"] = json!(forms);
                own
            }),
        ]
    })
}

/// The schema of a configuration with one component.
pub(crate) fn schema() -> impl Strategy<Value = Value> {
    let definitions = vec(value(), DEFINITIONS.len());
    (map(value()), definitions).prop_map(|(component, definitions)| {
        let mut all = Map::new();
        for (name, definition) in DEFINITIONS.iter().zip(definitions) {
            all.insert((*name).to_owned(), definition);
        }
        all.insert("a:A".to_owned(), component);
        let components =
            json!({ "type": "object", "properties": { "a:A": { "$ref": "#/$defs/a:A" } } });
        let configuration =
            json!({ "type": ["object", "null"], "properties": { "components": components } });
        all.insert("configuration".to_owned(), configuration);
        json!({
            "title": "Configuration of host 1.0.0",
            "type": "object",
            "properties": { "root": { "$ref": "#/$defs/configuration" } },
            "$defs": all,
        })
    })
}
