//! `[alias]`: further names of components and plugins. Each stands for something that is there, in one step.

use std::collections::BTreeSet;

use super::unknown::{gone, unknown_component};
use crate::diagnostic::mistake::{About, AliasFault, AliasMistake, ComponentUse, Gone, Named};
use crate::diagnostic::{Diagnostics, Told};
use crate::key_map::KeyMap;
use crate::layer::{self, Layered, Rank, State, Stated, strongest};
use crate::model::{Alias, Manifest, plugin_of};
use crate::resolve::{CandidateIx, Resolved};
use crate::source::Origin;

/// The lines in force, by the names that they give.
type AliasLines<'a> = KeyMap<&'a str, Stated<'a, Alias>>;

/// A chain of aliases is a mistake. The end of a longer one is not looked for.
const LONGEST: usize = 16;

/// What further names stand for.
#[derive(Debug, Default)]
pub(crate) struct Aliases {
    /// Every further name of something that is there, with what it stands for.
    pub(crate) targets: KeyMap<String, String>,
    /// Further names of what is left out, which is nobody's mistake until one is used.
    left_out: KeyMap<String, String>,
    /// Names about which something has been reported; `plugin:*` for all components of a plugin.
    unknown: BTreeSet<String>,
}

impl Aliases {
    /// The id that a name stands for; of a name that is no alias, the name itself.
    pub(crate) fn target<'s>(&'s self, name: &'s str) -> &'s str {
        let target = self.targets.get(name).or(self.left_out.get(name));
        target.map_or(name, String::as_str)
    }

    /// Whether a name stands for another one that is there.
    pub(crate) fn hides(&self, name: &str) -> bool {
        self.targets.contains_key(name)
    }

    /// The component that a name means, where that is known.
    pub(crate) fn component(&self, name: &str, resolved: &Resolved<'_>) -> Option<CandidateIx> {
        let target = self.target(name);
        let is_known = !self.unknown.contains(name) && !self.unknown.contains(target);
        resolved.candidate(target).filter(|_| is_known)
    }

    /// Whether a name that leads nowhere does so because of something that has been reported.
    pub(crate) fn is_excused(&self, name: &str) -> bool {
        self.is_unknown(name) || self.is_unknown(self.target(name))
    }

    fn is_unknown(&self, name: &str) -> bool {
        let all = name
            .split_once(':')
            .map(|(plugin, _)| format!("{plugin}:*"));
        self.unknown.contains(name) || all.is_some_and(|all| self.unknown.contains(&all))
    }
}

/// Finds out what every further name stands for.
pub(crate) fn collect(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    problems: &mut Diagnostics,
) -> Aliases {
    let mut aliases = Aliases {
        unknown: layered.poison.aliases.clone(),
        ..Aliases::default()
    };
    let names = AliasNames { layered, resolved };
    let lines = names.lines(&mut aliases.unknown, problems);
    for (from, line) in lines.iter() {
        let to = &line.what.to.value;
        let target = end(&lines, &to.value);
        let meaning = match target {
            Some(target) if !aliases.is_unknown(target) => names.meaning(target),
            _ => Meaning::Unknown,
        };
        let next = lines.get(to.value.as_str());
        if let Some(next) = next {
            let is_known = matches!(meaning, Meaning::There | Meaning::LeftOut);
            let fault = AliasFault::Chain {
                next_at: next.at,
                is_stronger: next.rank > line.rank,
                end: target.filter(|_| is_known).map(str::to_owned),
            };
            report(line.what, fault, problems);
        }
        let from = (*from).to_owned();
        match (meaning, target) {
            (Meaning::There, Some(target)) => {
                aliases.targets.insert(from, target.to_owned());
            }
            (Meaning::LeftOut, Some(target)) => {
                aliases.left_out.insert(from, target.to_owned());
            }
            (meaning, _) => {
                if let (Meaning::Wrong(problem), None) = (meaning, next) {
                    problems.report(problem, to.origin);
                }
                aliases.unknown.insert(from);
            }
        }
    }
    aliases
}

/// The name at the end of a chain of lines; `None` where it goes round in a circle or is longer than anybody's.
fn end<'n>(lines: &AliasLines<'n>, start: &'n str) -> Option<&'n str> {
    let next = |name: &&'n str| Some(lines.get(name)?.what.to.value.value.as_str());
    let chain = std::iter::successors(Some(start), next);
    chain.take(LONGEST).find(|name| !lines.contains_key(name))
}

/// Reports each line of a manifest that is looked at alone and stands for all components of a plugin.
pub(crate) fn check_alone(manifest: &Manifest, problems: &mut Diagnostics) {
    let plugin = manifest.plugin.as_ref().map(|plugin| &plugin.id.value);
    let own = manifest.layer.components.iter();
    let own: Vec<&String> = own.map(|one| &one.name.value).collect();
    let overlays = manifest.overlays.iter().map(|overlay| &overlay.layer);
    let layers = overlays.chain([&manifest.layer]);
    for alias in layers.flat_map(|layer| &layer.aliases) {
        if let Some(target) = alias.to.value.value.strip_suffix(":*") {
            let is_own = plugin.is_some_and(|plugin| plugin == target);
            let names = own.iter().filter(|_| is_own).copied().cloned();
            report(alias, AliasFault::Wildcard(names.collect()), problems);
        }
    }
}

