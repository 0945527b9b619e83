//! The rules of a composition once more, written to be seen to be right and not to be fast: who takes part, what each of
//! them offers, and what names mean. Nothing here calls the compiler.

mod changes;
mod entries;
mod names;
mod who;

use std::collections::{BTreeMap, BTreeSet};

use super::world::{Component, Line, Need, REGISTRIES, Setting, Statements, When, World, service};
use crate::model::Scope;
use entries::Registered;

/// A mistake, or a warning: its code, and the statements at which it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mistake {
    pub(super) code: &'static str,
    pub(super) places: BTreeSet<String>,
}

/// Whether a plugin takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    In,
    /// It counts as being there, and nothing more is said about it.
    Refused,
    Off,
    LeftOut,
    Indirect,
}

/// A component that takes part.
#[derive(Debug, Clone)]
pub(super) struct Candidate<'w> {
    pub(super) plugin: usize,
    pub(super) decl: &'w Component,
    /// What statements about it are called, see [`super::text`].
    pub(super) label: String,
    /// Something about it has been said already.
    pub(super) quiet: bool,
}

/// A layer: its statements, how strongly it makes them, and who does.
#[derive(Clone)]
struct Layer<'w> {
    says: &'w Statements,
    /// What places call it.
    label: String,
    priority: u32,
    /// 0 for a plugin, 1 for the host, 2 for its overlay.
    height: u8,
    plugin: usize,
}

/// What a layer states about one thing.
#[derive(Clone)]
struct Stated<T> {
    value: T,
    priority: u32,
    height: u8,
    at: String,
}

/// Equally strong statements differ, or a condition is broken.
struct Unclear;

/// A composition, as far as the rules of this file go.
pub(super) struct Rules<'w> {
    pub(super) world: &'w World,
    overlay: bool,
    pub(super) mistakes: BTreeSet<Mistake>,
    pub(super) states: Vec<State>,
    pub(super) optional: Vec<bool>,
    /// Plugins of which it is not even known whether they take part.
    unclear: BTreeSet<usize>,
    /// By id.
    pub(super) candidates: BTreeMap<String, Candidate<'w>>,
    /// Components that are declared and do not take part, by id, with the number of their plugin.
    pub(super) absent: Vec<(usize, &'w Component)>,
    /// Components about whose conditions something has been said.
    lost: Vec<&'w Component>,
    /// Lines of `[alias]`.
    aliases: BTreeMap<String, String>,
    /// Names that stand for nothing, for a reason that has been said.
    excused: BTreeSet<String>,
    /// Services about which a line of `[bind]` may say something that nobody knows.
    unclear_binds: BTreeSet<usize>,
    /// Components that `[override]` switches off.
    switched_off: BTreeSet<String>,
    /// Entries that are known of, the host's at first.
    pub(super) entries: Vec<Registered<'w>>,
    /// Registries with an entry, or a line about one, whose condition is broken.
    lost_registries: BTreeSet<usize>,
    /// Components that have lost, or that only those needed.
    pub(super) left_out: BTreeSet<String>,
}

/// Ids and types of the components that take part, whatever else is wrong.
pub(super) fn there(world: &World) -> Vec<(String, String)> {
    let rules = Rules::of(world);
    rules
        .candidates
        .values()
        .map(|one| (one.decl.id.clone(), one.decl.ty.clone()))
        .collect()
}

impl<'w> Rules<'w> {
    pub(super) fn of(world: &'w World) -> Self {
        let count = world.plugins.len();
        let mut rules = Self {
            world,
            overlay: world.overlay.is_some(),
            mistakes: BTreeSet::new(),
            states: vec![State::In; count],
            optional: vec![false; count],
            unclear: BTreeSet::new(),
            candidates: BTreeMap::new(),
            absent: Vec::new(),
            lost: Vec::new(),
            aliases: BTreeMap::new(),
            excused: BTreeSet::new(),
            unclear_binds: BTreeSet::new(),
            switched_off: BTreeSet::new(),
            entries: Vec::new(),
            lost_registries: BTreeSet::new(),
            left_out: BTreeSet::new(),
        };
        rules.conditions();
        let versions = rules.who_takes_part();
        rules.unclear_statements();
        rules.what_fits(&versions);
        rules.components();
        rules.registries();
        rules.follow_aliases();
        rules.overrides_of_nothing();
        rules
    }

    pub(super) fn say(&mut self, code: &'static str, at: impl Into<String>) {
        self.mistakes.insert(Mistake {
            code,
            places: BTreeSet::from([at.into()]),
        });
    }

