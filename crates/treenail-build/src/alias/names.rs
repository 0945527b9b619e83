//! The lines of `[alias]` that are in force, and where a chain of names leads.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::report;
use crate::diagnostic::{AliasFault, ComponentUse, Diagnostics, Named, Problem};
use crate::layer::{self, Layered, Rank, State, Stated, strongest};
use crate::model::Alias;
use crate::resolve::{Off, Resolved};
use crate::unknown::unknown_component;

/// Where a chain of names ends.
#[derive(Clone)]
pub(super) enum End {
    Found(String),
    /// What is not there, and the last name on the way to it that a line is about, if any is. `told`: a wildcard leads there
    /// from another plugin to one that is not there, which is told of the wildcard.
    Missing {
        end: String,
        last: Option<String>,
        told: bool,
    },
    Cycle(Arc<[String]>),
}

/// What an alias speaks of.
#[derive(PartialEq, Eq)]
enum Sort {
    Component,
    Wildcard,
    Plugin,
}

impl Sort {
    fn of(name: &str) -> Self {
        match name.split_once(':') {
            Some((_, "*")) => Self::Wildcard,
            Some(_) => Self::Component,
            None => Self::Plugin,
        }
    }
}

/// The lines in force, and where each name leads.
pub(super) struct Names<'s, 'a> {
    layered: &'s Layered<'a>,
    resolved: &'s Resolved<'a>,
    /// The lines in force, by their left side.
    pub(super) lines: BTreeMap<&'a str, Stated<'a, Alias>>,
    /// Left sides that were reported.
    pub(super) unknown: BTreeSet<String>,
    /// The plugins that take part, where somebody has to be told.
    known: OnceCell<Arc<[String]>>,
    /// The ends that were found, of every name on the way there.
    ends: RefCell<BTreeMap<String, End>>,
}

impl<'s, 'a> Names<'s, 'a> {
    /// What the layers say of names.
    pub(super) fn of(
        layered: &'s Layered<'a>,
        resolved: &'s Resolved<'a>,
        problems: &mut Diagnostics,
    ) -> Self {
        let mut names = Self {
            layered,
            resolved,
            lines: BTreeMap::new(),
            unknown: layered.poison.aliases.clone(),
            known: OnceCell::new(),
            ends: RefCell::default(),
        };
        names.collect(problems);
        names
    }

    /// Finds the line in force for every left side.
    fn collect(&mut self, problems: &mut Diagnostics) {
        let layered = self.layered;
        let mut stated: BTreeMap<&'a str, Vec<Stated<'a, Alias>>> = BTreeMap::new();
        for line in &layered.aliases {
            let from = line.what.from.value.as_str();
            stated.entry(from).or_default().push(*line);
        }
        for (from, lines) in stated {
            let about = || format!("alias `{from}`");
            let shown = |alias: &Alias| alias.to.value.value.clone();
            match strongest(&lines, about, shown, problems) {
                Ok(Some(line)) => match self.shadowed(&line) {
                    Some(hidden) => report(&line, AliasFault::Shadows(hidden), problems),
                    None => {
                        // What is known counts more than what is not.
                        self.unknown.remove(from);
                        self.lines.insert(from, line);
                    }
                },
                Ok(None) => {}
                Err(_) => {
                    self.unknown.insert(from.to_owned());
                }
            }
        }
    }

    /// What exists under the name of an alias that may not replace it.
    fn shadowed(&self, line: &Stated<'_, Alias>) -> Option<Named> {
        if line.rank == Rank::Overlay {
            return None;
        }
        let from = &line.what.from.value;
        if Sort::of(from) == Sort::Plugin {
            let part = self
                .layered
                .parts
                .iter()
                .find(|part| part.is_in() && part.id == from)?;
            return Some(Named {
                name: from.clone(),
                at: part.section.map(|section| section.id.origin),
            });
        }
        let candidate = &self.resolved.candidates[self.resolved.candidate(from)?];
        Some(Named {
            name: from.clone(),
            at: Some(candidate.decl.name.origin),
        })
    }

    fn exists(&self, name: &str) -> bool {
        if Sort::of(name) == Sort::Plugin {
            let part = self.layered.part(name);
            return name == self.layered.host.root
                || part.is_some_and(|part| self.layered.parts[part].is_in());
        }
        self.resolved.candidate(name).is_some() && !self.unknown.contains(name)
    }

    pub(super) fn end(&self, name: &str) -> End {
        let mut way: Vec<String> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut ends = self.ends.borrow_mut();
        let mut here = name.to_owned();
        let mut end = loop {
            if let Some(end) = ends.get(&here) {
                break end.clone();
            }
            if let Some(start) = places.get(&here) {
                break End::Cycle(self.ring(way[*start..].to_vec()).into());
            }
            let next = match self.lines.get(here.as_str()) {
                Some(line) => line.what.to.value.value.clone(),
                None if self.exists(&here) && !self.is_replaced(&here) => break End::Found(here),
                None => match self.by_wildcard(&here) {
                    Some((next, _)) => next,
                    None => {
                        let by_wildcard = |last: &String| !self.lines.contains_key(last.as_str());
                        let plugin = here.split(':').next().unwrap_or(&here);
                        break End::Missing {
                            told: way.last().is_some_and(by_wildcard) && !self.is_plugin(plugin),
                            end: here,
                            last: None,
                        };
                    }
                },
            };
            places.insert(here.clone(), way.len());
            way.push(std::mem::replace(&mut here, next));
        };
        for name in way.into_iter().rev() {
            if let End::Missing { last, .. } = &mut end
                && last.is_none()
                && self.lines.contains_key(name.as_str())
            {
                *last = Some(name.clone());
            }
            ends.insert(name, end.clone());
        }
        end
    }

