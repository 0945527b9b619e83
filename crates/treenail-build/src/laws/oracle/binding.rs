//! Who answers which requirement, and the order of all components: see [`super::rules`].
//! Longer than other files: one rule leads to the next.

mod graph;
mod losers;

use std::collections::{BTreeMap, BTreeSet};

use graph::{knots, smallest_first};
use treenail_core::nearest::nearest;

use super::Registries;
use super::rules::{Mistake, Rules, State, is_own, provides};
use super::world::{CLOCK, HANDLES, Need, REGISTRIES, SERVICES, World, service};
use crate::model::Form;

/// Who answers where nothing else is said.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Winner {
    One(String),
    Nobody,
    Several,
    Instances,
    /// A mistake elsewhere.
    Unknown,
}

/// What a requirement is given, in order, and what it is given where nothing else is said.
pub(super) type Answer = (Vec<String>, Option<String>);

/// What the rules say about a composition.
pub(super) struct Verdict {
    pub(super) mistakes: BTreeSet<Mistake>,
    /// Components in order.
    pub(super) order: Vec<String>,
    /// Those that are left out.
    pub(super) left_out: BTreeSet<String>,
    /// By component and field; a decorator's `inner` is its last field.
    pub(super) answers: BTreeMap<(String, usize), Answer>,
    pub(super) registries: Registries,
}

/// Judges a composition, with its overlay in force if it has one.
pub(super) fn judge(world: &World) -> Verdict {
    let mut binding = Binding::of(world);
    let order = binding.order();
    let registries = binding.rules.shown_registries();
    let answers = binding
        .answers
        .into_iter()
        .filter_map(|(key, answer)| Some((key, answer?)));
    Verdict {
        mistakes: binding.rules.mistakes,
        order,
        left_out: binding.rules.left_out,
        answers: answers.collect(),
        registries,
    }
}

struct Binding<'w> {
    rules: Rules<'w>,
    /// Place of every component in an order that keeps `before` and `after`.
    ranks: BTreeMap<String, usize>,
    /// Providers in order, and who wins.
    provisions: BTreeMap<String, (Vec<String>, Winner)>,
    /// Services about which something has been said.
    told: BTreeSet<String>,
    /// By component and field; `None` where something is wrong.
    answers: BTreeMap<(String, usize), Option<Answer>>,
    /// Components that `[bind]` names, and the place where it does, by service.
    bound: BTreeMap<String, (String, BTreeSet<String>)>,
}

impl<'w> Binding<'w> {
    fn of(world: &'w World) -> Self {
        let mut rules = Rules::of(world);
        let left_out = losers::left_out(&mut rules);
        rules.leave_out(&left_out);
        rules.empty_registries();
        for number in &world.all {
            let wanted = service(*number);
            let mut there = rules.candidates.values();
            // What the overlay leaves out, the host may still speak of.
            let elsewhere = world.overlay.is_some() && rules.is_absent(*number);
            let is_there = there.any(|one| provides(one, &wanted));
            if !rules.may_be_provided(&wanted) && !is_there && !elsewhere {
                rules.say("TN0301", "all");
            }
        }
        let mut binding = Self {
            rules,
            ranks: BTreeMap::new(),
            provisions: BTreeMap::new(),
            told: BTreeSet::new(),
            answers: BTreeMap::new(),
            bound: BTreeMap::new(),
        };
        binding.rank();
        binding.provide();
        binding.decorate();
        binding.answer_all();
        binding
    }

    fn ids(&self) -> Vec<String> {
        self.rules.candidates.keys().cloned().collect()
    }

    fn is_quiet(&self, id: &str) -> bool {
        self.rules.candidates[id].quiet
    }

