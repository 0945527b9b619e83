//! What the composing crate says: in its manifest, and in the overlays in force over it.

use semver::Version;
use treenail_core::nearest::nearest;

use super::component::Components;
use super::condition::Facts;
use super::entry::Entries;
use super::merge::{PartIx, Rank, Speaker, Stated, Undecided, strongest_setting};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{About, UnknownOverlay};
use crate::discover::Found;
use crate::inputs::Inputs;
use crate::model::{HostSection, Layer, Manifest, Overlay, Package, Services, Setting, TypeExpr};
use crate::source::{Located, Origin};

/// Plugin id of the host's own components.
pub(crate) const APP: &str = "app";

/// The layers of the composing crate. They are put together once, before the first stage.
#[derive(Debug)]
pub(crate) struct HostLayers<'a> {
    /// The composing package with its manifest.
    pub(crate) own: &'a Found,
    /// What conditions ask about.
    pub(crate) facts: Facts<'a>,
    /// The overlays in force, in the order of the file: those that were asked for, and those whose condition holds.
    pub(crate) overlays: Vec<&'a Overlay>,
    /// Overlays of which a mistake hides whether they are in force.
    pub(crate) doubtful_overlays: Vec<&'a Overlay>,
    /// The components of these layers, an overlay's in the place of the one with its name.
    pub(crate) components: Components<'a>,
    /// The entries of these layers, an overlay's in the place of the one with its key.
    pub(crate) entries: Entries<'a>,
}

impl<'a> HostLayers<'a> {
    /// Lays the overlays in force over the manifest. Those that are asked for and not there are reported.
    pub(crate) fn of(inputs: &'a Inputs, problems: &mut Diagnostics) -> Self {
        let own = &inputs.host;
        check_overlays(&own.manifest, &inputs.overlays, problems);
        let facts = Facts::new(&inputs.discovery);
        let names = own.manifest.overlays.iter();
        let names = names.map(|overlay| overlay.name.value.as_str());
        // A name with a slip asks for the one that was meant.
        let meant = |name: &String| nearest(name, names.clone());
        let unknown = inputs.overlays.iter();
        let unknown = unknown.filter(|name| !names.clone().any(|one| one == *name));
        let meant: Vec<String> = unknown.filter_map(meant).collect();
        let (mut overlays, mut doubtful_overlays) = (Vec::new(), Vec::new());
        for overlay in &own.manifest.overlays {
            let holds = facts.holds(overlay.when.as_ref(), own.package);
            let name = &overlay.name.value;
            let is_asked_for = inputs.overlays.contains(name) || meant.contains(name);
            if is_asked_for || overlay.when.is_some() && holds == Some(true) {
                overlays.push(overlay);
            } else if overlay.unsure || holds.is_none() {
                doubtful_overlays.push(overlay);
            }
        }
        let mut components = Components::of(&own.manifest.layer, own.package, facts);
        let mut entries = Entries::of(&own.manifest.layer, own.package, facts);
        for overlay in &overlays {
            entries.overlay(Entries::of(&overlay.layer, own.package, facts));
            components.overlay(Components::of(&overlay.layer, own.package, facts));
        }
        Self {
            own,
            facts,
            overlays,
            doubtful_overlays,
            components,
            entries,
        }
    }

    /// Plugin id of the composing crate.
    pub(crate) fn id(&self) -> &'a str {
        let plugin = self.own.manifest.plugin.as_ref();
        plugin.map_or(APP, |plugin| plugin.id.value.as_str())
    }

    /// The layers, the manifest first; `part` is the composing crate.
    pub(super) fn layers(&self, part: PartIx) -> Vec<HostLayer<'a>> {
        let speaker = |rank| Speaker {
            rank,
            part,
            package: self.own.package,
        };
        let own = HostLayer {
            speaker: speaker(Rank::Host),
            section: self.own.manifest.host.as_ref(),
            layer: &self.own.manifest.layer,
        };
        let overlays = self.overlays.iter().map(|overlay| HostLayer {
            speaker: speaker(Rank::Overlay),
            section: overlay.host.as_ref(),
            layer: &overlay.layer,
        });
        std::iter::once(own).chain(overlays).collect()
    }
}

