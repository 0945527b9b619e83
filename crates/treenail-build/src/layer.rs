//! Lays the host's statements and the overlays in force over the plugins that were found and what these say themselves:
//! who takes part, under which rules.

pub(crate) mod condition;
pub(crate) mod features;
mod host;
mod merge;
mod overlay;
mod part;
mod rules;

use std::collections::BTreeMap;
use std::sync::Arc;

use treenail_core::nearest::nearest;

use crate::compose::Inputs;
use crate::diagnostic::mistake::{FeatureMissing, UndeclaredPluginNamed, UnknownPlugin};
use crate::diagnostic::{Diagnostics, Told};
use crate::model::{
    Absent, Alias, Assertion, Bind, Condition, Layer, LintLine, Mention, Overlay, Override, Poison,
    Tuning, Undeclared,
};

pub(crate) use condition::Facts;
pub(crate) use host::Hosting;
pub(crate) use merge::{Rank, Stated, strongest};
pub(crate) use overlay::in_force;
pub(crate) use part::{APP, Part, State, own};
pub(crate) use rules::{ids, indirect};

/// The plugins that were found, with what the layers say about them.
#[derive(Debug)]
pub(crate) struct Layered<'a> {
    /// What is said about the application as a whole.
    pub(crate) host: Hosting<'a>,
    /// Every plugin in the dependency graph, by id; those that take part are [`State::In`].
    pub(crate) parts: Vec<Part<'a>>,
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
    pub(crate) assertions: Vec<(usize, &'a Assertion)>,
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
    pub(crate) fn part(&self, id: &str) -> Option<usize> {
        self.parts.binary_search_by(|part| part.id.cmp(id)).ok()
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

    /// Plugins that were left out since they were asked say nothing.
    pub(crate) fn forget_left_out(&mut self) {
        let parts = &self.parts;
        self.binds.retain(|one| parts[one.part].is_in());
        self.aliases.retain(|one| parts[one.part].is_in());
        self.assertions.retain(|(part, _)| parts[*part].is_in());
    }

    /// What to say of such a plugin where it is needed.
    pub(crate) fn feature_missing(&self, plugin: &str) -> Option<FeatureMissing> {
        Some(FeatureMissing {
            id: plugin.to_owned(),
            absent: self.absent(plugin)?.clone(),
            stated: None,
        })
    }
}

/// A layer with who states it.
#[derive(Clone, Copy)]
struct Speaker<'a> {
    layer: &'a Layer,
    rank: Rank,
    part: usize,
    package: usize,
}

/// Decides which plugins take part, with these overlays in force.
pub(crate) fn layer<'a>(
    inputs: &'a Inputs,
    overlays: Vec<&'a Overlay>,
    problems: &mut Diagnostics,
) -> Layered<'a> {
    let layers: Vec<&Layer> = std::iter::once(&inputs.host.layer)
        .chain(overlays.iter().map(|overlay| &overlay.layer))
        .collect();
    let mut poison = Poison::default();
    let own = inputs.host.plugin.as_ref();
    let own = own.map_or(APP, |plugin| plugin.id.value.as_str());
    for layer in &layers {
        poison.merge(&layer.poison.clone().of_plugin(own));
    }
    poison.anything |= inputs.discovery.incomplete;
    poison.merge(&inputs.discovery.poison);
    for overlay in &inputs.host.overlays {
        let package = inputs.discovery.universe.host;
        let (facts, mut unheard) = (Facts::new(inputs), Diagnostics::default());
        let unsure = overlay.unsure
            || facts
                .holds(overlay.when.as_ref(), package, &mut unheard)
                .is_none();
        if unsure && !overlays.iter().any(|one| std::ptr::eq(*one, overlay)) {
            let mut lost = Poison::default();
            lost.leave_out_layer(&overlay.layer);
            poison.merge(&lost.of_plugin(own));
        }
    }
    let parts = part::find(inputs, &layers, &mut poison, problems);
    let own = parts.iter().position(|part| part.own).unwrap_or(0);
    let mut layered = Layered {
        host: host::settle(inputs, &overlays, own, problems),
        parts,
        binds: Vec::new(),
        tunings: Vec::new(),
        aliases: Vec::new(),
        overrides: Vec::new(),
        enabled: BTreeMap::new(),
        mentions: Vec::new(),
        assertions: Vec::new(),
        lints: Vec::new(),
        overlays,
        absent: &inputs.discovery.absent,
        undeclared: &inputs.discovery.undeclared,
        poison,
    };
    let package = inputs.discovery.universe.host;
    let ranks = std::iter::once(Rank::Host).chain(std::iter::repeat(Rank::Overlay));
    let hosts: Vec<Speaker<'a>> = layers
        .into_iter()
        .zip(ranks)
        .map(|(layer, rank)| Speaker {
            layer,
            rank,
            part: own,
            package,
        })
        .collect();
    rules::apply(inputs, &hosts, &mut layered, problems);
    let mut collector = Collector {
        facts: Facts::new(inputs),
        layered,
        problems,
    };
    for number in 0..collector.layered.parts.len() {
        collector.plugin(number);
    }
    for speaker in hosts {
        collector.host(speaker);
    }
    collector.layered
}

