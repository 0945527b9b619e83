//! The whole document: its root, its sections, and what comes of them.

use super::context::Context;
use super::names::Names;
use super::renderer;
#[cfg(feature = "pipes")]
use super::step;
use super::structure::{known_keys, wrong_type};
use super::{components, cycle, inject, lifecycle, logging, service, version};
use crate::config::problem::{ConfigError, Origin, Path, ProblemKind, Problems};
use crate::config::read::{Node, Pair, Settings};
use crate::container::{Configured, Table};
#[cfg(feature = "pipes")]
use crate::pipe::PipelinePlan;

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
    let loaded = settings.load(&Names::new(table).roots());
    let context = Context::new(table, settings.redactor(), loaded.environment.clone());
    let mut problems = Problems::new(&loaded.layers);
    let root = root(&context, &loaded.node, settings.has_source(), &mut problems);
    let above = Path::Root;
    let path = above.key(root.map_or(table.root, |root| &root.key));
    let empty = Node::empty(Origin::default());
    let root = root.map_or(&empty, |root| &root.value);
    sections(&context, root, &path, &mut problems);
    let configured = configured(&context, root, &path, &mut problems);
    problems.unless_any(configured)
}

/// Checks a configuration without building anything.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check(table: &'static Table, settings: &Settings) -> Result<(), ConfigError> {
    configure(table, settings).map(drop)
}

/// The root key of this configuration; `wanted`: there is something that must hold it.
fn root<'n>(
    context: &Context,
    document: &'n Node,
    wanted: bool,
    problems: &mut Problems<'_>,
) -> Option<&'n Pair> {
    let roots = context.names.roots();
    let above = Path::Root;
    let mut found: Option<&Pair> = None;
    for pair in document.pairs().unwrap_or_default() {
        if found.is_none() && roots.contains(&pair.key.as_str()) {
            found = Some(pair);
        } else {
            let kind = ProblemKind::unknown_key(&pair.key, roots.iter().copied());
            problems.add(&above.key(&pair.key), pair.key_origin, kind);
        }
    }
    if found.is_none() && wanted {
        let root = context.table.root;
        let kind = ProblemKind::MissingRoot {
            root: root.to_owned(),
        };
        // An empty file leaves no value that could name it.
        let has_lines = problems
            .layers
            .first()
            .is_some_and(|layer| layer.text.is_some());
        let first_line = Origin {
            layer: 0,
            line: 1,
            column: 1,
        };
        let origin = if has_lines {
            first_line
        } else {
            document.origin
        };
        problems.add(&above.key(root), origin, kind);
    }
    found
}

/// Checks the keys of the root, and the sections that lead to no component.
fn sections(context: &Context, root: &Node, path: &Path<'_>, problems: &mut Problems<'_>) {
    if root.pairs().is_none() && !root.is_null() {
        wrong_type(root, path, "a map of sections", problems);
    }
    let injects = components::has_injects(context.table).then_some("injects");
    let sections: Vec<&str> = SECTIONS.iter().copied().chain(injects).collect();
    known_keys(root, path, &sections, problems);
    if let Some(node) = root.given("api_version") {
        let path = path.key("api_version");
        version::api(node, &path, context.table.api, problems);
    }
    if let Some(node) = root.given("plugins") {
        version::plugins(node, &path.key("plugins"), &context.names, problems);
    }
    logging::read(root, path, problems);
}

/// Reads the sections that configure components.
fn configured(
    context: &Context,
    root: &Node,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Configured {
    let renderer = renderer::choose(context, root, path, problems);
    let configs = components::read(context, &renderer, root, path, problems);
    let mut services = service::read(context, &renderer, root, path, problems);
    #[cfg(feature = "pipes")]
    let steps = step::read(context, &renderer, &services, root, path, problems);
    let lifecycle = lifecycle::read(context, &services, root, path, problems);
    let services_path = path.key("services");
    inject::wire(&mut services, context, &services_path, problems);
    let injects = components::injects(context, &services, root, path, problems);
    cycle::refuse(&services, &injects, context, &services_path, problems);
    let configured = Configured {
        configs,
        injects,
        lifecycle,
        instances: services.into_instances(),
        made: renderer.made_singleton(),
        redactor: context.redactor.clone(),
        #[cfg(feature = "pipes")]
        pipeline: None,
    };
    #[cfg(feature = "pipes")]
    let configured = with_pipeline(configured, steps, context);
    inject::refuse_not_exactly_one(context, &configured, problems);
    configured
}

/// The steps come after the named instances.
#[cfg(feature = "pipes")]
fn with_pipeline(
    mut configured: Configured,
    steps: Option<step::StepTree>,
    context: &Context,
) -> Configured {
    if let Some(steps) = steps {
        let first = configured.instances.len();
        configured.instances.extend(steps.instances);
        configured.pipeline = Some(PipelinePlan {
            root: steps.root,
            first,
            environment: context.environment.clone(),
        });
    }
    configured
}