    /// Names that stand for each other, from the smallest on that a line is about.
    fn ring(&self, mut names: Vec<String>) -> Vec<String> {
        let by_wildcard = |name: &str| !self.lines.contains_key(name);
        let smallest = (0..names.len())
            .min_by_key(|place| (by_wildcard(&names[*place]), &names[*place]))
            .unwrap_or(0);
        names.rotate_left(smallest);
        names
    }

    /// What a name stands for by `plugin:*`, and who says so.
    fn by_wildcard(&self, name: &str) -> Option<(String, Rank)> {
        let (plugin, rest) = name.split_once(':')?;
        let line = self.lines.get(format!("{plugin}:*").as_str())?;
        let (target, _) = line.what.to.value.value.split_once(':')?;
        Some((format!("{target}:{rest}"), line.rank))
    }

    /// Whether an overlay puts another plugin's component of the same name into this one's place.
    fn is_replaced(&self, name: &str) -> bool {
        self.by_wildcard(name)
            .is_some_and(|(next, rank)| rank == Rank::Overlay && self.exists(&next))
    }

    /// Both sides of the wildcards.
    pub(super) fn wildcards(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.lines.iter().filter_map(|(from, line)| {
            let to = line.what.to.value.value.strip_suffix(":*")?;
            Some((from.strip_suffix(":*")?, to))
        })
    }

    /// Adds what the wildcards stand for: every name that the plugin on the right has, aliases included.
    pub(super) fn expand(&self, ends: &mut BTreeMap<String, String>) {
        let wildcards: Vec<(&str, &str)> = self.wildcards().collect();
        // A wildcard may lead to another one: at most all of them one after the other.
        for _ in &wildcards {
            let before = ends.len();
            for (from, to) in &wildcards {
                let own = self
                    .resolved
                    .candidates
                    .iter()
                    .map(|candidate| candidate.id.as_str());
                let names = own
                    .chain(ends.keys().map(String::as_str))
                    .filter_map(|id| id.strip_prefix(to)?.strip_prefix(':'));
                let names: Vec<String> = names.map(|name| format!("{from}:{name}")).collect();
                for name in names {
                    if let End::Found(end) = self.end(&name)
                        && end != name
                    {
                        ends.insert(name, end);
                    }
                }
            }
            if ends.len() == before {
                break;
            }
        }
    }

    /// Whether the right side of a wildcard is a plugin, or leads to one.
    pub(super) fn check_wildcard(
        &self,
        line: &Stated<'_, Alias>,
        problems: &mut Diagnostics,
    ) -> bool {
        let from = &line.what.from.value;
        let mut way = vec![from.clone()];
        while let Some(next) = self.lines.get(way[way.len() - 1].as_str()) {
            let next = &next.what.to.value.value;
            if let Some(start) = way.iter().position(|earlier| earlier == next) {
                let ring = self.ring(way.split_off(start));
                if ring.first() == Some(from) {
                    report(line, AliasFault::Cycle(ring), problems);
                }
                return false;
            }
            way.push(next.clone());
        }
        let end = &way[way.len() - 1];
        let plugin = end.strip_suffix(":*").unwrap_or(end);
        if self.is_plugin(plugin) {
            return true;
        }
        // Of a chain, the last line is wrong.
        if line.what.to.value.value == *end && !self.unknown.contains(end) {
            self.report_plugin(line, plugin, problems);
        }
        false
    }

    /// Whether there is such a plugin, in this composition or for it.
    fn is_plugin(&self, id: &str) -> bool {
        self.layered.part(id).is_some() || self.layered.absent(id).is_some()
    }

    fn report_plugin(&self, line: &Stated<'_, Alias>, target: &str, problems: &mut Diagnostics) {
        let may_be_root = self.layered.host.root_unsure && !line.what.to.value.value.contains(':');
        if may_be_root || self.layered.poison.may_name(target) {
            return;
        }
        let present = self.layered.parts.iter().filter(|part| part.is_in());
        let known = Arc::clone(self.known.get_or_init(|| layer::ids(present)));
        let problem = self.layered.unknown(target, known);
        problems.report(problem, line.what.to.value.origin);
    }

    /// What a plugin that is switched off, left out or not built would have been called needs no name.
    pub(super) fn may_be_absent(&self, end: &str) -> bool {
        let plugin = end.split(':').next().unwrap_or(end);
        let state = self
            .layered
            .part(plugin)
            .map(|part| &self.layered.parts[part].state);
        let off = matches!(state, Some(State::Off(_) | State::LeftOut));
        off || self.layered.absent(plugin).is_some() || self.is_left_out(end)
    }

    pub(super) fn report_missing(
        &self,
        line: &Stated<'_, Alias>,
        end: &str,
        problems: &mut Diagnostics,
    ) {
        if Sort::of(end) == Sort::Plugin {
            self.report_plugin(line, end, problems);
        } else if let Some(problem) = self.unknown_component(end, ComponentUse::Alias) {
            problems.report(problem, line.what.to.value.origin);
        }
    }

    /// Whether a component is not there because of a condition or an overlay.
    fn is_left_out(&self, id: &str) -> bool {
        let mut absent = self.resolved.absent.iter();
        absent.any(|one| {
            let part = &self.layered.parts[one.part];
            let off = one.off.as_ref();
            let off = off.filter(|_| one.id == id && part.is_in());
            off.is_some_and(|off| match off {
                Off::When(_) | Off::Lost(_) | Off::Unneeded(_) | Off::Renamed(_) => true,
                Off::Override(_) => !self.layered.overlays.is_empty(),
            })
        })
    }

    fn unknown_component(&self, id: &str, used: ComponentUse) -> Option<Problem> {
        unknown_component(self.layered, self.resolved, id, used, &[])
    }
}
