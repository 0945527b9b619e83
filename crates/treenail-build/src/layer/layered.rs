//! The plugins that were found, with what the layers say about them: what the layer stage hands on.

use std::collections::BTreeSet;
use std::sync::Arc;

use treenail_core::nearest::nearest;

use super::condition::Facts;
use super::host::HostSettings;
use super::merge::{PartIx, Rank, Speaker, Stated, Undecided};
use super::part::{Part, State};
use crate::diagnostic::Told;
use crate::diagnostic::mistake::{
    FeatureMissing, UndeclaredPlugin, UndeclaredPluginNamed, UnknownPlugin,
};
use crate::index::{IndexVec, Ix};
use crate::key_map::KeyMap;
use crate::model::{
    Absent, Alias, Assertion, Bind, EntryChoice, HostFeature, Layer, LintLine, Mention, Overlay,
    Override, PackageIx, Poison, Tuning, TypeExpr, Undeclared,
};
use crate::source::Origin;

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
    pub(crate) enabled: KeyMap<&'a str, Vec<Stated<'a, bool>>>,
    /// What `[registry]` of the host and the overlays says of the entries of plugins.
    pub(crate) choices: Vec<Stated<'a, EntryChoice>>,
    /// What overlays and the host may say of these entries: a mistake hides whether they do.
    pub(crate) doubtful_choices: Vec<Stated<'a, EntryChoice>>,
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
    /// The features of the host's package, with what they bring.
    pub(crate) features: &'a [HostFeature],
    /// Packages that are plugins, and do not say so.
    pub(crate) undeclared: &'a [Undeclared],
    /// What could not be read in any of the manifests.
    pub(crate) poison: Poison,
}

