//! Lays the host's statements and the overlays in force over the plugins that were found and what these say themselves:
//! who takes part, under which rules.

mod component;
mod condition;
mod entry;
mod host;
mod layered;
mod merge;
mod part;
mod rules;

use crate::diagnostic::Diagnostics;
use crate::discover::Discovery;
use crate::index::Ix;
use crate::key_map::KeyMap;
use crate::model::Poison;

pub(crate) use condition::{Facts, unknown_feature};
pub(crate) use host::HostLayers;
pub(crate) use layered::Layered;
pub(crate) use merge::{PartIx, Rank, Speaker, Stated, strongest};
pub(crate) use part::{Part, State, ids, indirect};

/// Decides which plugins take part.
pub(crate) fn layer<'a>(
    host: &HostLayers<'a>,
    discovery: &'a Discovery,
    problems: &mut Diagnostics,
) -> Layered<'a> {
    condition::check_features(&host.own.manifest, discovery, problems);
    let mut poison = unread(host, discovery);
    let parts = part::find(host, discovery, &mut poison, problems);
    let own = parts.indexed().find(|(_, part)| part.own);
    let own = own.map_or(PartIx::new(0), |(index, _)| index);
    let layers = host.layers(own);
    let packages = &discovery.universe.packages;
    let package = &packages[host.own.package];
    let edition = host.own.manifest.distribution.as_ref();
    let library = edition.and_then(|edition| discovery.host_library(edition));
    let library = library.map_or(package, |library| &packages[library]);
    let mut layered = Layered {
        facts: host.facts,
        host: host::HostSettings::of(&layers, host.facts, [package, library], problems),
        parts,
        binds: Vec::new(),
        tunings: Vec::new(),
        aliases: Vec::new(),
        overrides: Vec::new(),
        enabled: KeyMap::new(),
        choices: Vec::new(),
        doubtful_choices: Vec::new(),
        mentions: Vec::new(),
        assertions: Vec::new(),
        lints: Vec::new(),
        overlays: host.overlays.clone(),
        absent: &discovery.absent,
        features: &discovery.features,
        undeclared: &discovery.undeclared,
        poison,
    };
    rules::apply(&layers, &discovery.universe, &mut layered, problems);
    for number in layered.parts.indices() {
        layered.collect_from_plugin(number);
    }
    for layer in layers {
        layered.collect_from_host(layer.layer, layer.speaker);
    }
    for overlay in &host.doubtful_overlays {
        let speaker = Speaker {
            rank: Rank::Overlay,
            part: own,
            package: host.own.package,
        };
        let choices = overlay.layer.choices.iter();
        let stated = choices.map(|one| speaker.states(one, one.key.origin, one.of.priority));
        layered.doubtful_choices.extend(stated);
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
    poison
}
