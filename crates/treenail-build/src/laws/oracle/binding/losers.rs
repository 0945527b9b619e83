//! Who loses is not there.

use std::collections::{BTreeMap, BTreeSet};

use super::super::rules::{Candidate, Rules, is_own, provides};
use super::super::world::{HANDLES, service};
use super::graph::knots;
use crate::model::{Form, Scope};

/// Who is left out, until nothing changes: who has lost, and who was needed and whose needers are all left out. At first, whose
/// name the overlay gives to another one.
pub(super) fn left_out(rules: &mut Rules<'_>) -> BTreeSet<String> {
    let contest = Contest::of(rules);
    let mut out = contest.renamed.clone();
    loop {
        let before = out.len();
        for id in contest.rules.candidates.keys() {
            if contest.has_lost(id, &out) || contest.is_no_longer_needed(id, &out) {
                out.insert(id.clone());
            }
        }
        if out.len() == before {
            return out;
        }
    }
}

struct Contest<'r, 'w> {
    rules: &'r Rules<'w>,
    renamed: BTreeSet<String>,
    /// Who wins by `[bind]`, by service.
    winners: BTreeMap<String, String>,
    /// Whom lines of `[bind]` name that are wrong about it.
    misnamed: BTreeSet<String>,
    /// By component: others that it asks for, whoever else may answer.
    asks_for: BTreeMap<String, BTreeSet<String>>,
    /// By component: others that it may be handed.
    needs: BTreeMap<String, BTreeSet<String>>,
    /// Sets of components that all need each other.
    rings: BTreeSet<Vec<String>>,
}

impl<'r, 'w> Contest<'r, 'w> {
    fn of(rules: &'r mut Rules<'w>) -> Self {
        let mistakes = rules.mistakes.clone();
        let binds = rules.binds();
        // They are told when the winners are looked for.
        rules.mistakes = mistakes;
        let rules = &*rules;
        let is_renamed = |id: &&String| rules.end(id).is_some_and(|end| end != **id);
        let mut contest = Self {
            rules,
            renamed: rules
                .candidates
                .keys()
                .filter(is_renamed)
                .cloned()
                .collect(),
            winners: BTreeMap::new(),
            misnamed: BTreeSet::new(),
            asks_for: BTreeMap::new(),
            needs: BTreeMap::new(),
            rings: BTreeSet::new(),
        };
        for (wanted, line) in binds {
            let named = line.and_then(|(name, _)| rules.end(&name));
            match named {
                Some(id) if provides(&rules.candidates[&id], &wanted) => {
                    contest.winners.insert(wanted, id);
                }
                Some(id) => {
                    contest.misnamed.insert(id);
                }
                None => {}
            }
        }
        for (id, candidate) in &rules.candidates {
            let (asks_for, needs) = contest.needs_of(id, candidate);
            contest.asks_for.insert(id.clone(), asks_for);
            contest.needs.insert(id.clone(), needs);
        }
        contest.rings = knots(&contest.needs);
        contest
    }

    fn providers(&self, wanted: &str) -> BTreeSet<String> {
        let all = self.rules.candidates.iter();
        let all = all.filter(|(id, one)| !self.renamed.contains(*id) && provides(one, wanted));
        all.map(|(id, _)| id.clone()).collect()
    }

    /// Who answers where nothing else is said: the winner, or anybody.
    fn answering(&self, wanted: &str) -> BTreeSet<String> {
        match self.winners.get(wanted) {
            Some(winner) => BTreeSet::from([winner.clone()]),
            None => self.providers(wanted),
        }
    }

    fn decorators(&self, wanted: &str) -> BTreeSet<String> {
        let all = self.rules.candidates.iter();
        let all = all.filter(|(id, one)| {
            !self.renamed.contains(*id)
                && one.decl.decorates.map(service).as_deref() == Some(wanted)
        });
        all.map(|(id, _)| id.clone()).collect()
    }

    /// Whom a component asks for by `all`, `map`, `from` or their own types, and whom it may be handed.
    fn needs_of(
        &self,
        id: &str,
        candidate: &Candidate<'_>,
    ) -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut asks_for, mut needs) = (BTreeSet::new(), BTreeSet::new());
        for need in candidate
            .decl
            .needs
            .iter()
            .filter(|need| !HANDLES.contains(&need.service.as_str()))
        {
            let from = need.from.as_ref().map(|from| self.rules.end(from));
            match (from, need.form) {
                (None, _) if need.named => {
                    let all = self.providers(&need.service).into_iter();
                    needs.extend(all.filter(|one| self.rules.is_configured(one)));
                }
                (Some(Some(this)), _) => {
                    asks_for.insert(this);
                }
                // Nobody knows who is meant, or everyone is.
                (Some(None), _) | (None, Form::All | Form::Map | Form::Registry) => {
                    asks_for.extend(self.providers(&need.service));
                }
                (None, _) => {
                    let own = self.rules.candidates.iter();
                    let own = own.filter(|(_, one)| is_own(one.decl, &need.service));
                    asks_for.extend(own.map(|(id, _)| id.clone()));
                    needs.extend(self.answering(&need.service));
                }
            }
        }
        // Whoever is there is wrapped.
        let provided = candidate.decl.provides.iter();
        needs.extend(provided.flat_map(|number| self.decorators(&service(*number))));
        needs.extend(asks_for.iter().cloned());
        let others = |all: BTreeSet<String>| {
            all.into_iter()
                .filter(|one| one != id && !self.renamed.contains(one))
                .collect()
        };
        (others(asks_for), others(needs))
    }

    /// The configuration decides about it, it makes an entry, the host asks for everyone who provides one of its services, or a
    /// mistake may be about it.
    fn stays(&self, id: &str) -> bool {
        let candidate = &self.rules.candidates[id];
        let hosts = self.rules.world.all.iter();
        let mut hosts = hosts.map(|number| service(*number));
        let asked_for = hosts.any(|wanted| provides(candidate, &wanted));
        asked_for
            || candidate.decl.registry.is_some()
            || self.rules.is_configured(id)
            || self.misnamed.contains(id)
            || self.rules.may_be_needed(id)
    }

    /// A singleton of which every service beside its own type has another winner, and which nobody who is there asks for.
    fn has_lost(&self, id: &str, out: &BTreeSet<String>) -> bool {
        let candidate = &self.rules.candidates[id];
        let has_another_winner = |number: &usize| {
            let winner = self.winners.get(&service(*number));
            winner.is_some_and(|winner| winner != id)
        };
        let asks = |(asker, those): (&String, &BTreeSet<String>)| {
            !out.contains(asker) && those.contains(id)
        };
        candidate.decl.scope == Scope::Singleton
            && !candidate.decl.provides.is_empty()
            && candidate.decl.provides.iter().all(has_another_winner)
            && !self.asks_for.iter().any(asks)
            && !self.stays(id)
    }

    /// Others needed it, or a ring that it is in, and are all left out.
    fn is_no_longer_needed(&self, id: &str, out: &BTreeSet<String>) -> bool {
        let alone = vec![id.to_owned()];
        let ring = self
            .rings
            .iter()
            .find(|ring| ring.iter().any(|one| one == id));
        let ring = ring.unwrap_or(&alone);
        let mut needers = self.needs.iter().filter(|(needer, those)| {
            !ring.contains(needer) && ring.iter().any(|one| those.contains(one))
        });
        let is_needed = needers.clone().next().is_some();
        is_needed
            && needers.all(|(needer, _)| out.contains(needer))
            && !ring.iter().any(|one| self.stays(one))
    }
}
