//! The plugins of a dependency graph.

use std::sync::Arc;

use semver::VersionReq;

use super::component::Components;
use super::entry::Entries;
use super::host::HostLayers;
use super::merge::{PartIx, Stated};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::IndirectPlugin;
use crate::discover::{Discovery, Found};
use crate::index::IndexVec;
use crate::model::{ComponentDecl, Manifest, PackageIx, PluginSection, Poison, Universe};
use crate::sort::sort_by;
use crate::source::Origin;

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
    /// Its entries of registries.
    pub(crate) entries: Entries<'a>,
    /// Digest of its manifest.
    pub(crate) digest: &'a str,
    /// The composing file's own components.
    pub(crate) own: bool,
    /// What `[plugins]` says about it.
    pub(crate) rule: Rule<'a>,
    /// Features of the host that a `when` which keeps it out lacks.
    pub(crate) lacks: Vec<String>,
    /// Whether it takes part.
    pub(crate) state: State,
}

/// What the layers say about a plugin in `[plugins]`.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rule<'a> {
    /// The line, where the host or an overlay has one.
    pub(crate) at: Option<Origin>,
    /// The versions that the composition insists on.
    pub(crate) version: Option<Stated<'a, VersionReq>>,
    /// Whether it may fail without taking the application down.
    pub(crate) optional: Option<Stated<'a, bool>>,
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

impl<'a> Part<'a> {
    fn new(
        found: &'a Found,
        id: &'a str,
        components: Components<'a>,
        entries: Entries<'a>,
        state: State,
    ) -> Self {
        Self {
            id,
            package: found.package,
            manifest: &found.manifest,
            manifest_name: &found.name,
            section: found.manifest.plugin.as_ref(),
            components: components.there,
            dormant: components.dormant,
            entries,
            digest: &found.digest,
            own: false,
            rule: Rule::default(),
            lacks: Vec::new(),
            state,
        }
    }

    /// Whether it takes part, as far as is known.
    pub(crate) fn is_in(&self) -> bool {
        matches!(self.state, State::In | State::Poisoned)
    }

    /// Whether it may fail without taking the application down.
    pub(crate) fn is_optional(&self) -> bool {
        self.rule.optional.is_some_and(|optional| *optional.what)
    }

    /// Where it is marked optional.
    pub(crate) fn marked_optional(&self) -> Option<Origin> {
        self.rule.optional.map(|optional| optional.at)
    }
}

/// Every plugin in the graph, by id. Of two with one id, the host's own or its direct dependency is kept.
pub(super) fn find<'a>(
    host: &HostLayers<'a>,
    discovery: &'a Discovery,
    poison: &mut Poison,
    problems: &mut Diagnostics,
) -> IndexVec<PartIx, Part<'a>> {
    host.components.check(problems);
    poison.merge(&host.components.poison().of_plugin(host.id()));
    poison.merge(&host.entries.poison());
    let (components, entries) = (host.components.clone(), host.entries.clone());
    let own = Part {
        own: true,
        ..Part::new(host.own, host.id(), components, entries, State::In)
    };
    let mut parts = vec![own];
    for found in &discovery.direct {
        let unread = &found.manifest.layer.poison;
        let Some(section) = &found.manifest.plugin else {
            poison.merge(unread);
            if unread.any_plugin || discovery.poison.any_plugin {
                poison.absorb(&discovery.universe.packages[found.package].name);
            }
            continue;
        };
        let id = section.id.value.as_str();
        poison.merge(&unread.clone().of_plugin(id));
        let components = Components::of(&found.manifest.layer, found.package, host.facts);
        components.check(problems);
        poison.merge(&components.poison().of_plugin(id));
        let entries = Entries::of(&found.manifest.layer, found.package, host.facts);
        poison.merge(&entries.poison());
        parts.push(Part::new(found, id, components, entries, State::In));
    }
    // Nothing is reported about these: they are only good for saying that a plugin is there.
    for found in &discovery.indirect {
        if let Some(section) = &found.manifest.plugin {
            let id = section.id.value.as_str();
            let components = Components::of(&found.manifest.layer, found.package, host.facts);
            let state = State::Indirect(found.via);
            parts.push(Part::new(found, id, components, Entries::default(), state));
        }
    }
    sort_by(&mut parts, |a, b| a.id.cmp(b.id));
    parts.dedup_by_key(|part| part.id);
    parts.into()
}

/// Ids of plugins.
pub(crate) fn ids<'p, 'a: 'p>(parts: impl Iterator<Item = &'p Part<'a>>) -> Arc<[String]> {
    parts.map(|part| part.id.to_owned()).collect()
}

/// A plugin is needed, but the host does not depend on its package directly.
pub(crate) fn indirect(
    universe: &Universe,
    part: &Part<'_>,
    service: Option<String>,
) -> IndirectPlugin {
    let package = &universe.packages[part.package];
    let via = match part.state {
        State::Indirect(via) => universe.packages[via].name.clone(),
        _ => String::new(),
    };
    IndirectPlugin {
        id: part.id.to_owned(),
        package: package.name.clone(),
        version: package.version.to_string(),
        via,
        service,
        line: universe.line_by_path(universe.host, part.package),
    }
}
