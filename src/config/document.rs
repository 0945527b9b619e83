//! The whole document: its root, its sections, and what comes of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;
use treenail_core::nearest::nearest;

use super::load::Loaded;
use super::names::Names;
use super::node::{Node, Origin, Problems};
use super::path::Path;
use super::problem::{ConfigError, ProblemKind};
use super::renderer::InForce;
use super::service::Services;
use super::settings::Settings;
use super::{logging, version};
use crate::component::AnyComponent;
use crate::container::{Configured, Table};
#[cfg(feature = "pipes")]
use crate::pipe::PipelinePlan;
use crate::redact::Redactor;
use crate::template::{Engine, TemplateRenderer};

#[cfg(feature = "pipes")]
const SECTIONS: &[&str] = &[
    "api_version",
    "plugins",
    "infrastructure",
    "lifecycle",
    "components",
    "services",
    "orchestrator",
];
#[cfg(not(feature = "pipes"))]
const SECTIONS: &[&str] = &[
    "api_version",
    "plugins",
    "infrastructure",
    "lifecycle",
    "components",
    "services",
];

/// Reads and checks the whole configuration.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn configure(
    table: &'static Table,
    settings: &Settings,
) -> Result<Configured, ConfigError> {
    let names = Names::new(table);
    let loaded = settings.load(&names.roots());
    let mut check = Check::new(table, &names, &loaded, settings.redactor());
    let (root, path) = check.root(&loaded.node, settings.has_source());
    let empty = Node::empty(root.map_or_else(Origin::default, |root| root.origin));
    let root = root.unwrap_or(&empty);
    let (name, above) = (path, Path::Root);
    let path = above.key(name);
    check.sections(root, &path);
    check.put_renderer_in_force(root, &path);

    let mut configured = Configured {
        configs: check.components(root, &path),
        redactor: settings.redactor(),
        ..Configured::default()
    };
    configured.made = check.made_singleton();
    let mut services = Services::read(&mut check, root, &path);
    #[cfg(feature = "pipes")]
    let tree = super::step::tree(&mut check, root, &path, &services);
    configured.lifecycle = check.lifecycle(root, &path, &services);
    services.wire(&mut check, &path.key("services"));
    configured.instances = services.into_instances();
    #[cfg(feature = "pipes")]
    if let Some((root, steps)) = tree {
        let first = configured.instances.len();
        configured.instances.extend(steps);
        configured.pipeline = Some(PipelinePlan {
            root,
            first,
            environment: check.environment.clone(),
        });
    }
    super::inject::only_ones(&mut check, &configured);
    check.finish(configured)
}

/// Checks a configuration without building anything.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check(table: &'static Table, settings: &Settings) -> Result<(), ConfigError> {
    configure(table, settings).map(drop)
}

/// One run over a configuration.
pub(super) struct Check<'a> {
    pub(super) table: &'static Table,
    pub(super) names: &'a Names,
    pub(super) problems: Problems<'a>,
    pub(super) renderer: Arc<dyn TemplateRenderer>,
    pub(super) in_force: Option<InForce>,
    /// The renderer could not be made, which was reported; so nothing is said about templates.
    pub(super) renderer_lost: bool,
    pub(super) redactor: Redactor,
    pub(super) environment: Arc<BTreeMap<String, String>>,
    schemas: BTreeMap<usize, Arc<Json>>,
}

impl<'a> Check<'a> {
    fn new(
        table: &'static Table,
        names: &'a Names,
        loaded: &'a Loaded,
        redactor: Redactor,
    ) -> Self {
        Self {
            table,
            names,
            problems: Problems::new(&loaded.layers),
            renderer: Arc::new(Engine::default()),
            in_force: None,
            renderer_lost: false,
            redactor,
            environment: loaded.environment.clone(),
            schemas: BTreeMap::new(),
        }
    }

