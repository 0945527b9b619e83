//! The plugins of a dependency graph.

use std::collections::{BTreeMap, BTreeSet};

use semver::VersionReq;

use super::condition::Facts;
use crate::compose::Inputs;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::DuplicateComponent;
use crate::discover::Found;
use crate::model::{ComponentDecl, Layer, Manifest, Overlay, PackageIx, PluginSection, Poison};
use crate::source::{Located, Origin};

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
    /// Its components, those of an overlay included, as far as their conditions hold.
    pub(crate) components: Vec<&'a ComponentDecl>,
    /// Components whose conditions do not hold, each with the features that it lacks.
    pub(crate) dormant: Vec<(&'a ComponentDecl, Vec<String>)>,
    /// Digest of its manifest.
    pub(crate) digest: &'a str,
    /// The composing file's own components.
    pub(crate) own: bool,
    /// What `[plugins]` says about it.
    pub(crate) rule: Option<Rule<'a>>,
    /// Features of the host that a `when` which keeps it out lacks.
    pub(crate) lacks: Vec<String>,
    /// Whether it takes part.
    pub(crate) state: State,
}

/// What the layers say about a plugin in `[plugins]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule<'a> {
    /// The line, where the host or an overlay has one.
    pub(crate) at: Option<Origin>,
    /// The versions that the composition insists on.
    pub(crate) version: Option<&'a Located<VersionReq>>,
    /// Whether it may fail without taking the application down.
    pub(crate) optional: Option<&'a Located<bool>>,
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
            .and_then(|rule| rule.optional)
            .is_some_and(|optional| optional.value)
    }

    /// Where it is marked optional.
    pub(crate) fn marked_optional(&self) -> Option<Origin> {
        self.rule
            .and_then(|rule| rule.optional)
            .map(|optional| optional.origin)
    }
}

/// Every plugin in the graph, by id. Of two with one id, the host's own or its direct dependency is kept.
pub(super) fn find<'a>(
    inputs: &'a Inputs,
    layers: &[&'a Layer],
    poison: &mut Poison,
    problems: &mut Diagnostics,
) -> Vec<Part<'a>> {
    let own = own_part(inputs, layers, poison, problems);
    let mut parts = BTreeMap::from([(own.id, own)]);
    for found in &inputs.discovery.direct {
        let lost = &found.manifest.layer.poison;
        let id = found
            .manifest
            .plugin
            .as_ref()
            .map(|plugin| &plugin.id.value);
        match id {
            Some(id) => poison.merge(&lost.clone().of_plugin(id)),
            None => poison.merge(lost),
        }
        if let Some(part) = part(inputs, found, State::In, poison, problems) {
            parts.entry(part.id).or_insert(part);
        }
    }
    for found in &inputs.discovery.indirect {
        let (mut unheard, mut poison) = (Diagnostics::default(), Poison::default());
        let state = State::Indirect(found.via);
        if let Some(part) = part(inputs, found, state, &mut poison, &mut unheard) {
            parts.entry(part.id).or_insert(part);
        }
    }
    parts.into_values().collect()
}

fn part<'a>(
    inputs: &'a Inputs,
    found: &'a Found,
    state: State,
    poison: &mut Poison,
    problems: &mut Diagnostics,
) -> Option<Part<'a>> {
    let section = found.manifest.plugin.as_ref()?;
    let mut lost = Poison::default();
    let sorted = Sorted::of(
        inputs,
        &found.manifest.layer,
        found.package,
        &mut lost,
        problems,
    );
    poison.merge(&lost.of_plugin(&section.id.value));
    Some(Part {
        id: &section.id.value,
        package: found.package,
        manifest: &found.manifest,
        manifest_name: &found.name,
        section: Some(section),
        components: sorted.there,
        dormant: sorted.dormant,
        digest: &found.digest,
        own: false,
        rule: None,
        lacks: Vec::new(),
        state,
    })
}

/// The composing file's own components: plugin `app`, or the file's own `[plugin]`.
fn own_part<'a>(
    inputs: &'a Inputs,
    layers: &[&'a Layer],
    poison: &mut Poison,
    problems: &mut Diagnostics,
) -> Part<'a> {
    let manifest = &inputs.host;
    let section = manifest.plugin.as_ref();
    let package = inputs.discovery.universe.host;
    let (mut there, mut dormant) = (Vec::new(), Vec::new());
    let id = section.map_or(APP, |section| section.id.value.as_str());
    let mut lost = Poison::default();
    for layer in layers {
        let sorted = Sorted::of(inputs, layer, package, &mut lost, problems);
        there.push(sorted.there);
        dormant.extend(sorted.dormant);
    }
    poison.merge(&lost.of_plugin(id));
    Part {
        id,
        package,
        manifest,
        manifest_name: &inputs.host_name,
        section,
        components: own_components(&there),
        dormant,
        digest: &inputs.host_digest,
        own: true,
        rule: None,
        lacks: Vec::new(),
        state: State::In,
    }
}

/// The composing crate's own components that are there, with these overlays in force.
pub(crate) fn own<'a>(inputs: &'a Inputs, overlays: &[&'a Overlay]) -> Vec<&'a ComponentDecl> {
    let layers: Vec<&Layer> = std::iter::once(&inputs.host.layer)
        .chain(overlays.iter().map(|overlay| &overlay.layer))
        .collect();
    let (mut poison, mut unheard) = (Poison::default(), Diagnostics::default());
    own_part(inputs, &layers, &mut poison, &mut unheard).components
}

/// The composing crate's own components, by layer. An overlay's takes the place of the one with its name.
fn own_components<'a>(layers: &[Vec<&'a ComponentDecl>]) -> Vec<&'a ComponentDecl> {
    let stated = layers.iter().flatten().copied();
    let mut taken = BTreeSet::new();
    let mut last: Vec<&ComponentDecl> = stated.collect::<Vec<_>>();
    last.reverse();
    last.retain(|component| taken.insert(component.name.value.as_str()));
    last.reverse();
    last
}

/// The components of one layer.
struct Sorted<'a> {
    there: Vec<&'a ComponentDecl>,
    dormant: Vec<(&'a ComponentDecl, Vec<String>)>,
}

impl<'a> Sorted<'a> {
    /// Looks at the conditions. Of two that are there under one name, the first is kept, and the second reported.
    fn of(
        inputs: &'a Inputs,
        layer: &'a Layer,
        package: PackageIx,
        poison: &mut Poison,
        problems: &mut Diagnostics,
    ) -> Self {
        let facts = Facts::new(inputs);
        let (mut there, mut dormant) = (Vec::new(), Vec::new());
        let mut names: BTreeMap<&str, Origin> = BTreeMap::new();
        for component in &layer.components {
            let when = component.when.as_ref();
            let name = &component.name;
            match facts.holds(when, package, problems) {
                Some(true) => {}
                Some(false) => {
                    let lacks = when.map(|when| facts.lacking(when, package));
                    dormant.push((component, lacks.unwrap_or_default()));
                    continue;
                }
                None => {
                    poison.leave_out(component);
                    continue;
                }
            }
            if let Some(first) = names.get(name.value.as_str()) {
                let problem = DuplicateComponent {
                    id: name.value.clone(),
                    first: *first,
                };
                problems.report(problem, name.origin);
                poison.leave_out(component);
                continue;
            }
            names.insert(&name.value, name.origin);
            there.push(component);
        }
        Self { there, dormant }
    }
}
