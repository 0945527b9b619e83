//! The JSON Schema of this binary's configuration.

use schemars::Schema;
use serde_json::{Map, Value, json};

use super::components::{has_injects, takes_injects};
use super::context::component_schema;
use super::lifecycle::Section;
use super::logging::Logging;
use super::names::Names;
use super::offered::{described, name, one_of_names};
use crate::component::schema_of;
use crate::container::{Entry, Form, Scope, Table};

/// The JSON Schema of the configuration that this composition reads: `use` is one of its components, `params` follows it.
pub fn schema(table: &'static Table) -> Schema {
    Schema::try_from(document(table)).unwrap_or_default()
}

/// The schema as a document.
pub(super) fn document(table: &'static Table) -> Value {
    let names = Names::new(table);
    let roots = names.roots();
    let one_of: Vec<Value> = roots
        .iter()
        .map(|root| json!({ "required": [root] }))
        .collect();
    let mut definitions = Definitions {
        table,
        texts: TextForms::of_components(table),
        names,
        found: Map::new(),
    };
    let sections = definitions.sections();
    definitions.found.insert(
        "configuration".to_owned(),
        json!({ "type": ["object", "null"], "properties": sections, "additionalProperties": false }),
    );
    let configuration =
        |about: String| json!({ "$ref": "#/$defs/configuration", "description": about });
    let root = roots.first().copied().unwrap_or_default();
    let about = format!("The configuration of {} {}.", table.host, table.api);
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Configuration of {} {}", table.host, table.api),
        "type": "object",
        "properties": { root: configuration(about) },
        "oneOf": one_of,
        "additionalProperties": false,
        "$defs": definitions.found,
    });
    if let Some(pattern) = one_of_names(&roots[1..]) {
        let about = format!("The configuration, by another name than `{root}`.");
        schema["patternProperties"] = json!({ pattern: configuration(about) });
    }
    schema
}

#[cfg(feature = "pipes")]
fn is_pipe(entry: &Entry) -> bool {
    entry.pipe.is_some()
}

#[cfg(not(feature = "pipes"))]
fn is_pipe(_: &Entry) -> bool {
    false
}

/// What a text may stand for in a place of another type.
#[derive(Clone, Copy, PartialEq)]
enum TextForms {
    /// A number or a boolean.
    Plain,
    /// Those, and templates.
    Templates,
}

impl TextForms {
    /// Those in the configurations of components.
    fn of_components(table: &Table) -> Self {
        let mut components = table.components.iter();
        let renders = cfg!(feature = "templates") || components.any(|one| one.renders.is_some());
        match renders {
            true => Self::Templates,
            false => Self::Plain,
        }
    }
}

/// The definitions that the parts of the schema refer to.
struct Definitions {
    table: &'static Table,
    /// What a text may stand for in the configuration of a component.
    texts: TextForms,
    names: Names,
    found: Map<String, Value>,
}

