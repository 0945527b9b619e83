//! `[alias]` and `[bind]`: what names mean.

use std::collections::{BTreeMap, BTreeSet};

use super::super::world::service;
use super::{Rules, State, Stated, Unclear};

impl Rules<'_> {
    /// `[alias]`
    pub(super) fn follow_aliases(&mut self) {
        let mut stated: BTreeMap<String, Vec<Stated<String>>> = BTreeMap::new();
        for layer in self.layers(|number| self.is_in(number)) {
            for (from, to) in &layer.says.aliases {
                let at = format!("alias {} {from}", layer.label);
                match Self::holds(to.when) {
                    Ok(true) if !self.unclear.contains(&layer.plugin) => {
                        let (value, priority) =
                            (to.value.clone(), to.priority.unwrap_or(layer.priority));
                        let one = Stated {
                            value,
                            priority,
                            height: layer.height,
                            at,
                        };
                        stated.entry(from.clone()).or_default().push(one);
                    }
                    _ => {}
                }
            }
        }
        // A plugin is told of such a line by itself, whether or not it takes part.
        let direct = self.layers(|number| !self.world.plugins[number].indirect);
        let own = direct.iter().filter(|layer| layer.height == 0);
        let own = own.flat_map(|layer| {
            let all = layer.says.aliases.iter();
            let all = all.filter(|(from, _)| from.ends_with(":*"));
            all.map(|(from, _)| format!("alias {} {from}", layer.label))
        });
        let by_itself: BTreeSet<String> = own.collect();
        for at in &by_itself {
            self.say("TN0306", at.clone());
        }
        let mut places = BTreeMap::new();
        for (from, lines) in stated {
            let by_overlay = |at: &BTreeSet<String>| {
                let mut all = lines.iter().filter(|one| one.height == 2);
                all.any(|one| at.contains(&one.at))
            };
            match self.strongest(lines.clone()) {
                Ok(Some((_, at))) if from.ends_with(":*") => {
                    self.excused.insert(from);
                    if at.is_disjoint(&by_itself) {
                        self.say_at_one_of("TN0306", at);
                    }
                }
                Ok(Some((_, at))) if !by_overlay(&at) && self.candidates.contains_key(&from) => {
                    self.say_at_one_of("TN0306", at);
                }
                Ok(Some((to, at))) => {
                    self.aliases.insert(from.clone(), to);
                    self.excused.remove(&from);
                    places.insert(from, at);
                }
                Ok(None) => {}
                Err(Unclear) => {
                    self.excused.insert(from);
                }
            }
        }
        let mut mistakes = Vec::new();
        let mut nowhere = Vec::new();
        for (from, at) in places {
            let last = self.last(&from);
            let leads = |name: &String| self.exists(name) || self.is_left_out(name);
            let leads_on = last.as_ref().is_some_and(leads);
            if self.aliases.contains_key(&self.aliases[&from]) {
                mistakes.push(("TN0306", at));
            } else if !leads_on
                && !last.is_some_and(|last| self.is_explained(&last) || self.is_excused(&last))
            {
                mistakes.push(("TN0304", at));
            }
            // What leads to a plugin that is switched off is wrong only where it is used.
            nowhere.extend((!leads_on).then_some(from));
        }
        self.excused.extend(nowhere);
        for (code, at) in mistakes {
            self.say_at_one_of(code, at);
        }
    }

    /// Whether what would have this id is left out: with its plugin, or by a condition or an overlay.
    fn is_left_out(&self, id: &str) -> bool {
        let plugin = id.split(':').next().and_then(|plugin| self.number(plugin));
        let off = |plugin: usize| matches!(self.states[plugin], State::Off | State::LeftOut);
        let by_hand = self.switched_off.contains(id) && !self.overlay;
        plugin.is_some_and(off)
            || !by_hand
                && self
                    .absent
                    .iter()
                    .any(|(plugin, one)| one.id == id && self.is_in(*plugin))
    }

    fn exists(&self, name: &str) -> bool {
        self.candidates.contains_key(name) && !self.excused.contains(name)
    }

    /// The component that a name means in the end.
    pub(in super::super) fn end(&self, name: &str) -> Option<String> {
        self.last(name).filter(|last| self.exists(last))
    }

    /// What a name stands for, a chain of lines followed to its end; `None` for a ring.
    fn last(&self, name: &str) -> Option<String> {
        let mut here = name;
        for _ in 0..50 {
            match self.aliases.get(here) {
                Some(next) => here = next,
                None => return Some(here.to_owned()),
            }
        }
        None
    }

    /// The name that leads nowhere, and is a mistake of whoever uses it: nothing else has been said that explains it.
    pub(in super::super) fn astray(&self, name: &str) -> Option<String> {
        let last = self.last(name)?;
        let is_explained = self.is_excused(name) || self.is_excused(&last);
        let nowhere = !self.exists(&last) && !self.is_explained(&last);
        (nowhere && !is_explained).then_some(last)
    }

    /// Whether a name leads to a component that has lost, or that only losers needed.
    pub(in super::super) fn is_out(&self, name: &str) -> bool {
        self.last(name)
            .is_some_and(|last| self.left_out.contains(&last))
    }

    /// The component that a name means; one that means none is a mistake of whoever uses it, unless he is not to be told.
    pub(in super::super) fn component(
        &mut self,
        name: &str,
        at: &str,
        told: bool,
    ) -> Option<String> {
        if told && !self.is_out(name) && self.astray(name).is_some() {
            self.say("TN0304", at);
        }
        self.end(name)
    }

    fn is_excused(&self, name: &str) -> bool {
        let wildcard = name.split(':').next().map(|plugin| format!("{plugin}:*"));
        self.excused.contains(name)
            || wildcard.is_some_and(|wildcard| self.excused.contains(&wildcard))
    }

    /// What `[bind]` names for each service that it is about; `None` where that is not known.
    pub(in super::super) fn binds(
        &mut self,
    ) -> BTreeMap<String, Option<(String, BTreeSet<String>)>> {
        let mut stated: BTreeMap<usize, Vec<Stated<String>>> = BTreeMap::new();
        let mut unclear = self.unclear_binds.clone();
        for layer in self.layers(|number| self.is_in(number)) {
            for (number, bind) in &layer.says.binds {
                let at = format!("bind {} {number}", layer.label);
                let of = self.number(bind.value.split(':').next().unwrap_or_default());
                match Self::holds(bind.when) {
                    // What a plugin chooses by itself counts where it is there to be chosen.
                    Ok(true) if layer.height == 0 && !of.is_some_and(|of| self.is_in(of)) => {}
                    Ok(true) if !self.unclear.contains(&layer.plugin) => {
                        let (value, priority) =
                            (bind.value.clone(), bind.priority.unwrap_or(layer.priority));
                        let one = Stated {
                            value,
                            priority,
                            height: layer.height,
                            at,
                        };
                        stated.entry(*number).or_default().push(one);
                    }
                    _ => {}
                }
            }
        }
        let mut binds = BTreeMap::new();
        for (number, lines) in stated {
            match self.strongest(lines) {
                Ok(best) => binds.extend(best.map(|best| (service(number), Some(best)))),
                Err(Unclear) => {
                    unclear.insert(number);
                }
            }
        }
        for number in unclear {
            binds.entry(service(number)).or_insert(None);
        }
        binds
    }
}