/// What to say of a plugin that is needed, and whose package does not say that it is one; and the place for it.
fn needed(undeclared: &Undeclared) -> (UndeclaredPlugin, Option<Origin>) {
    let problem = UndeclaredPlugin {
        undeclared: undeclared.clone(),
        is_needed: true,
    };
    (problem, undeclared.at)
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

    /// The plugin of the package that has this name, or is called by it.
    pub(crate) fn of_package(&self, name: &str) -> Option<PartIx> {
        let packages = &self.facts.universe.packages;
        let folded = name.replace('-', "_");
        let called = packages.iter().filter_map(|one| one.externs.get(&folded));
        let called: BTreeSet<PackageIx> = called.copied().collect();
        let is_it = |part: &Part<'_>| {
            let name = &packages[part.package].name;
            !part.own && (name.replace('-', "_") == folded || called.contains(&part.package))
        };
        let mut parts = self.parts.indexed();
        let found = parts.find(|(_, part)| is_it(part) && part.id != name);
        found.map(|(number, _)| number)
    }

    /// The id that was meant by a name that is none: that of a package's plugin, or else the one that comes closest. It is one that
    /// `may_be` meant there.
    pub(crate) fn meant<'n>(
        &self,
        written: &str,
        known: impl Iterator<Item = &'n str>,
        may_be: &dyn Fn(&str) -> bool,
    ) -> Option<String> {
        let of_package = |name: &str| Some(self.parts[self.of_package(name)?].id.to_owned());
        let packages = || {
            let plugins = self.parts.iter().filter(|part| !part.own);
            let packages = &self.facts.universe.packages;
            nearest(
                written,
                plugins.map(|part| packages[part.package].name.as_str()),
            )
        };
        of_package(written)
            .or_else(|| nearest(written, known.filter(|id| may_be(id))))
            .or_else(|| of_package(&packages()?))
            .filter(|id| may_be(id))
    }

    /// What to say of a plugin that is none of those that are known, where this one was probably meant.
    pub(crate) fn unknown(
        &self,
        id: &str,
        known: Arc<[String]>,
        suggestion: Option<String>,
    ) -> Told {
        if let Some(undeclared) = self.undeclared.iter().find(|one| one.id == id) {
            let undeclared = undeclared.clone();
            return UndeclaredPluginNamed { undeclared }.into();
        }
        UnknownPlugin {
            id: id.to_owned(),
            suggestion,
            known,
        }
        .into()
    }

    /// What to say where something needs a plugin whose package does not say that it is one, and the place for it. One whose id
    /// is not known may be any.
    pub(crate) fn undeclared_needed(
        &self,
        plugin: &str,
    ) -> Option<(UndeclaredPlugin, Option<Origin>)> {
        let is_it = |one: &&Undeclared| one.id == plugin || one.id.is_empty();
        self.undeclared.iter().find(is_it).map(needed)
    }

    /// What to say where something needs a service that a package may provide which does not say that it is a plugin.
    pub(crate) fn undeclared_provider(
        &self,
        service: &TypeExpr,
    ) -> Option<(UndeclaredPlugin, Option<Origin>)> {
        let names_it = |one: &&Undeclared| one.names.contains(service.last_ident());
        self.undeclared.iter().find(names_it).map(needed)
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

/// Takes from the layers what they state, where its condition holds. Of what has a condition that names a feature that does not
/// exist, it is not known whether it is stated.
impl<'a> Layered<'a> {
    /// What a plugin says about itself. Of a manifest that composes too, the rest is about that composition.
    pub(super) fn collect_from_plugin(&mut self, number: PartIx) {
        let part = &self.parts[number];
        let layer = &part.manifest.layer;
        if part.own || !part.is_in() {
            return;
        }
        if part.state == State::Poisoned {
            // Nobody knows whether it is to say anything.
            let aliases = layer.aliases.iter();
            let names = aliases.map(|alias| alias.from.value.clone());
            self.poison.aliases.extend(names);
            let binds = layer.binds.iter();
            let services = binds.map(|bind| bind.service.value.to_string());
            self.poison.binds.absorb(services);
            return;
        }
        let speaker = Speaker {
            rank: Rank::Plugin,
            part: number,
            package: part.package,
        };
        let composes = part.manifest.host.is_some();
        self.collect_aliases(layer, speaker);
        if !composes {
            self.collect_binds(layer, speaker);
            self.collect_assertions(layer, speaker);
        }
    }

    /// What a layer of the composing crate says.
    pub(super) fn collect_from_host(&mut self, layer: &'a Layer, speaker: Speaker) {
        self.collect_aliases(layer, speaker);
        self.collect_binds(layer, speaker);
        self.collect_assertions(layer, speaker);
        for one in &layer.overrides {
            self.collect_override(one, speaker);
        }
        let (facts, package) = (self.facts, speaker.package);
        for one in &layer.mentions {
            let (Mention::Bind(setting) | Mention::Alias(setting)) = one;
            if facts.holds(setting.when.as_ref(), package) == Some(true) {
                self.mentions.push(one);
            }
        }
        for one in &layer.choices {
            let stated = speaker.states(one, one.key.origin, one.of.priority);
            match facts.holds(one.of.when.as_ref(), package) {
                Some(true) => self.choices.push(stated),
                Some(false) => {}
                None => {
                    let registry = one.registry.value.to_string();
                    self.poison.registries.absorb([registry]);
                    self.doubtful_choices.push(stated);
                }
            }
        }
        let unread = layer.unread_choices.iter();
        let unread = unread.map(|one| speaker.states(one, one.key.origin, None));
        self.doubtful_choices.extend(unread);
        for one in &layer.tunings {
            if facts.holds(one.when.as_ref(), package) == Some(true) {
                let stated = speaker.states(one, one.component.origin, None);
                self.tunings.push(stated);
            }
        }
        for line in &layer.lints {
            if facts.holds(line.level.when.as_ref(), package) == Some(true) {
                let stated = speaker.states(line, line.name.origin, line.level.priority);
                self.lints.push(stated);
            }
        }
    }

    fn collect_override(&mut self, one: &'a Override, speaker: Speaker) {
        let id = &one.id;
        let holds = self.facts.holds(one.when.as_ref(), speaker.package);
        if holds == Some(false) {
            return;
        }
        if holds == Some(true) {
            self.overrides.push(speaker.states(one, id.origin, None));
        }
        let enabled = one.enabled.as_ref();
        let enabled = enabled.map(|enabled| speaker.setting(enabled, self.facts));
        match (holds, enabled) {
            (None, _) | (_, Some(Err(Undecided))) => {
                self.poison.overrides.insert(id.value.clone());
            }
            (_, Some(Ok(enabled))) => {
                let stated = self.enabled.entry(&id.value).get_or_insert_default();
                stated.extend(enabled);
            }
            (_, None) => {}
        }
    }

    fn collect_binds(&mut self, layer: &'a Layer, speaker: Speaker) {
        for bind in &layer.binds {
            let (service, provider) = (&bind.service, &bind.provider);
            match self.facts.holds(provider.when.as_ref(), speaker.package) {
                Some(true) => {
                    let stated = speaker.states(bind, service.origin, provider.priority);
                    self.binds.push(stated);
                }
                Some(false) => {}
                None => self.poison.binds.absorb([service.value.to_string()]),
            }
        }
    }

    fn collect_aliases(&mut self, layer: &'a Layer, speaker: Speaker) {
        for alias in &layer.aliases {
            let (from, to) = (&alias.from, &alias.to);
            match self.facts.holds(to.when.as_ref(), speaker.package) {
                Some(true) => {
                    let stated = speaker.states(alias, from.origin, to.priority);
                    self.aliases.push(stated);
                }
                Some(false) => {}
                None => {
                    self.poison.aliases.insert(from.value.clone());
                }
            }
        }
    }

    fn collect_assertions(&mut self, layer: &'a Layer, speaker: Speaker) {
        let asked = layer.assertions.iter();
        self.assertions.extend(asked.map(|one| (speaker.part, one)));
    }
}
