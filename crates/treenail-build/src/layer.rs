//! Lays the host's statements and the chosen overlay over the plugins that were found: who takes part, under which rules.

mod part;
mod rules;

use crate::compose::Inputs;
use crate::diagnostic::{Diagnostics, Problem};
use crate::model::{Alias, Bind, Layer, Poison, Tuning};
use crate::source::Origin;
use crate::suggest::suggest;

pub(crate) use part::{APP, Part, State, own_components};
pub(crate) use rules::indirect;

/// The plugins that were found, with what the layers say about them.
#[derive(Debug)]
pub(crate) struct Layered<'a> {
    /// Root key of the configuration; an alias may give it further names.
    pub(crate) root: String,
    /// Every plugin in the dependency graph, by id; those that take part are [`State::In`].
    pub(crate) parts: Vec<Part<'a>>,
    /// `[bind]` of the host, then of the overlay: the later ones replace the earlier ones.
    pub(crate) binds: Vec<&'a Bind>,
    /// `[lifecycle]` of the host, then of the overlay: the later ones replace the earlier ones.
    pub(crate) tunings: Vec<&'a Tuning>,
    /// `[alias]` of the plugins in use, of the host, of the overlay.
    pub(crate) aliases: Vec<Stated<'a>>,
    /// What could not be read in any of the manifests.
    pub(crate) poison: Poison,
}

/// An alias with the rank of the layer that states it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stated<'a> {
    /// The line.
    pub(crate) alias: &'a Alias,
    /// Who says so; the higher rank wins.
    pub(crate) rank: Rank,
}

/// The layers, lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// A plugin's own manifest.
    Plugin,
    /// The host's.
    Host,
    /// The overlay in force.
    Overlay,
}

impl Layered<'_> {
    /// The plugin with this id, in whatever state.
    pub(crate) fn part(&self, id: &str) -> Option<usize> {
        self.parts.binary_search_by(|part| part.id.cmp(id)).ok()
    }
}

/// Decides which plugins take part.
pub(crate) fn layer<'a>(inputs: &'a Inputs, problems: &mut Diagnostics) -> Layered<'a> {
    let overlay = overlay(inputs, problems);
    let layers: Vec<&Layer> = std::iter::once(&inputs.host.layer).chain(overlay).collect();
    let mut poison = Poison::default();
    for layer in &layers {
        poison.merge(&layer.poison);
    }
    poison.anything |= inputs.discovery.incomplete;
    let mut parts = part::find(inputs, &layers, &mut poison);
    rules::apply(inputs, &layers, &mut parts, &poison, problems);
    let mut aliases = Vec::new();
    for part in parts.iter().filter(|part| !part.own && part.is_in()) {
        aliases.extend(part.manifest.layer.aliases.iter().map(|alias| Stated {
            alias,
            rank: Rank::Plugin,
        }));
    }
    for (layer, rank) in layers.iter().zip([Rank::Host, Rank::Overlay]) {
        aliases.extend(layer.aliases.iter().map(|alias| Stated { alias, rank }));
    }
    let tunings = layers.iter().flat_map(|layer| &layer.tunings).collect();
    let binds = layers.iter().flat_map(|layer| &layer.binds).collect();
    Layered {
        root: inputs.host_root(),
        parts,
        binds,
        tunings,
        aliases,
        poison,
    }
}

/// The layer of the overlay that was asked for.
fn overlay<'a>(inputs: &'a Inputs, problems: &mut Diagnostics) -> Option<&'a Layer> {
    let name = inputs.overlay.as_deref()?;
    let host = &inputs.host;
    if let Some(overlay) = host
        .overlays
        .iter()
        .find(|overlay| overlay.name.value == name)
    {
        return Some(&overlay.layer);
    }
    if !host.layer.poison.anything {
        let known: Vec<String> = host
            .overlays
            .iter()
            .map(|overlay| overlay.name.value.clone())
            .collect();
        let suggestion = suggest(name, known.iter().map(String::as_str));
        let start = Origin {
            source: host.source,
            start: 0,
            end: 0,
        };
        problems.report(
            Problem::UnknownOverlay {
                name: name.to_owned(),
                known,
                suggestion,
            },
            start,
        );
    }
    None
}
