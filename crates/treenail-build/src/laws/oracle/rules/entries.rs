//! Entries of registries, and whose counts where the host says so.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Registries;
use super::super::world::{Component, Entry, KEYS, Line, Need, REGISTRIES, When};
use super::{Candidate, Rules, State, Stated, Unclear};
use crate::model::Form;

/// An entry that is known of, whether or not it is there.
#[derive(Debug, Clone)]
pub(in super::super) struct Registered<'w> {
    pub(in super::super) plugin: usize,
    pub(in super::super) registry: usize,
    pub(in super::super) key: usize,
    pub(in super::super) entry: &'w Entry,
    /// What its line is called, see [`super::super::text`].
    at: String,
    /// Why it is not there: by a feature, with its plugin, or because another one counts.
    pub(in super::super) off: Option<&'static str>,
    /// Something about it, or about whose entry counts, has been said already.
    quiet: bool,
}

/// The numbers of a registry and of a key.
type Place = (usize, usize);

/// Whose entry counts, and where that is stated; `None`: nobody's.
type Choice = (Option<String>, BTreeSet<String>);

impl<'w> Rules<'w> {
    /// Which entries there are, and what is wrong with them and with what the host says of them.
    pub(super) fn registries(&mut self) {
        self.declared_entries();
        self.inputs_of_types();
        let (choices, unclear) = self.choices();
        let mut out = BTreeSet::new();
        for one in &mut self.entries {
            let place = (one.registry, one.key);
            one.quiet |= unclear.contains(&place);
            let Some((choice, _)) = choices.get(&place) else {
                continue;
            };
            let counts = match choice {
                None => one.plugin == 0,
                Some(plugin) => *plugin == format!("p{}", one.plugin),
            };
            if !counts && one.off.is_none() {
                one.off = Some("off");
                out.extend(one.entry.made.as_ref().map(|made| made.id.clone()));
            }
        }
        self.candidates.retain(|id, _| !out.contains(id));
        for (place, (choice, at)) in choices {
            self.choice(place, choice.as_deref(), at);
        }
        self.out_of_reach();
        self.keys();
    }

    /// An overlay's entry takes the place of the host's with its key.
    fn declared_entries(&mut self) {
        let mut declared: Vec<Registered<'w>> = Vec::new();
        for (number, label, says) in self.speakers() {
            for ((registry, key), line) in &says.lines {
                let Line::Entry(entry) = line else { continue };
                let at = format!("entry {label} {registry} {key}");
                let Ok(holds) = Self::holds(entry.when) else {
                    self.lost.extend(&entry.made);
                    self.lost_registries.insert(*registry);
                    continue;
                };
                let of_plugin = match self.states[number] {
                    State::Off => Some("off"),
                    State::LeftOut => Some("unfit"),
                    _ => None,
                };
                if label == "overlay" && holds {
                    declared.retain(|one| {
                        (one.plugin, one.registry, one.key) != (0, *registry, *key)
                            || one.off.is_some()
                    });
                }
                declared.push(Registered {
                    plugin: number,
                    registry: *registry,
                    key: *key,
                    entry,
                    at,
                    off: of_plugin.or((!holds).then_some("feature")),
                    quiet: self.states[number] == State::Refused,
                });
            }
        }
        for one in declared.iter().filter(|one| one.off.is_none()) {
            if let Some(decl) = &one.entry.made {
                let candidate = Candidate {
                    plugin: one.plugin,
                    decl,
                    label: one.at.clone(),
                    quiet: one.quiet,
                };
                self.candidates.insert(decl.id.clone(), candidate);
            }
        }
        self.entries = declared;
    }