/// Takes from the layers what they state, where its condition holds.
struct Collector<'a, 'p> {
    facts: Facts<'a>,
    layered: Layered<'a>,
    problems: &'p mut Diagnostics,
}

impl<'a> Collector<'a, '_> {
    /// What a plugin says about itself. Of a manifest that composes too, the rest is about that composition.
    fn plugin(&mut self, number: usize) {
        let part = &self.layered.parts[number];
        if part.own || !part.is_in() {
            return;
        }
        let (manifest, package) = (part.manifest, part.package);
        if part.state == State::Poisoned {
            // Nobody knows whether it is to say anything.
            let (layer, poison) = (&manifest.layer, &mut self.layered.poison);
            let aliases = layer.aliases.iter();
            poison
                .aliases
                .extend(aliases.map(|alias| alias.from.value.clone()));
            let binds = layer.binds.iter();
            poison
                .binds
                .absorb(binds.map(|bind| bind.service.value.to_string()));
            return;
        }
        let speaker = Speaker {
            layer: &manifest.layer,
            rank: Rank::Plugin,
            part: number,
            package,
        };
        self.aliases(speaker);
        if manifest.host.is_none() {
            self.binds(speaker);
            let asked = manifest.layer.assertions.iter();
            self.layered
                .assertions
                .extend(asked.map(|one| (number, one)));
        }
    }

    fn host(&mut self, speaker: Speaker<'a>) {
        self.aliases(speaker);
        self.binds(speaker);
        let Speaker {
            layer, rank, part, ..
        } = speaker;
        for one in &layer.mentions {
            let (Mention::Bind(setting) | Mention::Alias(setting)) = one;
            if self.holds(setting.when.as_ref(), speaker) == Some(true) {
                self.layered.mentions.push(one);
            }
        }
        for one in &layer.overrides {
            self.switch(one, speaker);
        }
        for one in &layer.tunings {
            // It is not known what a line is worth whose condition names what does not exist: that has been reported.
            if self.holds(one.when.as_ref(), speaker) == Some(true) {
                let stated = Stated::new(one, one.component.origin, (rank, part), None);
                self.layered.tunings.push(stated);
            }
        }
        let asked = layer.assertions.iter();
        self.layered.assertions.extend(asked.map(|one| (part, one)));
        for line in &layer.lints {
            if self.holds(line.level.when.as_ref(), speaker) == Some(true) {
                let (at, own) = (line.name.origin, line.level.priority);
                self.layered
                    .lints
                    .push(Stated::new(line, at, (rank, part), own));
            }
        }
    }

    fn switch(&mut self, one: &'a Override, speaker: Speaker<'a>) {
        let (id, who) = (&one.id, (speaker.rank, speaker.part));
        match self.holds(one.when.as_ref(), speaker) {
            Some(true) => {
                let stated = Stated::new(one, id.origin, who, None);
                self.layered.overrides.push(stated);
            }
            Some(false) => return,
            None => {
                self.layered.poison.overrides.insert(id.value.clone());
                return;
            }
        }
        let Some(enabled) = &one.enabled else {
            return;
        };
        match self.holds(enabled.when.as_ref(), speaker) {
            Some(true) => {
                let (value, at) = (&enabled.value.value, enabled.value.origin);
                let stated = Stated::new(value, at, who, enabled.priority);
                let all = self.layered.enabled.entry(&id.value).or_default();
                all.push(stated);
            }
            Some(false) => {}
            None => {
                self.layered.poison.overrides.insert(id.value.clone());
            }
        }
    }

    fn binds(&mut self, speaker: Speaker<'a>) {
        for bind in &speaker.layer.binds {
            match self.holds(bind.provider.when.as_ref(), speaker) {
                Some(true) => {
                    let who = (speaker.rank, speaker.part);
                    let stated =
                        Stated::new(bind, bind.service.origin, who, bind.provider.priority);
                    self.layered.binds.push(stated);
                }
                Some(false) => {}
                None => {
                    let service = bind.service.value.to_string();
                    self.layered.poison.binds.absorb([service]);
                }
            }
        }
    }

    fn aliases(&mut self, speaker: Speaker<'a>) {
        for alias in &speaker.layer.aliases {
            match self.holds(alias.to.when.as_ref(), speaker) {
                Some(true) => {
                    let who = (speaker.rank, speaker.part);
                    let stated = Stated::new(alias, alias.from.origin, who, alias.to.priority);
                    self.layered.aliases.push(stated);
                }
                Some(false) => {}
                None => {
                    self.layered.poison.aliases.insert(alias.from.value.clone());
                }
            }
        }
    }

    fn holds(&mut self, when: Option<&Condition>, speaker: Speaker<'_>) -> Option<bool> {
        self.facts.holds(when, speaker.package, self.problems)
    }
}