    pub(super) fn say_at_one_of(&mut self, code: &'static str, places: BTreeSet<String>) {
        self.mistakes.insert(Mistake { code, places });
    }

    fn number(&self, plugin: &str) -> Option<usize> {
        (0..self.world.plugins.len()).find(|number| self.world.id(*number) == plugin)
    }

    /// Takes these components out.
    pub(super) fn leave_out(&mut self, ids: &BTreeSet<String>) {
        for id in ids {
            if let Some(candidate) = self.candidates.remove(id) {
                self.absent.push((candidate.plugin, candidate.decl));
            }
        }
        self.left_out.clone_from(ids);
    }

    /// Whether a component that does not take part provides this trait.
    pub(super) fn is_absent(&self, number: usize) -> bool {
        let mut absent = self.absent.iter();
        absent.any(|(_, one)| one.provides.contains(&number))
    }

    /// Whether a requirement of something that has been said may ask for this component.
    pub(super) fn may_be_needed(&self, id: &str) -> bool {
        let candidate = &self.candidates[id];
        let asks = |need: &Need| {
            let traits = candidate
                .decl
                .provides
                .iter()
                .map(|number| service(*number));
            need.service == candidate.decl.ty || traits.into_iter().any(|one| one == need.service)
        };
        self.lost.iter().any(|one| one.needs.iter().any(asks))
    }

    pub(super) fn is_in(&self, plugin: usize) -> bool {
        matches!(self.states[plugin], State::In | State::Refused)
    }

    /// Everybody whose package the host depends on, with what places call them and what they say; the overlay after the host.
    fn speakers(&self) -> Vec<(usize, String, &'w Statements)> {
        let plugins = self.world.plugins.iter().enumerate();
        let plugins = plugins.filter(|(_, plugin)| !plugin.indirect);
        let plugins = plugins.map(|(number, one)| (number, self.world.id(number), &one.says));
        let mut speakers: Vec<_> = plugins.collect();
        let overlay = self.world.overlay.as_ref();
        speakers.extend(overlay.map(|(says, _)| (0, "overlay".to_owned(), says)));
        speakers.sort_by_key(|(number, ..)| *number);
        speakers
    }

