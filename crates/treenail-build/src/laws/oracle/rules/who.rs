//! `[plugins]`, versions and conflicts: which plugins take part.

use std::collections::{BTreeMap, BTreeSet};

use super::super::world::Rule;
use super::{Layer, Rules, State, Stated, Unclear};

impl<'w> Rules<'w> {
    /// `[plugins]`. The versions that are insisted on, by plugin: from 1.5 on, and where that is stated.
    pub(super) fn who_takes_part(&mut self) -> BTreeMap<usize, (bool, BTreeSet<String>)> {
        for number in 1..self.states.len() {
            if self.world.plugins[number].indirect {
                self.states[number] = State::Indirect;
            }
        }
        // Of one that is not there, one line is enough.
        let mut nobody: BTreeMap<&String, BTreeSet<String>> = BTreeMap::new();
        for layer in self.layers(|_| false) {
            for (plugin, rule) in &layer.says.rules {
                let at = format!("rule {} {plugin}", layer.label);
                if self.number(plugin).is_none() && matches!(Self::holds(rule.when), Ok(true)) {
                    nobody.entry(plugin).or_default().insert(at);
                }
            }
        }
        for places in nobody.into_values() {
            self.say_at_one_of("TN0105", places);
        }
        let direct: Vec<usize> = (1..self.states.len())
            .filter(|number| self.states[*number] == State::In)
            .collect();
        let mut versions = BTreeMap::new();
        // What a plugin says that the host switches off is not said.
        let (mut said, before) = (direct.clone(), self.mistakes.clone());
        said.retain(|number| {
            let hosts = self.layers(|_| false);
            !matches!(self.rule(*number, &hosts), Ok((Some(false), ..)))
        });
        self.mistakes = before;
        let layers = self.layers(|number| said.contains(&number));
        for number in 1..self.states.len() {
            let at_all = layers.iter().any(|layer| {
                layer.height > 0 && layer.says.rules.contains_key(&self.world.id(number))
            });
            match self.rule(number, &layers) {
                Err(Unclear) => {
                    self.states[number] = State::Refused;
                    self.unclear.insert(number);
                }
                Ok((Some(false), ..)) => self.states[number] = State::Off,
                Ok((_, optional, version)) => {
                    if self.states[number] == State::Indirect && at_all {
                        let hosts = layers.iter().filter(|layer| layer.height > 0).rev();
                        let mut hosts = hosts
                            .filter(|layer| layer.says.rules.contains_key(&self.world.id(number)));
                        let label = hosts
                            .next()
                            .map(|layer| layer.label.clone())
                            .unwrap_or_default();
                        self.say("TN0103", format!("rule {label} {}", self.world.id(number)));
                        self.states[number] = State::Refused;
                        self.unclear.insert(number);
                    }
                    self.optional[number] = optional.unwrap_or(false);
                    versions.extend(version.map(|version| (number, version)));
                }
            }
        }
        versions
    }

