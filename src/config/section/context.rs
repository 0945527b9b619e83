//! What a configuration is checked against: the composition, and what templates see.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::names::Names;
use crate::container::{Entry, Table};
use crate::redact::Redactor;

/// What every part of a configuration is checked against.
pub(super) struct Context {
    pub(super) table: &'static Table,
    pub(super) names: Names,
    /// Learns the secrets among the values.
    pub(super) redactor: Redactor,
    /// The variables that templates see.
    pub(super) environment: Arc<BTreeMap<String, String>>,
    /// What each component takes, once somebody has asked.
    schemas: Vec<OnceCell<Option<Json>>>,
}

impl Context {
    pub(super) fn new(
        table: &'static Table,
        redactor: Redactor,
        environment: Arc<BTreeMap<String, String>>,
    ) -> Self {
        Self {
            table,
            names: Names::new(table),
            redactor,
            environment,
            schemas: table.components.iter().map(|_| OnceCell::new()).collect(),
        }
    }

    /// The entry of the component with this number.
    pub(super) fn entry(&self, component: usize) -> &'static Entry {
        &self.table.components[component]
    }

    /// The schema of what a component takes; `None` where it takes nothing.
    pub(super) fn schema(&self, component: usize) -> Option<&Json> {
        let schema = &self.schemas[component];
        let read = || component_schema(self.entry(component));
        schema.get_or_init(read).as_ref()
    }
}

/// The schema of what a component takes; `None` where it takes nothing.
pub(super) fn component_schema(entry: &Entry) -> Option<Json> {
    #[cfg(feature = "pipes")]
    if let Some(binding) = entry.pipe {
        let schema = (binding().schema)().to_value();
        // A pipe without parameters has `()` for them.
        let nothing = schema.get("type").and_then(Json::as_str) == Some("null");
        return (!nothing).then_some(schema);
    }
    entry.config.map(|binding| (binding().schema)().to_value())
}