    /// `before` and `after`.
    fn rank(&mut self) {
        let ids = self.ids();
        let mut earlier: BTreeMap<String, BTreeSet<String>> =
            ids.iter().map(|id| (id.clone(), BTreeSet::new())).collect();
        let mut said: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        for id in &ids {
            let candidate = self.rules.candidates[id].clone();
            let before = candidate.decl.before.iter().map(|name| (name, true));
            let after = candidate.decl.after.iter().map(|name| (name, false));
            for (name, first) in before.chain(after) {
                let key = if first { "before" } else { "after" };
                let at = format!("{key} {}", candidate.label);
                let Some(other) = self.beside(id, name, &at) else {
                    continue;
                };
                let (first, second) = if first {
                    (id.clone(), other)
                } else {
                    (other, id.clone())
                };
                earlier
                    .get_mut(&second)
                    .expect("a component")
                    .insert(first.clone());
                said.entry((first, second)).or_default().insert(at);
            }
        }
        self.say_idle(&earlier, &said);
        let sure = |id: &String| !self.is_quiet(id);
        let later: BTreeMap<String, BTreeSet<String>> = ids
            .iter()
            .filter(|id| sure(id))
            .map(|id| {
                (
                    id.clone(),
                    ids.iter()
                        .filter(|other| sure(other) && earlier[*other].contains(id))
                        .cloned()
                        .collect(),
                )
            })
            .collect();
        for knot in knots(&later) {
            let smallest = &knot[0];
            let at = knot
                .iter()
                .filter_map(|other| said.get(&(smallest.clone(), other.clone())))
                .flatten()
                .cloned();
            let at = at.collect();
            self.rules.say_at_one_of("TN0402", at);
        }
        let order = smallest_first(&earlier);
        self.ranks = order
            .into_iter()
            .enumerate()
            .map(|(rank, id)| (id, rank))
            .collect();
    }

    /// What two components say of each other has no effect where no service is one of both, and neither stands beside a third.
    fn say_idle(
        &mut self,
        earlier: &BTreeMap<String, BTreeSet<String>>,
        said: &BTreeMap<(String, String), BTreeSet<String>>,
    ) {
        let beside = |id: &String| {
            let later = earlier.values().filter(|all| all.contains(id)).count();
            later + earlier[id].len()
        };
        let services = self.services();
        let answers_for = |id: &String, wanted: &String| {
            let candidate = &self.rules.candidates[id];
            let decorated = candidate.decl.decorates.map(service);
            provides(candidate, wanted) || decorated.as_ref() == Some(wanted)
        };
        let traits = |id: &String| {
            let decl = self.rules.candidates[id].decl;
            let all = decl.provides.iter().copied().chain(decl.decorates);
            all.map(|number| format!("S{number}"))
                .collect::<Vec<String>>()
        };
        // One trait may be another with a slip in its name.
        let alike = |first: &String, second: &String| {
            let (ours, theirs) = (traits(first), traits(second));
            let mut ours = ours.iter();
            ours.any(|one| nearest(one, theirs.iter().map(String::as_str)).is_some())
        };
        let mut idle = BTreeSet::new();
        for ((first, second), places) in said {
            let both = [first, second];
            let known = both.iter().all(|id| !self.is_quiet(id) && beside(id) == 1);
            let shared = |wanted: &String| both.iter().all(|id| answers_for(id, wanted));
            if known && !services.iter().any(shared) && !alike(first, second) {
                idle.extend(places.iter().cloned());
            }
        }
        for at in idle {
            self.rules.say("TN0908", at);
        }
    }

    /// The component that `before` or `after` names. What is not in this composition needs no place in it; but a plugin that is
    /// there has to have declared it.
    fn beside(&mut self, id: &str, name: &str, at: &str) -> Option<String> {
        if let Some(found) = self.rules.end(name) {
            return Some(found);
        }
        let candidate = &self.rules.candidates[id];
        let (quiet, is_host) = (candidate.quiet, candidate.plugin == 0);
        let last = self.rules.astray(name).filter(|_| !quiet)?;
        let of = last.split(':').next().unwrap_or_default();
        let count = self.rules.world.plugins.len();
        let number = (0..count).find(|number| self.rules.world.id(*number) == of);
        let left_out = self.rules.absent.iter().any(|(_, one)| one.id == last);
        match number {
            Some(number) if self.rules.is_in(number) && !left_out => self.rules.say("TN0304", at),
            Some(_) => {}
            None if is_host || self.may_be_meant(&last) => self.rules.say("TN0908", at),
            None => {}
        }
        None
    }