    /// What the layers say of one plugin: whether it takes part, whether it may fail, and its version.
    #[expect(clippy::type_complexity)]
    fn rule(
        &mut self,
        number: usize,
        layers: &[Layer<'w>],
    ) -> Result<(Option<bool>, Option<bool>, Option<(bool, BTreeSet<String>)>), Unclear> {
        let id = self.world.id(number);
        let (mut enabled, mut optional, mut version) =
            (Ok(Vec::new()), Ok(Vec::new()), Ok(Vec::new()));
        for layer in layers {
            let Some(rule) = layer.says.rules.get(&id) else {
                continue;
            };
            let Rule {
                enabled: is_on,
                optional: may_fail,
                version: wanted,
                when,
            } = rule;
            let at = format!("rule {} {id}", layer.label);
            match Self::holds(*when) {
                Ok(true) => Self::state(&mut enabled, layer, is_on.as_ref(), &at),
                Ok(false) => {
                    if let Ok(enabled) = &mut enabled {
                        let own = is_on.as_ref().and_then(|is_on| is_on.priority);
                        let priority = own.unwrap_or(layer.priority);
                        enabled.push(Stated {
                            value: false,
                            priority,
                            height: layer.height,
                            at: at.clone(),
                        });
                    }
                }
                Err(Unclear) => enabled = Err(Unclear),
            }
            Self::state(&mut optional, layer, may_fail.as_ref(), &at);
            Self::state(&mut version, layer, wanted.as_ref(), &at);
        }
        let enabled = enabled.and_then(|stated| self.strongest(stated));
        let optional = optional.and_then(|stated| self.strongest(stated));
        let version = version.and_then(|stated| self.strongest(stated));
        let enabled = enabled?.map(|(is_on, _)| is_on);
        if enabled == Some(false) {
            return Ok((enabled, None, None));
        }
        Ok((enabled, optional?.map(|(may_fail, _)| may_fail), version?))
    }

    /// Takes out what does not fit: first by itself, then among the others, the optional ones before those that have to be there.
    pub(super) fn what_fits(&mut self, versions: &BTreeMap<usize, (bool, BTreeSet<String>)>) {
        let mut misfits: Vec<(usize, &'static str, BTreeSet<String>)> = Vec::new();
        for number in self.known() {
            let plugin = &self.world.plugins[number];
            let id = self.world.id(number);
            if let Some((true, places)) = versions.get(&number)
                && !plugin.newer
            {
                misfits.push((number, "TN0201", places.clone()));
            }
            if plugin.api == Some(false) {
                misfits.push((number, "TN0203", BTreeSet::from([format!("api {id}")])));
            }
            if plugin.host == Some(false) {
                misfits.push((number, "TN0204", BTreeSet::from([format!("host {id}")])));
            }
        }
        let considered = self.known();
        self.refuse(misfits);
        // What an optional plugin lacks takes it away from those that need it; what is not there is in nobody's way.
        loop {
            let optional =
                |rules: &Self, misfits: Vec<(usize, &'static str, BTreeSet<String>)>| -> Vec<_> {
                    misfits
                        .into_iter()
                        .filter(|(number, ..)| rules.optional[*number])
                        .collect()
                };
            let lacking = optional(self, self.requirements(&considered));
            if !lacking.is_empty() {
                self.refuse(lacking);
                continue;
            }
            let conflicting = optional(self, self.conflicts(&considered));
            if conflicting.is_empty() {
                break;
            }
            self.refuse(conflicting);
        }
        let rest = [self.requirements(&considered), self.conflicts(&considered)].concat();
        self.refuse(rest);
    }

    /// Plugins of which everything is known.
    fn known(&self) -> Vec<usize> {
        (1..self.states.len())
            .filter(|number| self.states[*number] == State::In)
            .collect()
    }

    fn refuse(&mut self, misfits: Vec<(usize, &'static str, BTreeSet<String>)>) {
        let missing = |places: &BTreeSet<String>| {
            let place = places.first().map_or("", String::as_str);
            place.rsplit(' ').next().map(str::to_owned)
        };
        let indirect: Vec<BTreeSet<String>> = misfits
            .iter()
            .filter(|(number, code, _)| *code == "TN0103" && !self.optional[*number])
            .map(|(.., places)| places.clone())
            .collect();
        for (number, code, mut places) in misfits {
            // That a plugin is only indirect is told once, at one of those who require it.
            if code == "TN0103" && !self.optional[number] {
                let other = missing(&places);
                let all = indirect.iter().filter(|one| missing(one) == other);
                places = all.flatten().cloned().collect();
            }
            if self.optional[number] {
                self.states[number] = State::LeftOut;
                self.say_at_one_of("TN0901", places);
            } else {
                self.states[number] = State::Refused;
                self.say_at_one_of(code, places);
            }
        }
    }

    fn requirements(&self, considered: &[usize]) -> Vec<(usize, &'static str, BTreeSet<String>)> {
        let mut misfits = Vec::new();
        for number in considered
            .iter()
            .copied()
            .filter(|number| self.is_in(*number))
        {
            for (other, newer) in &self.world.plugins[number].requires {
                let at = BTreeSet::from([format!("requires {} {other}", self.world.id(number))]);
                match self
                    .number(other)
                    .map(|other| (self.states[other], self.world.plugins[other].newer))
                {
                    None | Some((State::Off | State::LeftOut, _)) => {
                        misfits.push((number, "TN0207", at));
                    }
                    Some((State::Indirect, _)) => misfits.push((number, "TN0103", at)),
                    Some((State::In | State::Refused, found)) if *newer && !found => {
                        misfits.push((number, "TN0202", at));
                    }
                    Some(_) => {}
                }
            }
        }
        misfits
    }

    fn conflicts(&self, considered: &[usize]) -> Vec<(usize, &'static str, BTreeSet<String>)> {
        let mut misfits = Vec::new();
        for number in considered
            .iter()
            .copied()
            .filter(|number| self.is_in(*number))
        {
            for (name, newer) in &self.world.plugins[number].conflicts {
                let Some(other) = self
                    .number(name)
                    .filter(|other| self.is_in(*other) && !self.unclear.contains(other))
                else {
                    continue;
                };
                if *newer && !self.world.plugins[other].newer {
                    continue;
                }
                let gives_way = if self.optional[other] && !self.optional[number] {
                    other
                } else {
                    number
                };
                let at = format!("conflicts {} {name}", self.world.id(number));
                misfits.push((gives_way, "TN0206", BTreeSet::from([at])));
            }
        }
        misfits
    }
}
