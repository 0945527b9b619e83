//! The JSON Schema of this binary's configuration.

use schemars::Schema;
use serde_json::{Map, Value, json};

use crate::container::{Entry, Form, Need, Scope, Table};

/// The schema of what a component takes; `None` where it takes nothing.
pub(super) fn of_component(entry: &Entry) -> Option<Value> {
    #[cfg(feature = "pipes")]
    if let Some(binding) = entry.pipe {
        return Some((binding().schema)().to_value());
    }
    entry.config.map(|binding| (binding().schema)().to_value())
}

/// The JSON Schema of the configuration that this composition reads: `use` is one of its components, `params` follows it.
pub fn schema(table: &'static Table) -> Schema {
    Schema::try_from(document(table)).unwrap_or_default()
}

fn document(table: &'static Table) -> Value {
    let mut schema = Parts {
        table,
        definitions: Map::new(),
    };
    let services = schema.uses("service", |entry| {
        entry.scope == Scope::Instance && !is_pipe(entry)
    });
    let steps = schema.uses("step", is_pipe);
    let components = schema.singletons();
    schema.definitions.insert("service".to_owned(), services);
    schema.definitions.insert("step".to_owned(), steps);
    let logging = schema.own(
        "logging",
        super::binding::schema_of::<super::Logging>().to_value(),
    );
    let mut sections = json!({
        "api_version": { "type": "string", "description": "The versions of the program that this file is for, as Cargo writes requirements." },
        "plugins": {
            "type": ["array", "null"],
            "description": "Plugins that must be in the program.",
            "items": {
                "type": "object",
                "properties": { "name": { "type": "string" }, "version": { "type": ["string", "null"] } },
                "required": ["name"],
                "additionalProperties": false
            }
        },
        "infrastructure": {
            "type": ["object", "null"],
            "properties": { "logging": { "anyOf": [logging, { "type": "null" }] } },
            "additionalProperties": false
        },
        "components": components,
        "services": { "type": ["object", "null"], "additionalProperties": { "$ref": "#/$defs/service" } },
    });
    if let (true, Value::Object(sections)) = (cfg!(feature = "pipes"), &mut sections) {
        sections.insert(
            "orchestrator".to_owned(),
            json!({ "anyOf": [{ "$ref": "#/$defs/step" }, { "type": "null" }] }),
        );
    }
    let section = json!({ "type": ["object", "null"], "properties": sections, "additionalProperties": false });
    schema
        .definitions
        .insert("configuration".to_owned(), section);
    let roots = super::names::Names::new(table).roots();
    let one_of: Vec<Value> = roots
        .iter()
        .map(|root| json!({ "required": [root] }))
        .collect();
    let properties: Map<String, Value> = roots
        .iter()
        .map(|root| {
            (
                (*root).to_owned(),
                json!({ "$ref": "#/$defs/configuration" }),
            )
        })
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Configuration of {} {}", table.host, table.api),
        "type": "object",
        "properties": properties,
        "oneOf": one_of,
        "additionalProperties": false,
        "$defs": schema.definitions,
    })
}

#[cfg(feature = "pipes")]
fn is_pipe(entry: &Entry) -> bool {
    entry.pipe.is_some()
}

#[cfg(not(feature = "pipes"))]
fn is_pipe(_: &Entry) -> bool {
    false
}

struct Parts {
    table: &'static Table,
    definitions: Map<String, Value>,
}

impl Parts {
    /// A map with `use`, and `params` and `injects` as it demands.
    fn uses(&mut self, kind: &str, wanted: impl Fn(&Entry) -> bool) -> Value {
        let components: Vec<&Entry> = self
            .table
            .components
            .iter()
            .filter(|entry| wanted(entry))
            .collect();
        let resolver = super::names::Names::new(self.table);
        let mut names = Vec::new();
        let mut rules = Vec::new();
        for entry in components {
            let mut known = vec![Value::from(entry.id)];
            let number = resolver.component(entry.id);
            known.extend(
                resolver
                    .components()
                    .filter(|name| *name != entry.id && resolver.component(name) == number)
                    .map(Value::from),
            );
            names.push(json!({ "enum": known, "description": entry.description }));
            let params = match of_component(entry) {
                Some(schema) => self.own(entry.id, schema),
                None => json!({ "type": ["object", "null"], "additionalProperties": false }),
            };
            let mut required = Vec::new();
            required.extend(self.has_required(&params).then_some("params"));
            required.extend(must_be_chosen(entry).next().map(|_| "injects"));
            rules.push(json!({
                "if": { "properties": { "use": { "enum": known } }, "required": ["use"] },
                "then": {
                    "properties": { "params": params, "injects": injects(entry) },
                    "required": required,
                },
            }));
        }
        let mut properties = json!({ "use": { "anyOf": names }, "injects": true, "params": true });
        if let (true, Value::Object(properties)) = (kind == "step", &mut properties) {
            properties.insert(
                "id".to_owned(),
                json!({ "type": "string", "description": "The name under which later steps find the result." }),
            );
        }
        if names.is_empty() {
            return json!(false);
        }
        json!({ "type": "object", "properties": properties, "required": ["use"], "additionalProperties": false, "allOf": rules })
    }

