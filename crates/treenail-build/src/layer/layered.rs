//! The plugins that were found, with what the layers say about them: what the layer stage hands on.

use std::collections::BTreeMap;
use std::sync::Arc;

use treenail_core::nearest::nearest;

use super::condition::Facts;
use super::host::HostSettings;
use super::merge::{PartIx, Stated};
use super::part::{Part, State};
use crate::diagnostic::Told;
use crate::diagnostic::mistake::{
    FeatureMissing, IndirectPlugin, UndeclaredPluginNamed, UnknownPlugin,
};
use crate::index::{IndexVec, Ix};
use crate::model::{
    Absent, Alias, Assertion, Bind, LintLine, Mention, Overlay, Override, Poison, Tuning,
    Undeclared, Universe,
};

/// The plugins that were found, with what the layers say about them.
#[derive(Debug)]
pub(crate) struct Layered<'a> {
    /// What conditions ask about.
    pub(crate) facts: Facts<'a>,
    /// What is said about the application as a whole.
    pub(crate) host: HostSettings<'a>,
    /// Every plugin in the dependency graph, by id; those that take part are [`State::In`].
    pub(crate) parts: IndexVec<PartIx, Part<'a>>,
    /// `[bind]` of every layer.
    pub(crate) binds: Vec<Stated<'a, Bind>>,
    /// `[lifecycle]` of the host and the overlays.
    pub(crate) tunings: Vec<Stated<'a, Tuning>>,
    /// `[alias]` of every layer.
    pub(crate) aliases: Vec<Stated<'a, Alias>>,
    /// `[override]` of the host and the overlays.
    pub(crate) overrides: Vec<Stated<'a, Override>>,
    /// What these say of each component: whether it is there.
    pub(crate) enabled: BTreeMap<&'a str, Vec<Stated<'a, bool>>>,
    /// What lines with a mistake name, of the host and the overlays.
    pub(crate) mentions: Vec<&'a Mention>,
    /// `[[assert]]` of every layer, with the plugin that says so.
    pub(crate) assertions: Vec<(PartIx, &'a Assertion)>,
    /// `[lints]` of the host and the overlays.
    pub(crate) lints: Vec<Stated<'a, LintLine>>,
    /// The overlays in force.
    pub(crate) overlays: Vec<&'a Overlay>,
    /// Plugins that a feature would bring.
    pub(crate) absent: &'a [Absent],
    /// Packages that are plugins, and do not say so.
    pub(crate) undeclared: &'a [Undeclared],
    /// What could not be read in any of the manifests.
    pub(crate) poison: Poison,
}

impl Layered<'_> {
    /// The plugin with this id, in whatever state.
    pub(crate) fn part(&self, id: &str) -> Option<PartIx> {
        let found = self.parts.binary_search_by(|part| part.id.cmp(id));
        found.ok().map(PartIx::new)
    }

    /// The plugin of this name that a feature would bring.
    pub(crate) fn absent(&self, plugin: &str) -> Option<&Absent> {
        self.absent
            .iter()
            .find(|absent| absent.names.contains(plugin))
    }

    /// What to say of a plugin that is none of those that are known.
    pub(crate) fn unknown(&self, id: &str, known: Arc<[String]>) -> Told {
        if let Some(undeclared) = self.undeclared.iter().find(|one| one.id == id) {
            let undeclared = undeclared.clone();
            return UndeclaredPluginNamed { undeclared }.into();
        }
        UnknownPlugin {
            id: id.to_owned(),
            suggestion: nearest(id, known.iter().map(String::as_str)),
            known,
        }
        .into()
    }

    /// What to say where something needs a plugin that a feature would bring.
    pub(crate) fn feature_missing(&self, plugin: &str) -> Option<FeatureMissing> {
        Some(FeatureMissing {
            id: plugin.to_owned(),
            absent: self.absent(plugin)?.clone(),
            stated: None,
        })
    }

    /// Plugins that were left out since they were asked say nothing.
    pub(crate) fn forget_left_out(&mut self) {
        let parts = &self.parts;
        self.binds.retain(|one| parts[one.part].is_in());
        self.aliases.retain(|one| parts[one.part].is_in());
        self.assertions.retain(|(part, _)| parts[*part].is_in());
    }
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
    }
}
