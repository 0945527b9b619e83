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
                match Self::held(to.when) {
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
        let mut places = BTreeMap::new();
        for (from, lines) in stated {
            let overlays: BTreeSet<String> = lines
                .iter()
                .filter(|one| one.height == 2)
                .map(|one| one.at.clone())
                .collect();
            match self.strongest(lines) {
                Ok(Some((_, at)))
                    if at.is_disjoint(&overlays) && self.candidates.contains_key(&from) =>
                {
                    self.say_at_one_of("TN0306", at);
                }
                Ok(Some((to, at))) => {
                    self.aliases
                        .insert(from.clone(), (to, !at.is_disjoint(&overlays)));
                    self.excused.remove(&from);
                    places.insert(from, at);
                }
                Ok(None) => {}
                Err(Unclear) => {
                    self.excused.insert(from);
                }
            }
        }
        let mistakes: Vec<_> = places
            .into_iter()
            .filter_map(|(from, at)| Some((self.wrong_alias(&from)?, at)))
            .collect();
        // What leads to a plugin that is switched off is wrong only where it is used.
        let off = |name: &String| self.is_left_out(name);
        let lines = self.aliases.keys();
        let astray: Vec<String> = lines
            .filter(|from| match self.last(from) {
                None => true,
                Some(last) if last.ends_with(":*") => {
                    let plugin = last.split(':').next().unwrap_or_default();
                    self.number(plugin).is_none()
                }
                Some(last) => !self.exists(&last) && !off(&last),
            })
            .cloned()
            .collect();
        self.excused.extend(astray);
        for (code, at) in mistakes {
            self.say_at_one_of(code, at);
        }
    }

    /// The code of what is wrong with a line of `[alias]`. Of a chain, the last line is wrong.
    fn wrong_alias(&self, from: &str) -> Option<&'static str> {
        let (to, _) = &self.aliases[from];
        let state = |name: &str| {
            let plugin = name.split(':').next().unwrap_or_default();
            self.number(plugin).map(|plugin| self.states[plugin])
        };
        if from.ends_with(":*") {
            if self.aliases.contains_key(to) {
                return self.round(from);
            }
            return (state(to).is_none() && !self.is_excused(to)).then_some("TN0105");
        }
        let (mut here, mut by_wildcard) = (to.clone(), false);
        for _ in 0..50 {
            if self.aliases.contains_key(&here) {
                return self.round(from);
            }
            let Some(next) = self.step(&here) else {
                let off = self.is_left_out(&here);
                let fine = self.exists(&here) || self.is_explained(&here) || self.is_excused(&here);
                // Where the wildcard leads to no plugin, that is told of the wildcard.
                let told = by_wildcard && state(&here).is_none();
                return (!fine && !off && !told).then_some("TN0304");
            };
            (here, by_wildcard) = (next, true);
        }
        self.round(from)
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

    /// The code for names that stand for each other, told of the smallest of their lines.
    fn round(&self, from: &str) -> Option<&'static str> {
        let mut ring = vec![from.to_owned()];
        let mut here = from.to_owned();
        loop {
            here = match here.strip_suffix(":*") {
                Some(_) => self.aliases.get(&here)?.0.clone(),
                None => self.step(&here)?,
            };
            if here == from {
                break;
            }
            if ring.contains(&here) {
                // It leads to a ring and lies on none.
                return None;
            }
            ring.push(here.clone());
        }
        let lines = ring.iter().filter(|name| self.aliases.contains_key(*name));
        (lines.min().map(String::as_str) == Some(from)).then_some("TN0306")
    }

    fn exists(&self, name: &str) -> bool {
        self.candidates.contains_key(name) && !self.excused.contains(name)
    }

    /// What a name stands for at once, if for another one.
    fn step(&self, name: &str) -> Option<String> {
        if let Some((to, _)) = self.aliases.get(name) {
            return Some(to.clone());
        }
        let (plugin, rest) = name.split_once(':')?;
        let (to, by_overlay) = self.aliases.get(&format!("{plugin}:*"))?;
        let (target, _) = to.split_once(':')?;
        let other = format!("{target}:{rest}");
        let takes_its_place = *by_overlay && self.exists(&other);
        (!self.exists(name) || takes_its_place).then_some(other)
    }

    /// The component that a name means in the end.
    pub(in super::super) fn end(&self, name: &str) -> Option<String> {
        self.last(name).filter(|last| self.exists(last))
    }

    /// The name at the end of a chain; `None` for a chain that has none.
    fn last(&self, name: &str) -> Option<String> {
        let mut here = name.to_owned();
        for _ in 0..50 {
            match self.step(&here) {
                Some(next) => here = next,
                None => return Some(here),
            }
        }
        None
    }

    /// The name that leads nowhere, and is a mistake of whoever uses it: nothing else has been said that explains it.
    pub(in super::super) fn astray(&self, name: &str) -> Option<String> {
        let mut here = name.to_owned();
        for _ in 0..50 {
            if self.is_excused(&here) {
                return None;
            }
            match self.step(&here) {
                Some(next) => here = next,
                None => break,
            }
        }
        let nowhere = !self.exists(&here) && !self.is_explained(&here);
        nowhere.then_some(here)
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
                match Self::held(bind.when) {
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