    /// A type has one struct of inputs: a component has it for itself, and entries share it if they need the same.
    fn inputs_of_types(&mut self) {
        let mut mistakes = BTreeSet::new();
        for (number, plugin) in self.world.plugins.iter().enumerate() {
            let of_it = self.entries.iter().filter(|one| one.plugin == number);
            let (of_it, components) = (of_it.collect::<Vec<_>>(), &plugin.components);
            // A plugin is told by itself what it shows under any condition.
            if number > 0 {
                let always = of_it.iter().filter(|one| one.entry.when == When::Always);
                let components = components.iter().filter(|one| one.when == When::Always);
                mistakes.extend(two_structs(components, always.copied()));
            }
            if self.is_in(number) {
                let overlay = self.world.overlay.iter().filter(|_| number == 0);
                let doubles = overlay.flat_map(|(_, components)| components);
                let there = |one: &&Component| matches!(Self::holds(one.when), Ok(true));
                let doubles: Vec<&Component> = doubles.filter(there).collect();
                let replaced = |one: &&Component| doubles.iter().any(|two| two.id == one.id);
                let own = components.iter().filter(|one| there(one) && !replaced(one));
                let entries = of_it.iter().filter(|one| one.off.is_none());
                mistakes.extend(two_structs(own.chain(doubles.clone()), entries.copied()));
            }
        }
        for at in mistakes {
            self.say("TN0314", at);
        }
    }

    /// What the host says of each key, and the keys of which that is not known.
    fn choices(&mut self) -> (BTreeMap<Place, Choice>, BTreeSet<Place>) {
        let mut stated: BTreeMap<Place, Vec<Stated<Option<String>>>> = BTreeMap::new();
        let mut unclear = BTreeSet::new();
        for layer in self.layers(|_| false) {
            for (place, line) in &layer.says.lines {
                let Line::Choice(choice) = line else { continue };
                match Self::holds(choice.when) {
                    Ok(true) => stated.entry(*place).or_default().push(Stated {
                        value: choice.value.clone(),
                        priority: choice.priority.unwrap_or(layer.priority),
                        height: layer.height,
                        at: format!("entry {} {} {}", layer.label, place.0, place.1),
                    }),
                    Ok(false) => {}
                    Err(Unclear) => {
                        unclear.insert(*place);
                        self.lost_registries.insert(place.0);
                    }
                }
            }
        }
        let mut choices = BTreeMap::new();
        for (place, lines) in stated {
            match self.strongest(lines) {
                Ok(best) => choices.extend(best.map(|best| (place, best))),
                Err(Unclear) => {
                    unclear.insert(place);
                }
            }
        }
        choices.retain(|place, _| !unclear.contains(place));
        (choices, unclear)
    }

    /// A line of the host's about an entry that no plugin has, or that is not in this build.
    fn choice(&mut self, place: Place, choice: Option<&str>, at: BTreeSet<String>) {
        if let Some(plugin) = choice {
            match self.number(plugin).map(|number| self.states[number]) {
                None => return self.say_at_one_of("TN0105", at),
                Some(State::Indirect) => return self.say_at_one_of("TN0103", at),
                Some(_) => {}
            }
        }
        if self.lost_registries.contains(&place.0) {
            return;
        }
        let of_it = self.entries.iter().filter(|one| {
            let is_of = choice.is_none_or(|plugin| plugin == self.world.id(one.plugin));
            (one.registry, one.key) == place && one.plugin > 0 && is_of
        });
        let mut fine = of_it.filter(|one| choice.is_none() || one.off != Some("feature"));
        if fine.next().is_none() {
            self.say_at_one_of("TN0313", at);
        }
    }

    /// Of what a package without the runtime has, the host prints all but entries with services.
    fn out_of_reach(&mut self) {
        let there = self.entries.iter().filter(|one| one.off.is_none());
        let bare = there.filter(|one| self.world.plugins[one.plugin].bare && !one.quiet);
        let made = bare.filter(|one| one.entry.made.is_some());
        let places: Vec<String> = made.map(|one| one.at.clone()).collect();
        for at in places {
            self.say("TN0315", at);
        }
    }