fn report(alias: &Alias, fault: AliasFault, problems: &mut Diagnostics) {
    let problem = AliasMistake {
        from: alias.from.value.clone(),
        to: alias.to.value.value.clone(),
        fault,
    };
    problems.report(problem, alias.from.origin);
}

/// What a name that is no alias leads to.
enum Meaning {
    /// A component or a plugin that is there, or the root key of the configuration.
    There,
    /// Something that is not in this composition, or not on this machine, and does not have to be.
    LeftOut,
    /// Nothing, and why has been reported.
    Unknown,
    /// Nothing, which is a mistake.
    Wrong(Told),
}

/// What names may stand for.
struct AliasNames<'s, 'a> {
    layered: &'s Layered<'a>,
    resolved: &'s Resolved<'a>,
}

impl<'a> AliasNames<'_, 'a> {
    /// The line in force for every name. Names of which it is not known become `unknown`.
    fn lines(&self, unknown: &mut BTreeSet<String>, problems: &mut Diagnostics) -> AliasLines<'a> {
        let mut stated: KeyMap<&'a str, Vec<Stated<'a, Alias>>> = KeyMap::new();
        for line in &self.layered.aliases {
            stated
                .entry(&line.what.from.value)
                .get_or_insert_default()
                .push(*line);
        }
        let mut lines = AliasLines::new();
        for (&from, all) in stated.iter() {
            let about = About::Alias(from.to_owned());
            let shown = |alias: &Alias| alias.to.value.value.clone();
            match strongest(all, about, shown, problems) {
                Ok(Some(line)) => match self.fault(&line) {
                    Some(fault) => {
                        unknown.extend(from.ends_with(":*").then(|| from.to_owned()));
                        report(line.what, fault, problems);
                    }
                    None => {
                        // What one line says counts more than that another one could not be read.
                        unknown.remove(from);
                        lines.insert(from, line);
                    }
                },
                Ok(None) => {}
                Err(_) => {
                    unknown.insert(from.to_owned());
                }
            }
        }
        lines
    }

    /// What is wrong with a line, wherever it leads. An overlay's may take a name that is there, for a double.
    fn fault(&self, line: &Stated<'_, Alias>) -> Option<AliasFault> {
        let (from, to) = (&line.what.from.value, &line.what.to.value.value);
        if let Some(plugin) = to.strip_suffix(":*") {
            let all = self.resolved.candidates.iter();
            let own = all.filter(|one| self.layered.parts[one.part].id == plugin);
            let names = own.map(|one| one.decl.name.value.clone());
            return Some(AliasFault::Wildcard(names.collect()));
        }
        if line.rank == Rank::Overlay {
            return None;
        }
        let (name, at) = (from.clone(), self.place(from)?);
        Some(AliasFault::Shadows(Named { name, at }))
    }

    /// Where the component or plugin of this name is declared, if it is there.
    fn place(&self, name: &str) -> Option<Option<Origin>> {
        if name.contains(':') {
            let candidate = &self.resolved.candidates[self.resolved.candidate(name)?];
            return Some(Some(candidate.decl.name.origin));
        }
        let part = &self.layered.parts[self.layered.part(name)?];
        let section = part.section.map(|section| section.id.origin);
        part.is_in().then_some(section)
    }

    fn meaning(&self, name: &str) -> Meaning {
        if self.place(name).is_some() || name == self.layered.host.root {
            return Meaning::There;
        }
        let plugin = plugin_of(name);
        let part = self.layered.part(plugin);
        let state = part.map(|part| &self.layered.parts[part].state);
        let is_off = matches!(state, Some(State::Off(_) | State::LeftOut));
        if is_off || self.layered.absent(plugin).is_some() {
            return Meaning::LeftOut;
        }
        let problem = if name.contains(':') {
            unknown_component(
                self.layered,
                self.resolved,
                name,
                ComponentUse::Alias,
                &KeyMap::new(),
                &|_| true,
            )
        } else {
            self.unknown_plugin(name)
        };
        let Some(problem) = problem else {
            return Meaning::Unknown;
        };
        let by_overlay = !self.layered.overlays.is_empty();
        match gone(self.resolved, name) {
            Some(Gone::Off(_)) if !by_overlay => Meaning::Wrong(problem),
            Some(_) if matches!(state, Some(State::In | State::Poisoned)) => Meaning::LeftOut,
            _ => Meaning::Wrong(problem),
        }
    }

    fn unknown_plugin(&self, id: &str) -> Option<Told> {
        let taking_part = self.layered.parts.iter().filter(|part| part.is_in());
        let ids = taking_part.clone().map(|part| part.id);
        let meant = self.layered.meant(id, ids, &|_| true);
        let may_be_there =
            self.layered.host.root_unsure || self.layered.poison.may_be_plugin(id, meant.is_some());
        (!may_be_there).then(|| self.layered.unknown(id, layer::ids(taking_part), meant))
    }
}