    /// Whether one of the components has nearly this name.
    fn may_be_meant(&self, id: &str) -> bool {
        nearest(id, self.rules.candidates.keys().map(String::as_str)).is_some()
    }

    /// Everything that is asked for, or provided.
    fn services(&self) -> BTreeSet<String> {
        let types = self.rules.world.declared().map(|one| one.ty.clone());
        let registries = REGISTRIES.iter().map(|one| (*one).to_owned());
        let services = (0..SERVICES).map(service).chain(registries);
        services.chain(types).collect()
    }

    fn provide(&mut self) {
        let binds = self.rules.binds();
        for wanted in self.services() {
            let all = self
                .rules
                .candidates
                .iter()
                .filter(|(_, one)| provides(one, &wanted));
            let mut providers: Vec<String> = all.map(|(id, _)| id.clone()).collect();
            providers.sort_by_key(|id| self.ranks[id]);
            let fixed: Vec<&String> = providers
                .iter()
                .filter(|id| !self.rules.is_configured(id))
                .collect();
            let winner = match binds.get(&wanted) {
                Some(Some((name, at))) => self.bound(&wanted, name, at),
                _ if self.rules.may_be_provided(&wanted) => Winner::Unknown,
                _ if providers.is_empty() => Winner::Nobody,
                // Who provides alone is bound by any line that is right.
                Some(None) if providers.len() > 1 => Winner::Unknown,
                _ => match fixed[..] {
                    [] if binds.contains_key(&wanted) => Winner::Unknown,
                    [] => Winner::Instances,
                    [only] => Winner::One(only.clone()),
                    _ => Winner::Several,
                },
            };
            self.provisions.insert(wanted, (providers, winner));
        }
    }

    /// `[bind]`
    fn bound(&mut self, wanted: &str, name: &str, at: &BTreeSet<String>) -> Winner {
        let place = at.first().cloned().unwrap_or_default();
        // The line is for a composition in which somebody needs the winner.
        if self.rules.is_out(name) {
            return Winner::Unknown;
        }
        let Some(found) = self.rules.component(name, &place, true) else {
            return Winner::Unknown;
        };
        self.bound
            .insert(wanted.to_owned(), (found.clone(), at.clone()));
        if provides(&self.rules.candidates[&found], wanted) {
            return Winner::One(found);
        }
        if !self.is_quiet(&found) && !self.rules.may_mean_another(&found, wanted) {
            self.rules.say_at_one_of("TN0305", at.clone());
        }
        Winner::Unknown
    }

    /// Those who wrap every provider of a service, the innermost first.
    fn decorators(&self, wanted: &str) -> Vec<String> {
        let all = self.rules.candidates.iter();
        let all = all.filter(|(_, one)| one.decl.decorates.map(service).as_deref() == Some(wanted));
        let mut decorators: Vec<String> = all.map(|(id, _)| id.clone()).collect();
        decorators.sort_by_key(|id| self.ranks[id]);
        decorators
    }

    /// What every decorator wraps: all who provide the service. There has to be one.
    fn decorate(&mut self) {
        for wanted in (0..SERVICES).map(service) {
            let providers = self.provisions[&wanted].0.clone();
            for id in self.decorators(&wanted) {
                if providers.is_empty() {
                    let at = format!("decorate {}", self.rules.candidates[&id].label);
                    self.nobody(&id, &wanted, &at, "TN0309");
                }
                let field = self.rules.candidates[&id].decl.needs.len();
                self.answers
                    .insert((id, field), Some((providers.clone(), None)));
            }
        }
    }