impl Definitions {
    /// The sections below the root key.
    fn sections(&mut self) -> Value {
        let services = self.uses("service", |entry| {
            entry.scope == Scope::Instance && !is_pipe(entry)
        });
        let components = self.singletons();
        self.found.insert("service".to_owned(), services);
        let lifecycle = schema_of::<Section>().to_value();
        let lifecycle = self.own("lifecycle", lifecycle, TextForms::Plain);
        // `1` and `1.2` without quotes are numbers.
        let requirement = ["string", "number", "null"];
        let mut sections = json!({
            "api_version": { "type": requirement, "description": "The versions of the program that this file is for, as Cargo writes requirements." },
            "plugins": {
                "type": ["array", "null"],
                "description": "Plugins that must be in the program.",
                "items": {
                    "type": "object",
                    "properties": {
                        "name": self.plugins(),
                        "version": { "type": requirement, "description": "Its versions, as Cargo writes requirements." }
                    },
                    "required": ["name"],
                    "additionalProperties": false
                }
            },
            "lifecycle": { "anyOf": [lifecycle, { "type": "null" }], "description": "How long the steps of components may take." },
            "components": components,
            "services": {
                "type": ["object", "null"],
                "description": "Named instances: each has a name, and says by `use` of what.",
                "additionalProperties": { "$ref": "#/$defs/service" }
            },
        });
        if has_injects(self.table) {
            let components = self.table.components.iter();
            let takers = components.filter(|entry| takes_injects(entry));
            let properties: Map<String, Value> = takers
                .map(|entry| (entry.id.to_owned(), injects(entry)))
                .collect();
            sections["injects"] = json!({
                "type": ["object", "null"],
                "description": "Which named instances are injected into components that there are once.",
                "properties": properties,
                "additionalProperties": false
            });
        }
        if self.table.logging {
            let logging = schema_of::<Logging>().to_value();
            let logging = self.own("logging", logging, TextForms::Plain);
            sections["infrastructure"] = json!({
                "type": ["object", "null"],
                "description": "What is there for the whole program.",
                "properties": { "logging": { "anyOf": [logging, { "type": "null" }], "description": "How the program logs." } },
                "additionalProperties": false
            });
        }
        if cfg!(feature = "pipes") {
            let steps = self.uses("step", is_pipe);
            self.found.insert("step".to_owned(), steps);
            sections["orchestrator"] = json!({
                "anyOf": [{ "$ref": "#/$defs/step" }, { "type": "null" }],
                "description": "The pipeline that the program runs.",
            });
        }
        sections
    }

    /// A name of a plugin.
    fn plugins(&self) -> Value {
        let ids = self.table.plugins.iter();
        let ids = ids.filter(|plugin| self.names.plugin(plugin.id).is_some());
        let offered: Vec<Value> = ids
            .map(|plugin| described(json!({ "const": plugin.id }), plugin.description))
            .collect();
        let packages = self.table.plugins.iter().map(|plugin| plugin.package);
        let mut plugins: Vec<&str> = self
            .names
            .plugins()
            .chain(packages)
            .filter(|name| self.names.plugin(name).is_some())
            .filter(|name| self.table.plugins.iter().all(|plugin| plugin.id != *name))
            .collect();
        plugins.sort_unstable();
        plugins.dedup();
        name(&offered, &plugins)
    }

