//! `components`: the configuration of what there is once, and of what is made anew for each injection.

use std::collections::BTreeMap;

use super::component::config;
use super::context::Context;
use super::renderer::ChosenRenderer;
use super::structure::wrong_type;
use crate::config::problem::{Path, ProblemKind, Problems};
use crate::config::read::{Node, Pair};
use crate::container::{ConfigSource, Scope};

/// Reads the section, and the defaults of every component that it leaves out.
pub(super) fn read(
    context: &Context,
    renderer: &ChosenRenderer,
    root: &Node,
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
    let mut found = BTreeMap::new();
    for pair in section.and_then(Node::pairs).unwrap_or_default() {
        let path = path.key(&pair.key);
        if let Some(component) = configurable(context, pair, &path, problems) {
            let source = source(context, renderer, component, &pair.value, &path, problems);
            found.insert(component, source);
        }
    }
    let empty = Node::empty(section.unwrap_or(root).origin);
    for (component, entry) in context.table.components.iter().enumerate() {
        let takes_some = entry.scope != Scope::Instance && entry.config.is_some();
        if takes_some && !found.contains_key(&component) {
            let path = path.key(entry.id);
            let source = source(context, renderer, component, &empty, &path, problems);
            found.insert(component, source);
        }
    }
    found
        .into_iter()
        .filter_map(|(component, source)| Some((component, source?)))
        .collect()
}

/// The component that a key names, if it is configured here.
fn configurable(
    context: &Context,
    pair: &Pair,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<usize> {
    let Some(component) = context.names.component(&pair.key) else {
        let kind = context.names.unknown_component(&pair.key);
        problems.add(path, pair.key_origin, kind);
        return None;
    };
    let entry = context.entry(component);
    if entry.scope == Scope::Instance {
        let kind = ProblemKind::WrongKind {
            component: entry.id.to_owned(),
            expected: "a singleton",
            found: "configured as a named service or a step",
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