    fn has_required(&self, params: &Value) -> bool {
        let name = params["$ref"]
            .as_str()
            .and_then(|reference| reference.strip_prefix("#/$defs/"));
        let definition = name.and_then(|name| self.definitions.get(&name.replace("~1", "/")));
        definition
            .and_then(|definition| definition["required"].as_array())
            .is_some_and(|required| !required.is_empty())
    }

    fn singletons(&mut self) -> Value {
        let mut properties = Map::new();
        for entry in self
            .table
            .components
            .iter()
            .filter(|entry| entry.scope != Scope::Instance)
        {
            if let Some(schema) = of_component(entry) {
                let schema = self.own(entry.id, schema);
                properties.insert(entry.id.to_owned(), schema);
            }
        }
        json!({ "type": ["object", "null"], "properties": properties, "additionalProperties": false })
    }

    /// Takes a component's schema in under its own name, with its definitions beside it.
    fn own(&mut self, name: &str, mut schema: Value) -> Value {
        if let Value::Object(object) = &mut schema {
            object.remove("$schema");
            if let Some(Value::Object(definitions)) = object.remove("$defs") {
                for (inner, mut definition) in definitions {
                    adapt(&mut definition, name);
                    self.definitions
                        .insert(format!("{name}.{inner}"), definition);
                }
            }
        }
        adapt(&mut schema, name);
        self.definitions.insert(name.to_owned(), schema);
        json!({ "$ref": format!("#/$defs/{name}") })
    }
}

/// Makes references absolute, steps steps, and lets a template stand where a value is declared.
fn adapt(schema: &mut Value, owner: &str) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|item| adapt(item, owner)),
        Value::Object(object) => {
            if object.get("x-treenail").and_then(Value::as_str) == Some("step") {
                *schema = json!({ "$ref": "#/$defs/step" });
                return;
            }
            if let Some(Value::String(reference)) = object.get_mut("$ref") {
                *reference = match reference.strip_prefix("#/$defs/") {
                    Some(inner) => format!("#/$defs/{owner}.{inner}"),
                    None => format!("#/$defs/{owner}"),
                };
            }
            let strict = object.contains_key("properties")
                && !object.contains_key("additionalProperties")
                && !object.contains_key("unevaluatedProperties");
            if strict {
                object.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            for (key, value) in object.iter_mut() {
                if !matches!(
                    key.as_str(),
                    "default" | "enum" | "const" | "examples" | "required"
                ) {
                    adapt(value, owner);
                }
            }
            templated(schema);
        }
        _ => {}
    }
}

/// A number, a boolean, a list or an enumeration may be written as a template.
fn templated(schema: &mut Value) {
    let kind = schema.get("type").and_then(Value::as_str);
    let scalar = matches!(kind, Some("integer" | "number" | "boolean" | "array"))
        || schema.get("enum").is_some();
    if scalar {
        *schema = json!({ "anyOf": [schema.take(), { "type": "string", "pattern": r"\{[{%#]" }] });
    }
}

fn injects(entry: &Entry) -> Value {
    let chosen = entry
        .needs
        .iter()
        .filter(|need| !matches!(need.form, Form::All | Form::Map));
    let properties: Map<String, Value> = chosen
        .map(|need| {
            (
                need.field.to_owned(),
                json!({ "type": "string", "description": need.service }),
            )
        })
        .collect();
    let required: Vec<&str> = must_be_chosen(entry).collect();
    let kinds = if required.is_empty() {
        json!(["object", "null"])
    } else {
        json!("object")
    };
    json!({ "type": kinds, "properties": properties, "required": required, "additionalProperties": false })
}

/// Needs that several components may meet and none by itself.
fn must_be_chosen(entry: &Entry) -> impl Iterator<Item = &'static str> {
    let open = |need: &&Need| matches!(need.form, Form::One | Form::Lazy) && need.default.is_none();
    entry
        .needs
        .iter()
        .filter(open)
        .filter(|need| need.providers.len() > 1)
        .map(|need| need.field)
}
