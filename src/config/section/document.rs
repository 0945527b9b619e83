//! The whole document: its root, its sections, and what comes of them.

use std::borrow::Cow;

#[cfg(feature = "pipes")]
use serde_json::Value as Json;

use super::context::Context;
use super::logging::Logging;
use super::names::Names;
use super::renderer;
#[cfg(feature = "pipes")]
use super::step;
use super::structure::{known_keys, wrong_type};
use super::{components, cycle, inject, lifecycle, logging, service, version, vocabulary};
use crate::config::problem::{ConfigError, Origin, Path, ProblemKind, Problems};
use crate::config::read::{Loaded, Node, Pair, Settings, UnreadValue};
use crate::container::{Configured, Table};
#[cfg(feature = "pipes")]
use crate::fingerprint::Fingerprint;
#[cfg(feature = "pipes")]
use crate::pipe::PipelinePlan;
use crate::redact::redact_panics;

/// The keys below the root key.
fn section_names(table: &Table) -> Vec<&'static str> {
    let mut names = vec![
        "api_version",
        "plugins",
        "lifecycle",
        "components",
        "services",
    ];
    if components::has_injects(table) {
        names.push("injects");
    }
    if table.logging {
        names.push("infrastructure");
    }
    if cfg!(feature = "pipes") {
        names.push("orchestrator");
    }
    names
}

/// Reads and checks the whole configuration.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn configure(
    table: &'static Table,
    settings: &Settings,
) -> Result<Configured, ConfigError> {
    let mut loaded = vocabulary::load(table, settings);
    let unread = std::mem::take(&mut loaded.unread);
    let redactor = settings.redactor();
    redact_panics(&redactor);
    let context = Context::new(table, redactor, loaded.environment.clone());
    let mut problems = Problems::new(&loaded.layers);
    let root = match root(&context, &loaded, settings.has_source(), &mut problems) {
        Ok(root) => root,
        // All else would be a consequence.
        Err(NoRoot) => return Err(problems.into_error()),
    };
    let above = Path::Root;
    let path = above.key(root.map_or(table.root, |root| &root.key));
    let services = path.key("services").to_string();
    for UnreadValue { path, origin, kind } in unread {
        // Services that read alike are a mistake by themselves.
        if path != services || kind.code() != "read-alike" {
            problems.add_at(path, origin, *kind);
        }
    }
    let root_at = root.map_or_else(Origin::default, |root| root.key_origin);
    let empty = Node::empty(root_at);
    let root = root.map_or(&empty, |root| &root.value);
    let root = sections(&context, root, &path, &mut problems);
    let configured = configured(&context, &root, root_at, &path, &mut problems);
    problems.redact(&context.redactor);
    problems.unless_any(configured)
}

/// Checks a configuration without building anything.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check(table: &'static Table, settings: &Settings) -> Result<(), ConfigError> {
    configure(table, settings).map(drop)
}

/// The section of a configuration, with its defaults where there is none: an application sets up its log before it starts.
///
/// # Errors
/// The section is wrong.
pub fn logging(table: &'static Table, settings: &Settings) -> Result<Logging, ConfigError> {
    let roots = Names::new(table).roots();
    let loaded = vocabulary::load(table, settings);
    let mut problems = Problems::new(&loaded.layers);
    let mut roots = roots.iter();
    let found = roots.find_map(|root| loaded.node.pair(root));
    let read = found.map_or_else(Logging::default, |root| {
        let above = Path::Root;
        logging::read(&root.value, &above.key(&root.key), &mut problems)
    });
    problems.unless_any(read)
}

/// A configuration holds no root key, which was told.
pub(super) struct NoRoot;

/// The root key of this configuration; `wanted`: there is something that must hold it.
pub(super) fn root<'n>(
    context: &Context,
    loaded: &'n Loaded,
    wanted: bool,
    problems: &mut Problems<'_>,
) -> Result<Option<&'n Pair>, NoRoot> {
    let document = &loaded.node;
    let roots = context.names.roots();
    let above = Path::Root;
    let mut found: Option<&Pair> = None;
    let mut meant = false;
    for pair in document.pairs().unwrap_or_default() {
        if found.is_none() && roots.contains(&pair.key.as_str()) {
            found = Some(pair);
            continue;
        }
        let mut kind =
            ProblemKind::unknown_key(&pair.key, pair.value.is_null(), roots.iter().copied());
        if let ProblemKind::UnknownKey { suggestion, .. } = &mut kind
            && suggestion.is_none()
            && holds_sections(context.table, &pair.value)
        {
            *suggestion = Some(context.table.root.to_owned());
        }
        meant |= kind.meant().is_some();
        problems.add_key(&above, pair.key_origin, kind);
    }
    // A variable may have a root key where the files have another.
    let is_written = found.is_some_and(|root| root.key_origin.layer < loaded.written);
    if meant && !is_written {
        return Err(NoRoot);
    }
    if found.is_some() || !wanted {
        return Ok(found);
    }
    let root = context.table.root;
    let kind = ProblemKind::MissingRoot {
        root: root.to_owned(),
    };
    // An empty file leaves no value that could name it.
    let first = problems.layers.first();
    let has_lines = first.is_some_and(|layer| layer.text.is_some());
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
    Err(NoRoot)
}

/// Whether a value is one for the root key, whatever it stands under.
fn holds_sections(table: &Table, node: &Node) -> bool {
    let sections = section_names(table);
    let mut keys = node.pairs().unwrap_or_default().iter();
    keys.any(|pair| sections.contains(&pair.key.as_str()))
}

/// Checks the keys of the root, and the sections that lead to no component. What comes back has its sections by their names.
fn sections<'n>(
    context: &Context,
    root: &'n Node,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Cow<'n, Node> {
    if root.pairs().is_none() && !root.is_null() {
        wrong_type(root, path, "a map of sections", problems);
    }
    let root = known_keys(root, path, &section_names(context.table), problems);
    if let Some(node) = root.given("api_version") {
        let path = path.key("api_version");
        version::api(node, &path, context.table.api, problems);
    }
    if let Some(node) = root.given("plugins") {
        version::plugins(node, &path.key("plugins"), &context.names, problems);
    }
    if context.table.logging {
        logging::read(&root, path, problems);
    }
    root
}

/// Reads the sections that configure components.
fn configured(
    context: &Context,
    root: &Node,
    root_at: Origin,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Configured {
    let renderer = renderer::choose(context, root, root_at, path, problems);
    let configs = components::read(context, &renderer, root, root_at, path, problems);
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
    let services_at = root
        .pair("services")
        .map_or(root_at, |pair| pair.key_origin);
    inject::refuse_not_exactly_one(context, &configured, &services_path, services_at, problems);
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
        let variables = context.environment.iter();
        let variables = variables.map(|(name, value)| (name.as_str(), value.as_str()));
        configured.pipeline = Some(PipelinePlan {
            root: steps.root,
            first,
            environment: context.environment.clone(),
            fingerprint: Fingerprint::of(&Json::from_iter([
                ("orchestrator", steps.written),
                ("environment", variables.collect()),
            ])),
        });
    }
    configured
}
