//! Lays the host's statements and the overlays in force over the plugins that were found and what these say themselves:
//! who takes part, under which rules.

mod component;
mod condition;
mod host;
mod layered;
mod merge;
mod part;
mod rules;

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;
use crate::discover::Discovery;
use crate::model::{Layer, Mention, Override, Poison};

pub(crate) use condition::{Facts, unknown_feature};
pub(crate) use host::HostLayers;
pub(crate) use layered::{Layered, ids, indirect};
pub(crate) use merge::{Rank, Speaker, Stated, Undecided, strongest};
pub(crate) use part::{Part, State};

/// Decides which plugins take part.
pub(crate) fn layer<'a>(
    host: &HostLayers<'a>,
    discovery: &'a Discovery,
    problems: &mut Diagnostics,
) -> Layered<'a> {
    condition::check_features(&host.own.manifest, discovery, problems);
    let mut poison = unread(host, discovery);
    let parts = part::find(host, discovery, &mut poison, problems);
    let own = parts.iter().position(|part| part.own).unwrap_or(0);
    let layers = host.layers(own);
    let package = &discovery.universe.packages[host.own.package];
    let mut layered = Layered {
        facts: host.facts,
        host: host::HostSettings::of(&layers, host.facts, package, problems),
        parts,
        binds: Vec::new(),
        tunings: Vec::new(),
        aliases: Vec::new(),
        overrides: Vec::new(),
        enabled: BTreeMap::new(),
        mentions: Vec::new(),
        assertions: Vec::new(),
        lints: Vec::new(),
        overlays: host.overlays.clone(),
        absent: &discovery.absent,
        undeclared: &discovery.undeclared,
        poison,
    };
    rules::apply(&layers, &discovery.universe, &mut layered, problems);
    for number in 0..layered.parts.len() {
        layered.collect_from_plugin(number);
    }
    for layer in layers {
        layered.collect_from_host(layer.layer, layer.speaker);
    }
    layered
}

/// What could not be read of the host's layers, and what discovery left out.
fn unread(host: &HostLayers<'_>, discovery: &Discovery) -> Poison {
    let own = host.id();
    let mut poison = host.own.manifest.layer.poison.clone().of_plugin(own);
    for overlay in &host.overlays {
        poison.merge(&overlay.layer.poison.clone().of_plugin(own));
    }
    for overlay in &host.doubtful_overlays {
        let mut unread = Poison::default();
        overlay.layer.leave_out(&mut unread);
        poison.merge(&unread.of_plugin(own));
    }
    poison.merge(&discovery.poison);
    poison.anything |= discovery.incomplete;
    poison
}

/// Takes from the layers what they state, where its condition holds. Of what has a condition that names a feature that does not
/// exist, it is not known whether it is stated.
impl<'a> Layered<'a> {
    /// What a plugin says about itself. Of a manifest that composes too, the rest is about that composition.
    fn collect_from_plugin(&mut self, number: usize) {
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
    fn collect_from_host(&mut self, layer: &'a Layer, speaker: Speaker) {
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
                let stated = self.enabled.entry(&id.value).or_default();
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