    /// A map with `use`, and `params` and `injects` as it demands.
    fn uses(&mut self, kind: &str, wanted: impl Fn(&Entry) -> bool) -> Value {
        let components = self.table.components.iter().enumerate();
        let (mut offered, mut others) = (Vec::new(), Vec::new());
        let mut rules = Vec::new();
        for (number, entry) in components.filter(|(_, entry)| wanted(entry)) {
            let mut known: Vec<&str> = self
                .names
                .components()
                .filter(|name| self.names.component(name) == Some(number))
                .collect();
            known.sort_unstable();
            known.dedup();
            // An alias may have taken a component's only name away.
            if known.is_empty() {
                continue;
            }
            // Under an alias of its name there may be another one.
            let own = known.iter().find(|name| **name == entry.id);
            let own = own.unwrap_or(&known[0]);
            offered.push(described(json!({ "const": own }), entry.description));
            others.extend(known.iter().filter(|name| *name != own));
            let params = match component_schema(entry) {
                Some(schema) => self.own(entry.id, schema, self.texts),
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
        if offered.is_empty() {
            return json!(false);
        }
        let mut component = name(&offered, &others);
        component["description"] = json!("Which component it is.");
        let mut properties = json!({
            "use": component,
            "injects": { "description": "Which instances it is given, by the names of its fields." },
            "params": { "description": "Its own configuration." },
        });
        if kind == "step" {
            properties["id"] = json!({ "type": "string", "description": "The name under which later steps find the result." });
        }
        json!({ "type": "object", "properties": properties, "required": ["use"], "additionalProperties": false, "allOf": rules })
    }

    fn has_required(&self, params: &Value) -> bool {
        let name = params["$ref"]
            .as_str()
            .and_then(|reference| reference.strip_prefix("#/$defs/"));
        let definition = name.and_then(|name| self.found.get(&name.replace("~1", "/")));
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
            if let Some(schema) = component_schema(entry) {
                let schema = self.own(entry.id, schema, self.texts);
                properties.insert(entry.id.to_owned(), described(schema, entry.description));
            }
        }
        json!({
            "type": ["object", "null"],
            "description": "The configuration of components that there are once, by their ids.",
            "properties": properties,
            "additionalProperties": false
        })
    }

    /// Takes a component's schema in under its own name, with its definitions beside it.
    fn own(&mut self, name: &str, mut schema: Value, texts: TextForms) -> Value {
        if let Value::Object(object) = &mut schema {
            object.remove("$schema");
            if let Some(Value::Object(definitions)) = object.remove("$defs") {
                for (inner, mut definition) in definitions {
                    adapt(&mut definition, name, texts);
                    self.found.insert(format!("{name}.{inner}"), definition);
                }
            }
        }
        // The whole of it is no place for a text.
        adapt_inside(&mut schema, name, texts);
        self.found.insert(name.to_owned(), schema);
        json!({ "$ref": format!("#/$defs/{name}") })
    }
}

/// Makes references absolute, steps steps, and lets a text stand where another type is declared.
fn adapt(schema: &mut Value, owner: &str, texts: TextForms) {
    adapt_inside(schema, owner, texts);
    let step = json!({ "$ref": STEP });
    if *schema != step && schema.get("items") != Some(&step) {
        as_text(schema, texts);
    }
}

const STEP: &str = "#/$defs/step";

fn adapt_inside(schema: &mut Value, owner: &str, texts: TextForms) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|item| adapt(item, owner, texts)),
        Value::Object(object) => {
            if object.get("x-treenail").and_then(Value::as_str) == Some("step") {
                *schema = json!({ "$ref": STEP });
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
                match (key.as_str(), value) {
                    ("default" | "enum" | "const" | "examples" | "required" | "type", _) => {}
                    ("properties" | "patternProperties", Value::Object(fields)) => {
                        fields
                            .values_mut()
                            .for_each(|field| adapt(field, owner, texts));
                    }
                    (_, value) => adapt(value, owner, texts),
                }
            }
        }
        _ => {}
    }
}

/// A value that is no text may be written as one: a number or a boolean as it is, anything as a template.
fn as_text(schema: &mut Value, texts: TextForms) {
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let listed = schema.get("enum").is_some() || schema.get("const").is_some();
    let limited = ["minLength", "maxLength", "pattern"]
        .iter()
        .any(|limit| schema.get(limit).is_some());
    if (kinds.is_empty() && !listed) || (kinds.contains(&"string") && !listed && !limited) {
        return;
    }
    let mut forms = Vec::new();
    if texts == TextForms::Templates {
        forms.push(r"\{[{%#]");
    }
    if !listed && !kinds.contains(&"string") {
        if kinds.contains(&"number") {
            forms.push(r"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$");
        } else if kinds.contains(&"integer") {
            forms.push(r"^\s*[+-]?[0-9]+\s*$");
        }
        if kinds.contains(&"boolean") {
            forms.push(r"^\s*([tT]rue|[fF]alse)\s*$");
        }
    }
    if !forms.is_empty() {
        *schema =
            json!({ "anyOf": [schema.take(), { "type": "string", "pattern": forms.join("|") }] });
    }
}

fn injects(entry: &Entry) -> Value {
    let properties: Map<String, Value> = entry
        .chosen_needs()
        .map(|(_, need)| {
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

/// Needs that several components may meet and none by itself. A named instance need not be chosen where it is the only one.
fn must_be_chosen(entry: &Entry) -> impl Iterator<Item = &'static str> {
    let needs = entry.chosen_needs().map(|(_, need)| need);
    needs
        .filter(|need| need.form != Form::Optional && need.default.is_none() && !need.named)
        .filter(|need| need.providers.len() > 1)
        .map(|need| need.field)
}
