//! Components, their conditions, and `[override]`.

use super::super::world::{Component, Edit, Override};
use super::{Candidate, Layer, Named, Rules, State, Stated, Unclear};

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
            let mistakes = self.mistakes.clone();
            let holds = self.holds(decl.when, &format!("when {label}"));
            if self.world.plugins[number].indirect {
                self.mistakes = mistakes;
            }
            match holds {
                Ok(true) if self.is_in(number) => {
                    let named = |names: &[String], key: &str| -> Vec<Named> {
                        let at = format!("{key} {label}");
                        names
                            .iter()
                            .map(|name| Named {
                                name: name.clone(),
                                at: at.clone(),
                            })
                            .collect()
                    };
                    let (before, after) =
                        (named(&decl.before, "before"), named(&decl.after, "after"));
                    let provides = decl.provides.clone();
                    let quiet = self.states[number] == State::Refused;
                    let candidate = Candidate {
                        plugin: number,
                        decl,
                        label,
                        provides,
                        before,
                        after,
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
            match self.holds(one.when, &at) {
                Ok(true) => stated.push((layer, one, at)),
                Ok(false) => {}
                Err(Unclear) => lost = true,
            }
        }
        let mut enabled = Ok(Vec::new());
        for (layer, one, at) in &stated {
            self.state(&mut enabled, layer, one.enabled.as_ref(), at);
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
        let declared = candidate.decl.provides.clone();
        let mut wrong = false;
        let provides = self.edits(&stated, |one| one.provides.as_ref());
        candidate.quiet |= provides.is_err();
        for (edit, at) in provides.unwrap_or_default() {
            if let Some(value) = &edit.value {
                candidate.provides.clear();
                for number in value {
                    if declared.contains(number) {
                        candidate.provides.insert(*number);
                    } else {
                        wrong |= self.tell(&candidate, "TN0305", at);
                    }
                }
            }
            for number in &edit.remove {
                if !candidate.provides.remove(number) {
                    wrong |= self.tell(&candidate, "TN0504", at);
                }
            }
            for number in &edit.append {
                if !declared.contains(number) {
                    wrong |= self.tell(&candidate, "TN0305", at);
                } else if !candidate.provides.insert(*number) {
                    wrong |= self.tell(&candidate, "TN0504", at);
                }
            }
        }
        if wrong {
            candidate.provides = declared;
        }
        let mut lists = [
            std::mem::take(&mut candidate.before),
            std::mem::take(&mut candidate.after),
        ];
        for (list, is_before) in lists.iter_mut().zip([true, false]) {
            let get = |one: &'w Override| match is_before {
                true => one.before.as_ref(),
                false => one.after.as_ref(),
            };
            let edits = self.edits(&stated, get);
            if edits.is_err() {
                list.clear();
            }
            for (edit, at) in edits.unwrap_or_default() {
                let named = |name: &String| Named {
                    name: name.clone(),
                    at: at.clone(),
                };
                if let Some(value) = &edit.value {
                    *list = value.iter().map(named).collect();
                }
                for name in &edit.remove {
                    let held = list.len();
                    list.retain(|one| one.name != *name);
                    if list.len() == held {
                        self.tell(&candidate, "TN0504", at);
                    }
                }
                for name in &edit.append {
                    if list.iter().any(|one| one.name == *name) {
                        self.tell(&candidate, "TN0504", at);
                    } else {
                        list.push(named(name));
                    }
                }
            }
        }
        [candidate.before, candidate.after] = lists;
        candidate.quiet |= lost;
        self.candidates.insert(id.to_owned(), candidate);
    }

    /// Whether this is told.
    fn tell(&mut self, candidate: &Candidate<'_>, code: &'static str, at: &str) -> bool {
        if !candidate.quiet {
            self.say(code, at);
        }
        !candidate.quiet
    }

    /// What is changed has to be there: in this composition, or, where an overlay may have taken it out, in the host's.
    pub(super) fn overrides_of_nothing(&mut self) {
        for layer in self.layers(|_| false) {
            for (id, one) in &layer.says.overrides {
                let at = format!("override {} {id}", layer.label);
                let lists = one.provides.is_some() || one.before.is_some() || one.after.is_some();
                if one.enabled.is_none() && !lists {
                    self.say("TN0909", at.clone());
                }
                if !matches!(self.holds(one.when, &at), Ok(true))
                    || self.candidates.contains_key(id)
                {
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
        let plugin = self.number(id.split(':').next().unwrap_or_default());
        plugin.is_some_and(|plugin| self.states[plugin] == State::Refused)
            || self.lost.iter().any(|one| one.id == id)
    }

    /// The edits of one list, from the weakest to the strongest. Two that replace it contradict each other.
    fn edits<'s, T: PartialEq + Clone + 'w>(
        &mut self,
        stated: &'s [(Layer<'w>, &'w Override, String)],
        get: impl Fn(&'w Override) -> Option<&'w Edit<T>>,
    ) -> Result<Vec<(&'w Edit<T>, &'s String)>, Unclear> {
        let (mut all, mut replacing) = (Vec::new(), Vec::new());
        for (layer, one, at) in stated {
            let Some(edit) = get(one) else { continue };
            let (priority, height) = (edit.priority.unwrap_or(layer.priority), layer.height);
            all.push((priority, height, edit, at));
            replacing.extend(edit.value.clone().map(|value| Stated {
                value,
                priority,
                height,
                at: at.clone(),
            }));
        }
        self.strongest(replacing)?;
        all.sort_by_key(|(priority, height, ..)| (std::cmp::Reverse(*priority), *height));
        Ok(all.into_iter().map(|(.., edit, at)| (edit, at)).collect())
    }
}
