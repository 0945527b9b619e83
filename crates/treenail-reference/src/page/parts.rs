//! The schema of a configuration in its parts: the sections of the program itself, and what each component takes.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::composition::Composition;
use crate::schema::{MapForm, Schemas, ValueForm};

/// The parts of a schema.
pub(crate) struct Parts<'s> {
    pub(crate) schemas: Schemas<'s>,
    /// What stands under the root key.
    pub(crate) configuration: MapForm<'s>,
    /// A step of the pipeline, where there is one.
    pub(crate) step: Option<MapForm<'s>>,
    taken: BTreeMap<&'s str, Taken<'s>>,
}

/// What a component takes, and where that stands.
#[derive(Clone, Copy)]
pub(crate) struct Taken<'s> {
    pub(crate) place: Place,
    /// Its configuration.
    pub(crate) params: Option<&'s Value>,
    /// The instances that may be chosen for it.
    pub(crate) injects: Option<&'s Value>,
    /// Whether any of them has to be chosen.
    pub(crate) has_to_choose: bool,
}

/// Where the configuration of a component stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Under its id.
    Components,
    /// With an instance.
    Services,
    /// With a step.
    Pipeline,
}

impl<'s> Parts<'s> {
    /// The parts; `None` where this is no schema of a configuration with the root key.
    pub(crate) fn of(composition: &Composition, schema: &'s Value) -> Option<Self> {
        let schemas = Schemas::new(schema);
        let root = schema["properties"].get(&composition.root)?;
        let configuration = schemas.map(root)?;
        let mut taken = BTreeMap::new();
        for (name, place) in [("service", Place::Services), ("step", Place::Pipeline)] {
            let Some(definition) = schemas.at(&format!("/$defs/{name}")) else {
                continue;
            };
            for (id, then) in rules(definition) {
                let properties = &then["properties"];
                let required = then["required"].as_array();
                let mut required = required.into_iter().flatten();
                let taken_by_it = Taken {
                    place,
                    params: properties.get("params"),
                    injects: properties.get("injects"),
                    has_to_choose: required.any(|key| key == "injects"),
                };
                taken.insert(id, taken_by_it);
            }
        }
        let section = |name| {
            let section = configuration.properties.get(name);
            section.and_then(|at| schemas.map(at))
        };
        let injects = section("injects").unwrap_or_default().properties;
        for (id, at) in section("components").unwrap_or_default().properties {
            let taken_by_it = Taken {
                place: Place::Components,
                params: Some(at),
                injects: None,
                has_to_choose: false,
            };
            taken.insert(id, taken_by_it);
        }
        for (id, at) in injects {
            let entry = taken.entry(id).or_insert(Taken {
                place: Place::Components,
                params: None,
                injects: None,
                has_to_choose: false,
            });
            entry.injects = Some(at);
        }
        let step = schemas.at("/$defs/step");
        let step = step.and_then(|at| schemas.map(at));
        Some(Self {
            schemas,
            configuration,
            step,
            taken,
        })
    }

    /// The components that the schema has.
    pub(crate) fn components(&self) -> impl Iterator<Item = &'s str> {
        self.taken.keys().copied()
    }

    /// What a component takes.
    pub(crate) fn taken(&self, id: &str) -> Option<Taken<'s>> {
        self.taken.get(id).copied()
    }

    /// Whether the program runs a pipeline.
    pub(crate) fn has_pipeline(&self) -> bool {
        self.configuration.properties.contains_key("orchestrator")
    }
}

/// The rules for each component that `use` may name, by the name that is offered.
fn rules(definition: &Value) -> Vec<(&str, &Value)> {
    let offered = definition["properties"]["use"]["anyOf"].as_array();
    let offered = offered.into_iter().flatten();
    let offered: Vec<&str> = offered.filter_map(|one| one["const"].as_str()).collect();
    let all = definition["allOf"].as_array().into_iter().flatten();
    let rules = all.filter_map(|rule| {
        let names = rule["if"]["properties"]["use"]["enum"].as_array()?;
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        let own = names.iter().find(|name| offered.contains(name));
        Some((*own.or(names.first())?, rule.get("then")?))
    });
    rules.collect()
}

/// Whether a value is a map alone, whose keys say all.
pub(crate) fn is_map(forms: &[ValueForm<'_>]) -> bool {
    forms.iter().all(|form| matches!(form, ValueForm::Map(_)))
}
