//! `components` and `injects`: the configuration of what there is once, and of what is made anew for each injection; and which
//! named instances they get.

use std::collections::BTreeMap;

use super::component::{config, no_service};
use super::context::Context;
use super::inject::Consumer;
use super::renderer::ChosenRenderer;
use super::service::Services;
use super::structure::wrong_type;
use crate::config::problem::{Origin, Path, ProblemKind, Problems};
use crate::config::read::{Node, Pair};
use crate::container::{ConfigSource, Entry, Scope, Table, Target};

/// Reads the section, and the defaults of every component that it leaves out.
pub(super) fn read(
    context: &Context,
    renderer: &ChosenRenderer,
    root: &Node,
    root_at: Origin,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> BTreeMap<usize, ConfigSource> {
    let path = path.key("components");
    let section = root.given("components");
    if let Some(node) = section
        && node.pairs().is_none()
    {
        let expected = "a map with the id of a component before each configuration";
        wrong_type(node, &path, expected, problems);
    }
    let pairs = section.and_then(Node::pairs).unwrap_or_default();
    let named = named(context, pairs);
    let mut found = BTreeMap::new();
    for pair in pairs {
        let written = path.key(&pair.key);
        if let Some(component) = configurable(context, pair, &named, &written, problems) {
            let mut own = problems.trial();
            let is_named = context.names.component(&pair.key).is_some();
            let meant = path.key(context.entry(component).id);
            let path = if is_named { written } else { meant };
            let source = source(context, renderer, component, &pair.value, &path, &mut own);
            found.insert(component, source);
            // Other keys than those of the component that was probably meant: perhaps another one was.
            let is_other = own.kinds().any(|kind| kind.code() == "unknown-key");
            if is_named || !is_other {
                problems.append(own);
            }
        }
    }
    // What nobody wrote stands nowhere: the section is where it could, and the root key where there is none.
    let section_at = root.pair("components").map(|pair| pair.key_origin);
    let mut places = section_at.into_iter().chain([root_at]);
    let place = places.find(|place| problems.is_in_a_file(*place));
    let place = place.unwrap_or_else(Origin::nowhere);
    let empty = Node::empty(place);
    // Something else stands there, which was told.
    let unreadable = section.is_some_and(|section| section.pairs().is_none());
    for (component, entry) in context.table.components.iter().enumerate() {
        let takes_some = entry.scope != Scope::Instance && entry.config.is_some();
        if takes_some && !found.contains_key(&component) && !unreadable {
            let path = path.key(entry.id);
            let before = problems.len();
            let source = source(context, renderer, component, &empty, &path, problems);
            problems.name_component(before, entry.id);
            found.insert(component, source);
        }
    }
    found
        .into_iter()
        .filter_map(|(component, source)| Some((component, source?)))
        .collect()
}

/// Whether a component is one that the section `injects` may name.
pub(super) fn takes_injects(entry: &Entry) -> bool {
    entry.scope != Scope::Instance && entry.chosen_needs().next().is_some()
}

/// Whether a configuration has the section `injects`.
pub(super) fn has_injects(table: &Table) -> bool {
    table.components.iter().any(takes_injects)
}

/// Reads the section `injects`, and meets the needs that it leaves out.
pub(super) fn injects(
    context: &Context,
    services: &Services,
    root: &Node,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> BTreeMap<usize, BTreeMap<usize, Target>> {
    if !has_injects(context.table) {
        return BTreeMap::new();
    }
    let path = path.key("injects");
    let section = root.given("injects");
    if let Some(node) = section
        && node.pairs().is_none()
    {
        let expected = "a map with the id of a component before what it injects";
        wrong_type(node, &path, expected, problems);
    }
    let pairs = section.and_then(Node::pairs).unwrap_or_default();
    let named = named(context, pairs);
    let mut stated = BTreeMap::new();
    for pair in pairs {
        let path = path.key(&pair.key);
        if let Some(component) = configurable(context, pair, &named, &path, problems) {
            stated.insert(component, pair);
        }
    }
    let origin = section.unwrap_or(root).origin;
    let mut injects = BTreeMap::new();
    for (component, entry) in context.table.components.iter().enumerate() {
        let pair = stated.get(&component);
        if pair.is_none() && !takes_injects(entry) {
            continue;
        }
        let consumer = Consumer {
            component,
            injects: pair.map(|pair| &pair.value),
            origin: pair.map_or(origin, |pair| pair.key_origin),
            service: None,
        };
        let path = path.key(pair.map_or(entry.id, |pair| &pair.key));
        let targets = consumer.resolve(context, services, &path, problems);
        injects.insert(component, targets);
    }
    injects
}

/// The components that the keys of a section name.
fn named(context: &Context, pairs: &[Pair]) -> Vec<Option<usize>> {
    pairs
        .iter()
        .map(|pair| context.names.component(&pair.key))
        .collect()
}

/// The component that a key names, or nearly names where no other key names it, if it is configured here.
fn configurable(
    context: &Context,
    pair: &Pair,
    named: &[Option<usize>],
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<usize> {
    let Some(component) = context.names.component(&pair.key) else {
        let fits = |entry: &Entry| entry.scope != Scope::Instance;
        let kind = context.names.unknown_component(&pair.key, fits);
        let meant = kind
            .meant()
            .and_then(|meant| context.names.component(meant));
        problems.add(path, pair.key_origin, kind);
        return meant.filter(|meant| !named.contains(&Some(*meant)));
    };
    let entry = context.entry(component);
    if entry.scope == Scope::Instance {
        let kind = ProblemKind::WrongKind {
            component: entry.id.to_owned(),
            expected: "a singleton",
            found: match no_service(entry) {
                Some(found) => found,
                None => "configured as a named service",
            },
        };
        problems.add(path, pair.key_origin, kind);
        return None;
    }
    Some(component)
}

/// The configuration of a component; the renderer's was read before.
fn source(
    context: &Context,
    renderer: &ChosenRenderer,
    component: usize,
    node: &Node,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<ConfigSource> {
    match renderer.config_of(component) {
        Some(source) => source,
        None => config(context, &renderer.texts, component, node, path, problems),
    }
}