    /// Keys that several entries have, or that differ by case alone.
    fn keys(&mut self) {
        let mut there: BTreeMap<Place, BTreeSet<String>> = BTreeMap::new();
        let sure = self.entries.iter();
        for one in sure.filter(|one| one.off.is_none() && !one.quiet) {
            let places = there.entry((one.registry, one.key)).or_default();
            places.insert(one.at.clone());
        }
        for ((registry, key), places) in &there {
            if places.len() > 1 {
                self.say_at_one_of("TN0312", places.clone());
            }
            let alike = KEYS.iter().enumerate().filter(|(other, text)| {
                *text < &KEYS[*key]
                    && text.eq_ignore_ascii_case(KEYS[*key])
                    && there.contains_key(&(*registry, *other))
            });
            if alike.count() > 0 {
                self.say_at_one_of("TN0912", places.clone());
            }
        }
    }

    /// Whether this is a registry of which an entry is known.
    pub(in super::super) fn is_filled(&self, service: &str) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|one| REGISTRIES[one.registry] == service)
    }

    /// Registries of which entries are known, and those that a component asks for.
    pub(in super::super) fn shown_registries(&self) -> Registries {
        let mut shown = Registries::new();
        let needs = self.candidates.values().flat_map(|one| &one.decl.needs);
        for need in needs.filter(|need| need.form == Form::Registry) {
            shown.entry(need.service.clone()).or_default();
        }
        for one in &self.entries {
            let (key, plugin) = (KEYS[one.key], self.world.id(one.plugin));
            let what = match one.off {
                Some("feature") if one.plugin == 0 => "left out: feature off".to_owned(),
                Some("feature") => format!("left out: feature {plugin}/off"),
                Some(why) => format!("left out: {why}"),
                None => {
                    let made = one.entry.made.as_ref();
                    made.map_or("a value", |made| made.id.as_str()).to_owned()
                }
            };
            let of_it = shown
                .entry(REGISTRIES[one.registry].to_owned())
                .or_default();
            let there = if one.off.is_none() { ":" } else { "" };
            of_it.insert(format!("{key} of {plugin}{there} {what}"));
        }
        shown
    }

    /// The key of the entry that a component makes.
    pub(in super::super) fn key_of(&self, id: &str) -> Option<&'static str> {
        let there = self.entries.iter().filter(|one| one.off.is_none());
        let mut made = there.filter_map(|one| Some((KEYS[one.key], one.entry.made.as_ref()?)));
        made.find_map(|(key, made)| (made.id == id).then_some(key))
    }

    /// Registries that somebody asks for, and that have no entries.
    pub(in super::super) fn empty_registries(&mut self) {
        for (number, registry) in REGISTRIES.iter().enumerate() {
            if self.is_filled(registry) || self.lost_registries.contains(&number) {
                continue;
            }
            let askers = self.candidates.values().filter(|one| !one.quiet);
            let places = askers.flat_map(|one| {
                let needs = one.decl.needs.iter().enumerate();
                let asks = needs.filter(|(_, need)| need.asks_for(registry));
                asks.map(|(field, _)| format!("need {} {field}", one.label))
            });
            let places: BTreeSet<String> = places.collect();
            if !places.is_empty() {
                self.say_at_one_of("TN0913", places);
            }
        }
    }
}

/// Entries whose type has a struct of other inputs already.
fn two_structs<'w>(
    components: impl Iterator<Item = &'w Component>,
    entries: impl Iterator<Item = &'w Registered<'w>>,
) -> BTreeSet<String> {
    let of_components: BTreeSet<&str> = components.map(|one| one.ty.as_str()).collect();
    let mut first: BTreeMap<&str, &Vec<Need>> = BTreeMap::new();
    let mut mistakes = BTreeSet::new();
    for one in entries {
        let Some(made) = &one.entry.made else {
            continue;
        };
        let needs = first.entry(&made.ty).or_insert(&made.needs);
        if of_components.contains(made.ty.as_str()) || **needs != made.needs {
            mistakes.insert(one.at.clone());
        }
    }
    mistakes
}
