//! Components, their conditions, and `[override]`.

use super::super::world::{Component, Override};
use super::{Candidate, Layer, Rules, State, Unclear};

impl<'w> Rules<'w> {
    /// Which components there are, as the host's overrides leave them.
    pub(super) fn components(&mut self) {
        let mut all: Vec<(usize, String, &'w Component)> = Vec::new();
        for (number, plugin) in self.world.plugins.iter().enumerate() {
            all.extend(
                plugin
                    .components
                    .iter()
                    .map(|one| (number, one.id.clone(), one)),
            );
        }
        if let Some((_, doubles)) = self.world.overlay.as_ref().filter(|_| self.overlay) {
            all.extend(
                doubles
                    .iter()
                    .map(|one| (0, format!("overlay {}", one.id), one)),
            );
        }
        for (number, label, decl) in all {
            let holds = Self::holds(decl.when);
            if holds.is_err() && !self.world.plugins[number].indirect {
                self.say("TN0502", format!("when {label}"));
            }
            match holds {
                Ok(true) if self.is_in(number) => {
                    let quiet = self.states[number] == State::Refused;
                    let candidate = Candidate {
                        plugin: number,
                        decl,
                        label,
                        quiet,
                    };
                    // The overlay's comes later, and takes the place of the host's.
                    self.candidates.insert(decl.id.clone(), candidate);
                }
                Err(Unclear) if !self.world.plugins[number].indirect => self.lost.push(decl),
                Ok(_) => self.absent.push((number, decl)),
                Err(Unclear) => {}
            }
        }
        let ids: Vec<String> = self.candidates.keys().cloned().collect();
        for id in ids {
            self.change(&id);
        }
    }

    /// `[override]` of one component.
    fn change(&mut self, id: &str) {
        let Some(mut candidate) = self.candidates.remove(id) else {
            return;
        };
        // What can be read of the others is told all the same.
        let mut lost = false;
        let mut stated: Vec<(Layer<'w>, &'w Override, String)> = Vec::new();
        for layer in self.layers(|_| false) {
            let Some(one) = layer.says.overrides.get(id) else {
                continue;
            };
            let at = format!("override {} {id}", layer.label);
            match Self::holds(one.when) {
                Ok(true) => stated.push((layer, one, at)),
                Ok(false) => {}
                Err(Unclear) => lost = true,
            }
        }
        let mut enabled = Ok(Vec::new());
        for (layer, one, at) in &stated {
            Self::state(&mut enabled, layer, one.enabled.as_ref(), at);
        }
        match enabled.and_then(|stated| self.strongest(stated)) {
            Ok(Some((false, _))) => {
                self.absent.push((candidate.plugin, candidate.decl));
                self.switched_off.insert(id.to_owned());
                return;
            }
            Ok(_) => {}
            Err(Unclear) => candidate.quiet = true,
        }
        candidate.quiet |= lost;
        self.candidates.insert(id.to_owned(), candidate);
    }

    /// What is changed has to be there: in this composition, or, where an overlay may have taken it out, in the host's.
    pub(super) fn overrides_of_nothing(&mut self) {
        for layer in self.layers(|_| false) {
            for (id, one) in &layer.says.overrides {
                let at = format!("override {} {id}", layer.label);
                if one.enabled.is_none() {
                    self.say("TN0909", at.clone());
                }
                if !matches!(Self::holds(one.when), Ok(true)) || self.candidates.contains_key(id) {
                    continue;
                }
                let declared: Vec<usize> = self
                    .absent
                    .iter()
                    .filter(|(_, decl)| decl.id == *id)
                    .map(|(plugin, _)| *plugin)
                    .collect();
                let of_one_that_is_in = declared.iter().any(|plugin| self.is_in(*plugin));
                let elsewhere = layer.height == 1 && self.overlay;
                if of_one_that_is_in || elsewhere && !declared.is_empty() {
                    continue;
                }
                self.unknown(id, &at);
            }
        }
    }

    /// A name that no component has; nothing to say where something that has been said is why.
    pub(in super::super) fn unknown(&mut self, id: &str, at: &str) {
        if !self.is_explained(id) {
            self.say("TN0304", at);
        }
    }

    /// Whether something that has been said is why there is no component of this id.
    pub(in super::super) fn is_explained(&self, id: &str) -> bool {
        self.lost.iter().any(|one| one.id == id)
    }
}