    /// Layers, weakest first: plugins, the host, its overlay.
    fn layers(&self, speaks: impl Fn(usize) -> bool) -> Vec<Layer<'w>> {
        let mut layers = Vec::new();
        let plugins = self.world.plugins.iter().enumerate();
        for (number, plugin) in plugins.filter(|(number, _)| *number > 0 && speaks(*number)) {
            layers.push(Layer {
                says: &plugin.says,
                label: self.world.id(number),
                priority: 1500,
                height: 0,
                plugin: number,
            });
        }
        layers.push(Layer {
            says: &self.world.plugins[0].says,
            label: "app".to_owned(),
            priority: 100,
            height: 1,
            plugin: 0,
        });
        if let Some((says, _)) = self.world.overlay.as_ref().filter(|_| self.overlay) {
            layers.push(Layer {
                says,
                label: "overlay".to_owned(),
                priority: 60,
                height: 2,
                plugin: 0,
            });
        }
        layers
    }

    /// Whether a condition holds; of one that names a feature that there is none of nobody knows.
    fn holds(when: When) -> Result<bool, Unclear> {
        match when {
            When::Always | When::Holds => Ok(true),
            When::Fails => Ok(false),
            When::Broken => Err(Unclear),
        }
    }

    /// Looks at every condition that the host or a plugin beside it states, whatever becomes of the line.
    fn conditions(&mut self) {
        let mut all: Vec<(When, String)> = Vec::new();
        for Layer { says, label, .. } in self.layers(|number| !self.world.plugins[number].indirect)
        {
            for (plugin, rule) in &says.rules {
                let settings = [&rule.enabled, &rule.optional, &rule.version];
                let whens = settings.into_iter().flatten().map(|one| one.when);
                let at = format!("rule {label} {plugin}");
                all.extend(whens.chain([rule.when]).map(|when| (when, at.clone())));
            }
            for (id, one) in &says.overrides {
                let enabled = one.enabled.iter().map(|enabled| enabled.when);
                let at = format!("override {label} {id}");
                all.extend(enabled.chain([one.when]).map(|when| (when, at.clone())));
            }
            let binds = says.binds.iter();
            all.extend(binds.map(|(number, bind)| (bind.when, format!("bind {label} {number}"))));
            let aliases = says.aliases.iter();
            all.extend(aliases.map(|(from, to)| (to.when, format!("alias {label} {from}"))));
            let lines = says.lines.iter().map(|((registry, key), line)| {
                let when = match line {
                    Line::Entry(entry) => entry.when,
                    Line::Choice(choice) => choice.when,
                };
                (when, format!("entry {label} {registry} {key}"))
            });
            all.extend(lines);
        }
        for (when, at) in all {
            if Self::holds(when).is_err() {
                self.say("TN0502", at);
            }
        }
    }

    /// Of which services and names it is not known what is stated about them, by everyone whom nobody has switched off. Of whom
    /// it is not known whether he is there, it is not known either what he says.
    fn unclear_statements(&mut self) {
        for layer in self.layers(|number| self.is_in(number)) {
            let unclear = self.unclear.contains(&layer.plugin);
            for (number, bind) in &layer.says.binds {
                if unclear || Self::holds(bind.when).is_err() {
                    self.unclear_binds.insert(*number);
                }
            }
            for (from, to) in &layer.says.aliases {
                if unclear || Self::holds(to.when).is_err() {
                    self.excused.insert(from.clone());
                }
            }
        }
    }

    /// Adds what a layer states, where its condition holds.
    fn state<T: Clone>(
        stated: &mut Result<Vec<Stated<T>>, Unclear>,
        layer: &Layer<'_>,
        setting: Option<&Setting<T>>,
        at: &str,
    ) {
        let Some(setting) = setting else { return };
        match (Self::holds(setting.when), stated.as_mut()) {
            (Ok(true), Ok(stated)) => stated.push(Stated {
                value: setting.value.clone(),
                priority: setting.priority.unwrap_or(layer.priority),
                height: layer.height,
                at: at.to_owned(),
            }),
            (Err(Unclear), _) => *stated = Err(Unclear),
            _ => {}
        }
    }

    /// The strongest of several statements, and where it stands.
    fn strongest<T: PartialEq>(
        &mut self,
        stated: Vec<Stated<T>>,
    ) -> Result<Option<(T, BTreeSet<String>)>, Unclear> {
        let Some(least) = stated.iter().map(|one| one.priority).min() else {
            return Ok(None);
        };
        let mut equal: Vec<Stated<T>> = stated
            .into_iter()
            .filter(|one| one.priority == least)
            .collect();
        // The host's own words are shown before those of plugins, and these by the plugins' ids.
        equal.sort_by_key(|one| one.height == 0);
        if equal.iter().any(|one| one.value != equal[0].value) {
            self.say("TN0501", equal[0].at.clone());
            return Err(Unclear);
        }
        let highest = equal.iter().map(|one| one.height).max();
        equal.retain(|one| Some(one.height) == highest);
        let best = equal.into_iter().next();
        Ok(best.map(|one| (one.value, BTreeSet::from([one.at]))))
    }

    /// Whether something that has been said may provide this service.
    pub(super) fn may_be_provided(&self, wanted: &str) -> bool {
        let lost = self.lost.iter().any(|one| {
            let is_its_type = one.registry.is_none() && one.ty == wanted;
            is_its_type || one.provides.iter().any(|number| service(*number) == wanted)
        });
        lost || self
            .candidates
            .values()
            .any(|one| one.quiet && provides(one, wanted))
    }

    /// Whether a component of the same name has been lost, and something that was lost does provide this service: then
    /// another one may be meant.
    pub(super) fn may_mean_another(&self, id: &str, wanted: &str) -> bool {
        let mut numbers = self.lost.iter().flat_map(|one| &one.provides);
        let is_lost = numbers.any(|number| service(*number) == wanted);
        is_lost && self.lost.iter().any(|one| one.id == id)
    }

    pub(super) fn is_configured(&self, id: &str) -> bool {
        self.candidates[id].decl.scope == Scope::Instance
    }
}

/// Whether a component offers a service: a trait that it declares, or its own type. A decorator offers nothing.
pub(super) fn provides(candidate: &Candidate<'_>, wanted: &str) -> bool {
    let decl = candidate.decl;
    let mut traits = decl.provides.iter();
    let makes = decl
        .registry
        .is_some_and(|number| REGISTRIES[number] == wanted);
    traits.any(|number| service(*number) == wanted) || is_own(decl, wanted) || makes
}

/// Whether a component can be asked for by this type, because it is its own.
pub(super) fn is_own(decl: &Component, wanted: &str) -> bool {
    decl.decorates.is_none() && decl.registry.is_none() && decl.ty == wanted
}