    /// The singleton that was made because it renders, with its value.
    fn made_singleton(&self) -> Option<(usize, AnyComponent)> {
        let in_force = self.in_force.as_ref()?;
        if in_force.service.is_some() {
            return None;
        }
        Some((in_force.component, in_force.value.clone()?))
    }

    /// The schema of what a component takes; `None` where it takes nothing.
    pub(super) fn schema(&mut self, component: usize) -> Option<Arc<Json>> {
        if let Some(schema) = self.schemas.get(&component) {
            return Some(schema.clone());
        }
        let schema = Arc::new(super::schema::of_component(
            &self.table.components[component],
        )?);
        self.schemas.insert(component, schema.clone());
        Some(schema)
    }

    /// The node below the root key, and the name it goes by in this file.
    fn root<'n>(&mut self, node: &'n Node, wanted: bool) -> (Option<&'n Node>, &'n str) {
        let roots = self.names.roots();
        let mut found: Option<(&Node, &str)> = None;
        for entry in node.entries().unwrap_or_default() {
            let path = Path::Root;
            match (&found, roots.contains(&entry.key.as_str())) {
                (None, true) => found = Some((&entry.value, &entry.key)),
                _ => {
                    let kind = ProblemKind::UnknownKey {
                        key: entry.key.clone(),
                        suggestion: nearest(&entry.key, roots.iter().copied()),
                        known: roots.iter().map(|root| (*root).to_owned()).collect(),
                    };
                    self.problems
                        .add(&path.key(&entry.key), entry.key_origin, kind);
                }
            }
        }
        if found.is_none() && wanted {
            let path = Path::Root;
            let kind = ProblemKind::MissingRoot {
                root: self.table.root.to_owned(),
            };
            // An empty file leaves no value that could name it.
            let origin = match self.problems.layers.first() {
                Some(layer) if layer.text.is_some() => Origin {
                    layer: 0,
                    line: 1,
                    column: 1,
                },
                _ => node.origin,
            };
            self.problems.add(&path.key(self.table.root), origin, kind);
        }
        match found {
            Some((node, name)) => (Some(node), name),
            None => (None, self.table.root),
        }
    }

    /// Keys of the root, and the sections that lead to no component.
    fn sections(&mut self, root: &Node, path: &Path<'_>) {
        if root.entries().is_none() && !root.is_null() {
            self.wrong_type(root, path, "a map of sections");
        }
        self.known_keys(root, path, SECTIONS);
        if let Some(node) = root.get("api_version").filter(|node| !node.is_null()) {
            version::api(
                node,
                &path.key("api_version"),
                self.table.api,
                &mut self.problems,
            );
        }
        if let Some(node) = root.get("plugins") {
            version::plugins(node, &path.key("plugins"), self.names, &mut self.problems);
        }
        if let Some(node) = root.get("infrastructure") {
            logging::of(node, &path.key("infrastructure"), &mut self.problems);
        }
    }

    /// Refuses every key that is not known here.
    pub(super) fn known_keys(&mut self, node: &Node, path: &Path<'_>, known: &[&str]) {
        for entry in node.entries().unwrap_or_default() {
            if !known.contains(&entry.key.as_str()) {
                let kind = ProblemKind::UnknownKey {
                    key: entry.key.clone(),
                    suggestion: nearest(&entry.key, known.iter().copied()),
                    known: known.iter().map(|key| (*key).to_owned()).collect(),
                };
                self.problems
                    .add(&path.key(&entry.key), entry.key_origin, kind);
            }
        }
    }

    pub(super) fn wrong_type(&mut self, node: &Node, path: &Path<'_>, expected: &str) {
        let kind = ProblemKind::WrongType {
            expected: expected.to_owned(),
            found: node.found().to_owned(),
            help: None,
        };
        self.problems.add(path, node.origin, kind);
    }

    fn finish(self, configured: Configured) -> Result<Configured, ConfigError> {
        if !self.problems.is_empty() {
            return Err(ConfigError::new(self.problems.found));
        }
        Ok(configured)
    }
}
