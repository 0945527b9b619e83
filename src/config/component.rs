//! What a component is given: the `use` that names it, its configuration, and the `components` section.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::document::Check;
use super::node::{Node, Origin};
use super::path::Path;
use super::problem::ProblemKind;
use super::shape::Shape;
use super::value::{Compiler, Mode};
use crate::component::ConfigBinding;
use crate::container::{ConfigSource, Scope};
use crate::template::{TemplateRenderer, TemplateScope};

impl Check<'_> {
    /// The component that `use` names.
    pub(super) fn used(&mut self, node: &Node, path: &Path<'_>, origin: Origin) -> Option<usize> {
        let path = path.key("use");
        let Some(name_node) = node.get("use") else {
            let kind = ProblemKind::MissingKey {
                key: "use".to_owned(),
                expected: "the id of a component".to_owned(),
            };
            self.problems.add(&path, origin, kind);
            return None;
        };
        let Some(name) = name_node.text() else {
            self.wrong_type(name_node, &path, "the id of a component");
            return None;
        };
        let found = self.names.component(name);
        if found.is_none() {
            let kind = self.names.unknown_component(name);
            self.problems.add(&path, name_node.origin, kind);
        }
        found
    }

    /// Checks and renders the configuration of a component; it stays as it is until the application ends.
    pub(super) fn config(
        &mut self,
        component: usize,
        node: &Node,
        path: &Path<'_>,
    ) -> Option<ConfigSource> {
        let renderer = self.renderer.clone();
        self.config_with(Some(&*renderer), component, node, path)
    }

    /// The same for the renderer itself: its texts are texts.
    pub(super) fn plain_config(
        &mut self,
        component: usize,
        node: &Node,
        path: &Path<'_>,
    ) -> Option<ConfigSource> {
        self.config_with(None, component, node, path)
    }

    fn config_with(
        &mut self,
        renderer: Option<&dyn TemplateRenderer>,
        component: usize,
        node: &Node,
        path: &Path<'_>,
    ) -> Option<ConfigSource> {
        let before = self.problems.len();
        let Some(schema) = self.schema(component) else {
            if node.entries().is_none() {
                self.wrong_type(node, path, "nothing: the component takes no parameters");
            }
            self.known_keys(node, path, &[]);
            return None;
        };
        let binding = self.table.components[component].config?();
        let mode = renderer.map_or(Mode::Plain, Mode::Templates);
        let mut compiler = Compiler::new(mode, &mut self.problems);
        let compiled = compiler.compile(node, Shape::root(&schema), path);
        let secrets = compiler.secrets;
        secrets
            .iter()
            .for_each(|secret| self.redactor.learn(secret));
        let scope = Arc::new(TemplateScope::new(self.environment.clone()));
        secrets.iter().for_each(|secret| scope.secret(secret));
        let mut failures = Vec::new();
        let value = compiled.render_all(&scope, &mut failures);
        scope
            .secrets()
            .iter()
            .for_each(|secret| self.redactor.learn(secret));
        if self.renderer_lost {
            return None;
        }
        for failure in failures {
            self.problems.add_at(
                failure.path,
                failure.origin,
                ProblemKind::Template {
                    message: failure.message,
                },
            );
        }
        if let Some(message) = scope.failed() {
            self.problems
                .add(path, node.origin, ProblemKind::Template { message });
        }
        if self.problems.len() == before
            && let Err(error) = (binding.read)(&value)
        {
            self.problems.add(
                path,
                node.origin,
                ProblemKind::Refused {
                    message: scope.redacted(&error.to_string()),
                },
            );
        }
        Some(source(binding, value))
    }

    /// The `components` section, and the defaults of every singleton that it leaves out.
    pub(super) fn components(
        &mut self,
        root: &Node,
        path: &Path<'_>,
    ) -> BTreeMap<usize, ConfigSource> {
        let path = path.key("components");
        let mut found = BTreeMap::new();
        let section = root.get("components").filter(|node| !node.is_null());
        if let Some(node) = section
            && node.entries().is_none()
        {
            self.wrong_type(
                node,
                &path,
                "a map with the id of a component before each configuration",
            );
        }
        for entry in section.and_then(Node::entries).unwrap_or_default() {
            let path = path.key(&entry.key);
            let Some(component) = self.names.component(&entry.key) else {
                let kind = self.names.unknown_component(&entry.key);
                self.problems.add(&path, entry.key_origin, kind);
                continue;
            };
            let target = &self.table.components[component];
            if target.scope == Scope::Instance {
                let kind = ProblemKind::WrongKind {
                    component: target.id.to_owned(),
                    expected: "a singleton",
                    found: "configured as a named service or a step",
                };
                self.problems.add(&path, entry.key_origin, kind);
                continue;
            }
            let source = match self.config_in_force(component) {
                Some(source) => source,
                None => self.config(component, &entry.value, &path),
            };
            found.insert(component, source);
        }
        for (component, entry) in self.table.components.iter().enumerate() {
            if entry.scope != Scope::Instance
                && entry.config.is_some()
                && !found.contains_key(&component)
            {
                let empty = Node::empty(section.unwrap_or(root).origin);
                let source = match self.config_in_force(component) {
                    Some(source) => source,
                    None => self.config(component, &empty, &path.key(entry.id)),
                };
                found.insert(component, source);
            }
        }
        found
            .into_iter()
            .filter_map(|(component, source)| Some((component, source?)))
            .collect()
    }
}

impl Check<'_> {
    /// The configuration of the singleton that is in force as the renderer, which was looked at first.
    fn config_in_force(&self, component: usize) -> Option<Option<ConfigSource>> {
        let in_force = self.in_force.as_ref()?;
        (in_force.service.is_none() && in_force.component == component)
            .then(|| in_force.config.clone())
    }
}

fn source(binding: ConfigBinding, value: Value) -> ConfigSource {
    Arc::new(move || Ok((binding.read)(&value)?))
}
