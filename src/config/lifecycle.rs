//! The `lifecycle` section: deadlines and budgets, over those of the host and of the components.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use treenail_core::nearest::nearest;

use super::Duration;
use super::document::Check;
use super::node::Node;
use super::path::Path;
use super::problem::ProblemKind;
use super::service::Services;
use super::shape::Shape;
use super::value::{Compiler, Mode};
use crate::container;
use crate::container::Overrides;

/// How the application is taken through its life.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Section {
    /// One component at a time.
    sequential: Option<bool>,
    /// How long each component may take.
    deadline: Option<Deadlines>,
    /// How long all components together may take.
    total: Option<Totals>,
    /// How long one component may take, by its id or its name under `services`.
    components: Option<BTreeMap<String, Option<Deadlines>>>,
}

/// How long the steps of one component may take.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Deadlines {
    /// To be built.
    build: Option<Duration>,
    /// To start.
    start: Option<Duration>,
    /// To stop, and before that for its tasks to end.
    stop: Option<Duration>,
}

/// How long a phase may take.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Totals {
    /// Building.
    build: Option<Duration>,
    /// Starting.
    start: Option<Duration>,
    /// Stopping.
    stop: Option<Duration>,
    /// Stopping after a failed start.
    rollback: Option<Duration>,
}

impl From<Deadlines> for container::Deadlines {
    fn from(limits: Deadlines) -> Self {
        Self {
            build: limits.build.map(Duration::get),
            start: limits.start.map(Duration::get),
            stop: limits.stop.map(Duration::get),
        }
    }
}

impl Check<'_> {
    /// Reads the section.
    pub(super) fn lifecycle(
        &mut self,
        root: &Node,
        path: &Path<'_>,
        services: &Services,
    ) -> Overrides {
        let path = path.key("lifecycle");
        let Some(node) = root.get("lifecycle").filter(|node| !node.is_null()) else {
            return Overrides::default();
        };
        let schema = crate::component::schema_of::<Section>().to_value();
        let before = self.problems.len();
        let compiled = Compiler::new(Mode::Plain, &mut self.problems).compile(
            node,
            Shape::root(&schema),
            &path,
        );
        if self.problems.len() > before {
            return Overrides::default();
        }
        let section = match serde_json::from_value::<Section>(compiled.plain()) {
            Ok(section) => section,
            Err(error) => {
                let message = error.to_string();
                self.problems
                    .add(&path, node.origin, ProblemKind::Refused { message });
                return Overrides::default();
            }
        };
        let total = section.total.unwrap_or_default();
        let components = self.tuned(node, &path, services, section.components);
        Overrides {
            sequential: section.sequential,
            deadline: section.deadline.unwrap_or_default().into(),
            total: container::Deadlines {
                build: total.build.map(Duration::get),
                start: total.start.map(Duration::get),
                stop: total.stop.map(Duration::get),
            },
            rollback: total.rollback.map(Duration::get),
            components,
        }
    }

    /// The deadlines by the name that a component or an instance has in the application.
    fn tuned(
        &mut self,
        node: &Node,
        path: &Path<'_>,
        services: &Services,
        said: Option<BTreeMap<String, Option<Deadlines>>>,
    ) -> BTreeMap<String, container::Deadlines> {
        let path = path.key("components");
        let mut tuned = BTreeMap::new();
        for (name, limits) in said.unwrap_or_default() {
            let known = self.names.component(&name);
            let in_use = match known.filter(|_| services.named(&name).is_none()) {
                Some(component) => self.table.components[component].id.to_owned(),
                None => name.clone(),
            };
            if known.is_none() && services.named(&name).is_none() {
                let names = self.names.components().map(str::to_owned);
                let names: Vec<String> = names.chain(services.names().map(str::to_owned)).collect();
                let left_out = self.names.left_out(&name);
                let kind = left_out.unwrap_or_else(|| ProblemKind::UnknownComponent {
                    suggestion: nearest(&name, names.iter().map(String::as_str)),
                    name: name.clone(),
                });
                let entries = node.get("components").and_then(Node::entries);
                let entry = entries.unwrap_or_default().iter();
                let origin = entry.clone().find(|entry| entry.key == name);
                let origin = origin.map_or(node.origin, |entry| entry.key_origin);
                self.problems.add(&path.key(&name), origin, kind);
            }
            tuned.insert(in_use, limits.unwrap_or_default().into());
        }
        tuned
    }
}