/// One layer of the composing crate.
#[derive(Debug, Clone, Copy)]
pub(super) struct HostLayer<'a> {
    /// Who states it.
    pub(super) speaker: Speaker,
    /// `[host]`
    pub(super) section: Option<&'a HostSection>,
    /// The rest.
    pub(super) layer: &'a Layer,
}

/// Reports overlays that are asked for and not there.
fn check_overlays(host: &Manifest, asked_for: &[String], problems: &mut Diagnostics) {
    let known: Vec<String> = host
        .overlays
        .iter()
        .map(|overlay| overlay.name.value.clone())
        .collect();
    let start = Origin::new(host.source, 0..0);
    for name in asked_for {
        if known.contains(name) || host.layer.poison.may_name(name) {
            continue;
        }
        let problem = UnknownOverlay {
            name: name.clone(),
            suggestion: nearest(name, known.iter().map(String::as_str)),
            known: known.clone(),
        };
        problems.report(problem, start);
    }
}

/// `[host]`: what the layers say about the application as a whole.
#[derive(Debug)]
pub(crate) struct HostSettings<'a> {
    /// Root key of the configuration; an alias may give it further names.
    pub(crate) root: String,
    /// Something about the root key is wrong and has been reported: it may be another one.
    pub(crate) root_unsure: bool,
    /// The package whose version is the host's where nothing else is stated.
    pub(crate) versioned: String,
    /// The version that plugins and configurations mean by the host's.
    pub(crate) api: Version,
    /// Where that is written; without a place it is the version of the package.
    pub(crate) api_at: Option<Origin>,
    /// Something about the version is wrong and has been reported: nothing is checked against it.
    pub(crate) api_unsure: bool,
    /// Services of which the host's code asks for every provider.
    pub(crate) all: &'a [Located<TypeExpr>],
    /// Whether the configuration may say how the application logs.
    pub(crate) logging: bool,
}

impl<'a> HostSettings<'a> {
    /// What counts of each key, of the composing package and the one that has its `main`.
    pub(super) fn of(
        layers: &[HostLayer<'a>],
        facts: Facts<'a>,
        [package, library]: [&Package; 2],
        problems: &mut Diagnostics,
    ) -> Self {
        let partial = layers
            .iter()
            .filter_map(|layer| layer.section)
            .any(|section| section.partial);
        let api = setting(layers, facts, "api", |host| host.api.as_ref(), problems);
        let root = setting(layers, facts, "root", |host| host.root.as_ref(), problems);
        let all = setting(layers, facts, "all", |host| host.all.as_ref(), problems);
        let logging = setting(
            layers,
            facts,
            "logging",
            |host| host.logging.as_ref(),
            problems,
        );
        Self {
            root_unsure: partial || root.is_err(),
            root: match root {
                Ok(Some(root)) => root.what.clone(),
                _ => package.name.replace('-', "_"),
            },
            versioned: library.name.clone(),
            api_unsure: partial || api.is_err(),
            api_at: api.as_ref().ok().and_then(|api| api.map(|api| api.at)),
            api: match api {
                Ok(Some(api)) => api.what.clone(),
                _ => library.version.clone(),
            },
            all: match all {
                Ok(Some(all)) => {
                    let Services(services) = all.what;
                    services
                }
                _ => &[],
            },
            logging: matches!(logging, Ok(Some(logging)) if *logging.what),
        }
    }
}

/// The statement that counts about one key of `[host]`.
fn setting<'a, T: ToString>(
    layers: &[HostLayer<'a>],
    facts: Facts<'a>,
    key: &'static str,
    get: impl Fn(&'a HostSection) -> Option<&'a Setting<T>>,
    problems: &mut Diagnostics,
) -> Result<Option<Stated<'a, T>>, Undecided> {
    let settings = layers.iter().filter_map(|layer| {
        let setting = layer.section.and_then(&get)?;
        Some((layer.speaker, setting))
    });
    strongest_setting(settings, facts, About::HostKey(key), problems)
}
