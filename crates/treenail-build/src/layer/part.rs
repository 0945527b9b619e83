//! The plugins of a dependency graph.

use std::collections::{BTreeMap, BTreeSet};

use crate::compose::Inputs;
use crate::discover::Found;
use crate::model::{ComponentDecl, Layer, Manifest, PackageIx, PluginRule, PluginSection, Poison};
use crate::source::Origin;

/// Plugin id of the host's own components.
pub(crate) const APP: &str = "app";

/// A plugin that may take part.
#[derive(Debug)]
pub(crate) struct Part<'a> {
    /// Its id.
    pub(crate) id: &'a str,
    /// Its package.
    pub(crate) package: PackageIx,
    /// Its manifest.
    pub(crate) manifest: &'a Manifest,
    /// The manifest's name for people.
    pub(crate) manifest_name: &'a str,
    /// `[plugin]`, which only the host may lack.
    pub(crate) section: Option<&'a PluginSection>,
    /// Its components, those of an overlay included.
    pub(crate) components: Vec<&'a ComponentDecl>,
    /// Digest of its manifest.
    pub(crate) digest: &'a str,
    /// The composing file's own components.
    pub(crate) own: bool,
    /// What `[plugins]` says about it.
    pub(crate) rule: Option<&'a PluginRule>,
    /// Whether it takes part.
    pub(crate) state: State,
}

/// Whether a plugin takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    /// It does.
    In,
    /// It would, but something about it is wrong and has been reported: nothing is said about its components.
    Poisoned,
    /// `enabled = false`, and where that is written.
    Off(Origin),
    /// An optional plugin that does not fit.
    LeftOut,
    /// The host does not depend on it directly; the package that brings it in.
    Indirect(PackageIx),
}

impl Part<'_> {
    /// Whether it takes part, as far as is known.
    pub(crate) fn is_in(&self) -> bool {
        matches!(self.state, State::In | State::Poisoned)
    }

    /// Whether it may fail without taking the application down.
    pub(crate) fn is_optional(&self) -> bool {
        self.rule
            .and_then(|rule| rule.optional.as_ref())
            .is_some_and(|optional| optional.value)
    }

    /// Where it is marked optional.
    pub(crate) fn marked_optional(&self) -> Option<Origin> {
        self.rule
            .and_then(|rule| rule.optional.as_ref())
            .map(|optional| optional.origin)
    }
}

/// Every plugin in the graph, by id. Of two with one id, the host's own or its direct dependency is kept.
pub(super) fn find<'a>(
    inputs: &'a Inputs,
    layers: &[&'a Layer],
    poison: &mut Poison,
) -> Vec<Part<'a>> {
    let own = own_part(inputs, layers);
    let mut parts = BTreeMap::from([(own.id, own)]);
    for found in &inputs.discovery.direct {
        poison.merge(&found.manifest.layer.poison);
        if let Some(part) = part(found, State::In) {
            parts.entry(part.id).or_insert(part);
        }
    }
    for found in &inputs.discovery.indirect {
        if let Some(part) = part(found, State::Indirect(found.via)) {
            parts.entry(part.id).or_insert(part);
        }
    }
    parts.into_values().collect()
}

fn part(found: &Found, state: State) -> Option<Part<'_>> {
    let section = found.manifest.plugin.as_ref()?;
    Some(Part {
        id: &section.id.value,
        package: found.package,
        manifest: &found.manifest,
        manifest_name: &found.name,
        section: Some(section),
        components: found.manifest.layer.components.iter().collect(),
        digest: &found.digest,
        own: false,
        rule: None,
        state,
    })
}

/// The composing file's own components: plugin `app`, or the file's own `[plugin]`.
fn own_part<'a>(inputs: &'a Inputs, layers: &[&'a Layer]) -> Part<'a> {
    let manifest = &inputs.host;
    let section = manifest.plugin.as_ref();
    let components = own_components(layers);
    Part {
        id: section.map_or(APP, |section| section.id.value.as_str()),
        package: inputs.discovery.universe.host,
        manifest,
        manifest_name: &inputs.host_name,
        section,
        components,
        digest: &inputs.host_digest,
        own: true,
        rule: None,
        state: State::In,
    }
}

/// The composing crate's own components. An overlay's takes the place of the one with its name.
pub(crate) fn own_components<'a>(layers: &[&'a Layer]) -> Vec<&'a ComponentDecl> {
    let stated = layers.iter().flat_map(|layer| &layer.components);
    let mut taken = BTreeSet::new();
    let mut last: Vec<&ComponentDecl> = stated.collect::<Vec<_>>();
    last.reverse();
    last.retain(|component| taken.insert(component.name.value.as_str()));
    last.reverse();
    last
}