    /// The winner; what is wrong where there is none, with a code for nobody, for several, for instances.
    fn winner(
        &mut self,
        asks: &str,
        wanted: &str,
        at: &str,
        codes: [&'static str; 3],
    ) -> Option<String> {
        let code = match &self.provisions[wanted].1 {
            Winner::One(winner) => return Some(winner.clone()),
            Winner::Unknown => return None,
            Winner::Nobody => codes[0],
            Winner::Several => codes[1],
            Winner::Instances => codes[2],
        };
        if code == codes[0] {
            self.nobody(asks, wanted, at, code);
        } else if !self.is_quiet(asks) && self.told.insert(wanted.to_owned()) {
            self.rules.say(code, at);
        }
        None
    }

    fn nobody(&mut self, asks: &str, wanted: &str, at: &str, code: &'static str) {
        if self.rules.may_be_provided(wanted)
            || self.is_quiet(asks)
            || !self.told.insert(wanted.to_owned())
        {
            return;
        }
        let offers = |plugin: &super::world::Plugin| {
            plugin.components.iter().any(|one| {
                let trait_of_it = one.provides.iter().any(|number| service(*number) == wanted);
                one.when != super::world::When::Broken && (trait_of_it || is_own(one, wanted))
            })
        };
        let beyond = self.rules.world.plugins.iter().enumerate();
        let mut beyond = beyond.filter(|(number, _)| self.rules.states[*number] == State::Indirect);
        let code = if beyond.any(|(_, plugin)| offers(plugin)) {
            "TN0103"
        } else {
            code
        };
        self.rules.say(code, at);
    }

    /// What cannot do without an optional plugin's component is optional itself.
    fn can_rely_on(&mut self, asks: &str, provider: &str, at: &str) -> bool {
        let [asking, providing] = [asks, provider].map(|id| self.rules.candidates[id].plugin);
        let fine =
            !self.rules.optional[providing] || self.rules.optional[asking] || asking == providing;
        if !fine && !self.is_quiet(asks) && !self.is_quiet(provider) {
            self.rules.say("TN0307", at);
        }
        fine
    }

    fn answer_all(&mut self) {
        for id in self.ids() {
            let candidate = self.rules.candidates[&id].clone();
            for (field, need) in candidate.decl.needs.iter().enumerate() {
                let at = format!("need {} {field}", candidate.label);
                let answer = self.answer(&id, need, &at);
                self.answers.insert((id.clone(), field), answer);
            }
        }
    }

    fn answer(&mut self, id: &str, need: &Need, at: &str) -> Option<Answer> {
        if HANDLES.contains(&need.service.as_str()) {
            let plain = need.form == Form::One && need.from.is_none() && !need.named;
            if !plain && !self.is_quiet(id) {
                self.rules.say("TN0014", at);
            }
            return plain.then(|| (Vec::new(), None));
        }
        if need.service == CLOCK && need.from.is_none() && !need.named {
            return Some((Vec::new(), None));
        }
        let provision = self.provisions.get(&need.service).cloned();
        let (mut providers, winner) = provision.unwrap_or((Vec::new(), Winner::Nobody));
        let codes = ["TN0301", "TN0302", "TN0303"];
        if need.form == Form::Registry {
            providers.sort_by_key(|id| self.rules.key_of(id));
            return Some((providers, None));
        }
        if self.rules.is_filled(&need.service) {
            if !self.is_quiet(id) {
                self.rules.say("TN0316", at);
            }
            return None;
        }
        let answer = match (&need.from, need.form) {
            (Some(from), _) => self.from(id, from, &need.service, at)?,
            (None, Form::All | Form::Map) => (providers, None),
            (None, form) if need.named => {
                let anybody = !providers.is_empty();
                let instances: Vec<String> = providers
                    .into_iter()
                    .filter(|one| self.rules.is_configured(one))
                    .collect();
                if instances.is_empty() && form != Form::Optional {
                    if !anybody {
                        self.nobody(id, &need.service, at, codes[0]);
                    } else if !self.rules.may_be_provided(&need.service) && !self.is_quiet(id) {
                        self.rules.say(codes[2], at);
                    }
                    return None;
                }
                (instances, None)
            }
            (None, form) if self.rules.is_configured(id) => {
                if providers.is_empty() && form != Form::Optional {
                    self.nobody(id, &need.service, at, codes[0]);
                    return None;
                }
                let known = if let Winner::One(winner) = winner {
                    Some(winner)
                } else {
                    None
                };
                (providers, known.filter(|winner| winner != id))
            }
            (None, Form::Optional) if winner == Winner::Nobody => (Vec::new(), None),
            (None, Form::Optional) if winner == Winner::Instances => {
                let only = providers.first().filter(|_| providers.len() == 1).cloned();
                (providers, only)
            }
            (None, _) => {
                let winner = self.winner(id, &need.service, at, codes)?;
                (vec![winner.clone()], Some(winner))
            }
        };
        let certain = match &answer.0[..] {
            [only] if need.named => Some(only),
            _ => answer.1.as_ref(),
        };
        if let (Some(certain), Form::One | Form::Lazy | Form::Current) = (certain, need.form) {
            let mut with_those_around_it = self.decorators(&need.service);
            with_those_around_it.insert(0, certain.clone());
            for one in with_those_around_it {
                if !self.can_rely_on(id, &one, at) {
                    return None;
                }
            }
        }
        Some(answer)
    }

    fn from(&mut self, id: &str, from: &str, wanted: &str, at: &str) -> Option<Answer> {
        let told = !self.is_quiet(id);
        let found = self.rules.component(from, at, told)?;
        let candidate = &self.rules.candidates[&found];
        if provides(candidate, wanted) {
            return Some((vec![found.clone()], Some(found)));
        }
        if told && !candidate.quiet && !self.rules.may_mean_another(&found, wanted) {
            self.rules.say("TN0305", at);
        }
        None
    }

    /// What has to be there before each component.
    fn waits(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut waits: BTreeMap<String, BTreeSet<String>> = self
            .ids()
            .into_iter()
            .map(|id| (id, BTreeSet::new()))
            .collect();
        for ((id, field), answer) in &self.answers {
            let Some((providers, default)) = answer else {
                continue;
            };
            // What a decorator wraps is there before whoever is handed both.
            let Some(need) = self.rules.candidates[id].decl.needs.get(*field) else {
                continue;
            };
            let from_the_start: Vec<String> = match need.form {
                Form::Lazy => Vec::new(),
                Form::All | Form::Map | Form::Registry => providers.clone(),
                // Whichever instance is chosen, it is one of the only component.
                Form::One | Form::Current if need.named && providers.len() == 1 => {
                    providers.clone()
                }
                _ => default.iter().cloned().collect(),
            };
            let around_them = match need.form {
                Form::Lazy => Vec::new(),
                _ if providers.is_empty() => Vec::new(),
                _ => self.decorators(&need.service),
            };
            // An instance may be given another one: the configuration says which, and orders them.
            let by_name = self.rules.is_configured(id)
                && matches!(need.form, Form::One | Form::Optional | Form::Current);
            let those = from_the_start
                .into_iter()
                .filter(|one| !(by_name && self.rules.is_configured(one)));
            let waits = waits.get_mut(id).expect("a component");
            waits.extend(those);
            waits.extend(around_them);
        }
        waits
    }

    /// All components, each after what it needs from the start; of those that could come next, the smallest.
    fn order(&mut self) -> Vec<String> {
        let waits = self.waits();
        let sure = |id: &String| !self.is_quiet(id);
        let among_the_sure = waits.iter().filter(|(id, _)| sure(id));
        let among_the_sure = among_the_sure
            .map(|(id, those)| {
                (
                    id.clone(),
                    those.iter().filter(|one| sure(one)).cloned().collect(),
                )
            })
            .collect();
        for knot in knots(&among_the_sure) {
            let smallest = &self.rules.candidates[&knot[0]];
            let at: BTreeSet<String> = (0..smallest.decl.needs.len())
                .map(|field| format!("need {} {field}", smallest.label))
                .collect();
            self.rules.say_at_one_of("TN0401", at);
        }
        smallest_first(&waits)
    }
}
