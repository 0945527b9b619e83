//! The `lifecycle` section: deadlines and budgets, over those of the host and of the components.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::context::Context;
use super::service::Services;
use super::structure::{mended, read_as};
use crate::config::problem::{Path, ProblemKind, Problems};
use crate::config::read::Node;
use crate::config::value::Duration;
use crate::container::{ConfiguredLifecycle, Deadlines};

/// How the application is taken through its life.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Section {
    /// One component at a time.
    sequential: Option<bool>,
    /// How long each component may take.
    deadline: Option<StepLimits>,
    /// How long all components together may take.
    total: Option<PhaseLimits>,
    /// How long one component may take, by its id or its name under `services`.
    components: Option<BTreeMap<String, Option<StepLimits>>>,
}

/// How long the phases of one component may take.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "Deadlines")]
struct StepLimits {
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
#[schemars(rename = "Totals")]
struct PhaseLimits {
    /// Building.
    build: Option<Duration>,
    /// Starting.
    start: Option<Duration>,
    /// Stopping.
    stop: Option<Duration>,
    /// Stopping after a failed start.
    rollback: Option<Duration>,
}

impl From<StepLimits> for Deadlines {
    fn from(limits: StepLimits) -> Self {
        Self {
            build: limits.build.map(Duration::get),
            start: limits.start.map(Duration::get),
            stop: limits.stop.map(Duration::get),
        }
    }
}

/// Reads the section.
pub(super) fn read(
    context: &Context,
    services: &Services,
    root: &Node,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> ConfiguredLifecycle {
    let path = path.key("lifecycle");
    let node = root.given("lifecycle");
    let section = node.and_then(|node| read_as::<Section>(node, &path, problems));
    // Names are looked at also where something else is wrong.
    let keys = node.map(|node| mended(node, &["sequential", "deadline", "total", "components"]));
    if let Some(node) = keys.as_ref().and_then(|node| node.get("components")) {
        let path = path.key("components");
        for pair in node.pairs().unwrap_or_default() {
            if name_in_use(context, services, &pair.key).is_none() {
                let kind = unknown(context, services, &pair.key);
                problems.add(&path.key(&pair.key), pair.key_origin, kind);
            }
        }
    }
    let Some(section) = section else {
        return ConfiguredLifecycle::default();
    };
    let limits = section.components.unwrap_or_default().into_iter();
    let components = limits
        .map(|(name, limits)| {
            let known = name_in_use(context, services, &name);
            (known.unwrap_or(name), limits.unwrap_or_default().into())
        })
        .collect();
    let total = section.total.unwrap_or_default();
    ConfiguredLifecycle {
        sequential: section.sequential,
        deadline: section.deadline.unwrap_or_default().into(),
        total: Deadlines {
            build: total.build.map(Duration::get),
            start: total.start.map(Duration::get),
            stop: total.stop.map(Duration::get),
        },
        rollback: total.rollback.map(Duration::get),
        components,
    }
}

/// The name that a component or an instance has in the application. A service comes before a component.
fn name_in_use(context: &Context, services: &Services, name: &str) -> Option<String> {
    if services.named(name).is_some() {
        return Some(name.to_owned());
    }
    let component = context.names.component(name)?;
    Some(context.entry(component).id.to_owned())
}

fn unknown(context: &Context, services: &Services, name: &str) -> ProblemKind {
    let mut kind = context.names.unknown_component(name, |_| true);
    if let ProblemKind::UnknownComponent { suggestion, .. } = &mut kind {
        *suggestion = services
            .near(name, |_, _| true)
            .or_else(|| suggestion.take());
    }
    kind
}
