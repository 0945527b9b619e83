//! Who loses is not there: a singleton has lost where every service that it provides beside its own type has another winner by
//! `[bind]`, and nobody who is there asks for it by `all`, `map`, `from` or its own type. Who has lost is left out, and so is
//! who was needed and whose needers are all left out, until nothing changes. One that nobody ever needed stays.
//!
//! What follows from that:
//!
//! - A component that provides nothing beside its own type has nothing to lose; hooks are such components.
//! - A decorator wraps whoever provides the service, so it never loses, and keeps nobody. It counts as needed by every provider,
//!   and goes with the last of them. Who is left out is not wrapped.
//! - Whether a plugin is optional makes no difference: what fails at run time is not stood in for by another provider either.
//! - Components that need each other in a ring, lazily or not, go together when nobody else who is there needs one of them.
//!   A ring that nobody else ever needed stays.
//! - An instance is there as often as the configuration says, so it never loses and always stays. By name it may be given any
//!   provider of what it asks for that is there; that it could be given a loser does not keep the loser.
//! - An entry of a registry always stays: the host's code may ask for it.
//! - A transient does not lose by itself: one that nobody is handed is reported as unused. One that only the left out were
//!   handed goes with them.
//! - A further name means whom it leads to. Where an overlay gives a component's own name to another one, the component is
//!   left out, whoever asks for it.
//! - The winner is who `[bind]` names, whoever states the line: the host, an overlay, or a plugin by default. A winner whose
//!   needers are all left out goes too, and whoever lost to it does not come back: of it is told who needed the winner.
//! - What a mistake may be about stays, so that the mistake is told: whom a wrong line of `[bind]` names, and whom an unreadable
//!   requirement may ask for.

use std::collections::VecDeque;

use super::alias::Aliases;
use crate::index::{IndexMap, IndexVec};
use crate::key_map::KeyMap;
use crate::layer::{Layered, Rank};
use crate::model::{Form, Kind, Scope};
use crate::resolve::{Candidate, CandidateIx, Off, Resolved, ServiceTypeIx, Win};
use crate::sort::sort_by;
use crate::source::Origin;

/// Takes the losers, and what only they needed, out of the composition. Returns the lines of `[host] all` that keep nobody.
pub(crate) fn leave_out(
    layered: &Layered<'_>,
    aliases: &Aliases,
    resolved: &mut Resolved<'_>,
) -> Vec<(ServiceTypeIx, Origin)> {
    let contest = Contest::new(layered, aliases, resolved);
    let mut starts = contest.starts();
    let kept_anyway = contest.kept(&starts);
    let hosts = resolved.all.iter();
    let keeps_nobody = |line: &&(ServiceTypeIx, Origin)| {
        let mut all = contest.providers[line.0].iter();
        all.all(|one| kept_anyway.contains_key(*one))
    };
    let idle = hosts.clone().filter(keeps_nobody).copied().collect();
    starts.extend(hosts.flat_map(|(service, _)| &contest.providers[*service]));
    let mut reasons = contest.reasons(&contest.kept(&starts));
    let candidates = std::mem::replace(&mut resolved.candidates, IndexVec::new());
    for (number, mut candidate) in candidates.into_indexed() {
        candidate.off = reasons.entry(number).take();
        if candidate.off.is_some() {
            resolved.absent.push(candidate);
        } else {
            resolved.candidates.push(candidate);
        }
    }
    idle
}

/// Components that are reached by going from one to whom it needs, and on, each with the one it was first come to from.
type Reached = IndexMap<CandidateIx, Option<CandidateIx>>;

/// Who provides what, who wins by `[bind]`, and who needs whom.
struct Contest<'r, 'a> {
    candidates: &'r IndexVec<CandidateIx, Candidate<'a>>,
    /// By service: who provides it.
    providers: IndexVec<ServiceTypeIx, Vec<CandidateIx>>,
    /// By service: who `[bind]` says wins, and where.
    winners: IndexMap<ServiceTypeIx, (CandidateIx, Origin)>,
    /// By component: everyone whom it may be handed.
    needs: IndexVec<CandidateIx, Vec<CandidateIx>>,
    /// By component: whom an overlay gives its name to, and where.
    renamed: IndexVec<CandidateIx, Option<Win>>,
    /// By component: a mistake may be about it.
    is_in_doubt: IndexVec<CandidateIx, bool>,
}

impl<'r, 'a> Contest<'r, 'a> {
    fn new(layered: &Layered<'_>, aliases: &Aliases, resolved: &'r Resolved<'a>) -> Self {
        let candidates = &resolved.candidates;
        let all = candidates.iter();
        let renamed = renamed(layered, aliases, candidates);
        let is_in_doubt = all.map(|one| may_be_needed(layered, resolved, one));
        let mut contest = Self {
            candidates,
            providers: resolved.providers(),
            winners: IndexMap::new(),
            needs: IndexVec::new(),
            is_in_doubt: is_in_doubt.collect(),
            renamed,
        };
        for providers in &mut contest.providers {
            providers.retain(|one| contest.renamed[*one].is_none());
        }
        for (service, (ty, name)) in resolved.binds.iter() {
            match aliases.component(&name.value, resolved) {
                Some(winner) if candidates[winner].provides(service) => {
                    contest.winners.insert(service, (winner, ty.origin));
                }
                Some(wrong) => contest.is_in_doubt[wrong] = true,
                None => {}
            }
        }
        let needs = candidates.iter();
        contest.needs = needs
            .map(|one| contest.needs(aliases, resolved, one))
            .collect();
        // Who gives its name away is wrapped as well: a decorator goes with it, as with any other.
        let providers = resolved.providers();
        for (decorator, candidate) in candidates.indexed() {
            if let Some(service) = candidate.decorates {
                for provider in &providers[service] {
                    contest.needs[*provider].push(decorator);
                }
            }
        }
        contest
    }

    /// Who answers for a service: the winner, or anybody.
    fn answering(&self, service: ServiceTypeIx) -> Vec<CandidateIx> {
        match self.winners.get(service) {
            Some((winner, _)) => vec![*winner],
            None => self.providers[service].clone(),
        }
    }

    /// The instances that provide a service.
    fn instances(&self, service: ServiceTypeIx) -> impl Iterator<Item = CandidateIx> + '_ {
        let providers = self.providers[service].iter().copied();
        providers.filter(|one| self.candidates[*one].is_configured())
    }

    /// Everyone whom a component may be handed. Where it is not known whom it means by name, everyone who might be meant.
    fn needs(
        &self,
        aliases: &Aliases,
        resolved: &Resolved<'_>,
        candidate: &Candidate<'_>,
    ) -> Vec<CandidateIx> {
        let mut needs = Vec::new();
        for (need, service) in candidate.decl.needs.iter().zip(&candidate.needs) {
            let Some(service) = service.filter(|one| resolved.services[*one].handle().is_none())
            else {
                continue;
            };
            let from = need.from.as_ref();
            let from = from.map(|name| aliases.component(&name.value, resolved));
            match (from, need.form) {
                (Some(Some(component)), _) => needs.push(component),
                (None, _) if need.named => needs.extend(self.instances(service)),
                (Some(None), _) | (None, Form::All | Form::Map | Form::Registry) => {
                    needs.extend(&self.providers[service]);
                }
                (None, _) => needs.extend(self.answering(service)),
            }
        }
        needs
    }

    /// Whether every service that a singleton provides beside its own type has another winner.
    fn is_outdone(&self, component: CandidateIx) -> bool {
        let candidate = &self.candidates[component];
        let provides = candidate.provides.iter().map(|(service, _)| *service);
        let mut provides = provides
            .filter(|service| candidate.own != Some(*service))
            .peekable();
        let has_another_winner = |service: ServiceTypeIx| {
            let winner = self.winners.get(service);
            winner.is_some_and(|(winner, _)| *winner != component)
        };
        candidate.decl.scope == Scope::Singleton
            && provides.peek().is_some()
            && provides.all(has_another_winner)
    }

    /// Those who stay by themselves.
    fn starts(&self) -> Vec<CandidateIx> {
        let mut is_needed = IndexVec::filled(false, self.candidates);
        for (needer, needs) in self.needs.indexed() {
            for one in needs.iter().filter(|one| **one != needer) {
                is_needed[*one] = true;
            }
        }
        let all = self.candidates.indices();
        // Who is in no way below one that nobody needs is in a ring that nobody else needs, or below such a ring.
        let below = self.reach(all.clone().filter(|one| !is_needed[*one]), |_| true);
        let stays = |one: &CandidateIx| {
            self.candidates[*one].is_configured()
                || self.candidates[*one].decl.kind == Kind::Entry
                || self.is_in_doubt[*one]
                || !below.contains_key(*one)
                || !is_needed[*one] && !self.is_outdone(*one)
        };
        all.filter(stays).collect()
    }

    /// Everyone who is there where these are.
    fn kept(&self, starts: &[CandidateIx]) -> Reached {
        self.reach(starts.iter().copied(), |one| self.renamed[one].is_none())
    }

    /// Everyone who is reached from these by way of those who may be there, the nearest first.
    fn reach(
        &self,
        starts: impl Iterator<Item = CandidateIx>,
        may_be: impl Fn(CandidateIx) -> bool,
    ) -> Reached {
        let mut reached = Reached::new();
        let mut open: VecDeque<(CandidateIx, Option<CandidateIx>)> =
            starts.map(|one| (one, None)).collect();
        while let Some((one, needer)) = open.pop_front() {
            if may_be(one) && !reached.contains_key(one) {
                reached.insert(one, needer);
                open.extend(self.needs[one].iter().map(|next| (*next, Some(one))));
            }
        }
        reached
    }

    /// Why each of those is left out that are not kept.
    fn reasons(&self, kept: &Reached) -> IndexMap<CandidateIx, Off> {
        let is_out = |one: CandidateIx| !kept.contains_key(one);
        let mut reasons = IndexMap::new();
        for number in self.candidates.indices().filter(|one| is_out(*one)) {
            if let Some(win) = &self.renamed[number] {
                reasons.insert(number, Off::Renamed(win.clone()));
            } else if self.is_outdone(number) {
                reasons.insert(number, self.why_lost(number, kept));
            }
        }
        let lost: Vec<CandidateIx> = reasons.keys().collect();
        for (one, needer) in self.reach(lost.into_iter(), is_out).iter() {
            if let Some(needer) = needer {
                let reason = reasons.entry(one);
                reason.get_or_insert_with(|| self.unneeded(*needer));
            }
        }
        reasons
    }

    fn unneeded(&self, needer: CandidateIx) -> Off {
        Off::Unneeded(self.candidates[needer].id.clone())
    }

    /// Who takes the place of a loser. Where no winner is there either, who would have needed the loser.
    fn why_lost(&self, component: CandidateIx, kept: &Reached) -> Off {
        let provides = self.candidates[component].provides.iter();
        let all = provides.filter_map(|(service, _)| self.winners.get(*service));
        let mut all: Vec<(CandidateIx, Origin)> = all.copied().collect();
        sort_by(&mut all, Ord::cmp);
        all.dedup_by_key(|(winner, _)| *winner);
        let there = all.iter().filter(|(winner, _)| kept.contains_key(*winner));
        let wins: Vec<Win> = there
            .map(|(winner, at)| Win {
                winner: self.candidates[*winner].id.clone(),
                at: *at,
            })
            .collect();
        if !wins.is_empty() {
            return Off::Lost(wins);
        }
        let needs_a_winner = |needer: &CandidateIx| {
            let mut needs = self.needs[*needer].iter();
            needs.any(|one| one != needer && all.iter().any(|(winner, _)| winner == one))
        };
        let needer = self.candidates.indices().find(needs_a_winner);
        needer.map_or(Off::Lost(wins), |needer| self.unneeded(needer))
    }
}

/// Whom overlays give the names of components to, and where.
fn renamed(
    layered: &Layered<'_>,
    aliases: &Aliases,
    candidates: &IndexVec<CandidateIx, Candidate<'_>>,
) -> IndexVec<CandidateIx, Option<Win>> {
    let lines = layered.aliases.iter();
    let lines = lines.filter(|line| line.rank == Rank::Overlay);
    let lines: KeyMap<&str, Origin> = lines
        .map(|line| (line.what.from.value.as_str(), line.at))
        .collect();
    let renamed = candidates.iter().map(|candidate| {
        let id = candidate.id.as_str();
        let at = lines.get(id).filter(|_| aliases.hides(id)).copied()?;
        let winner = aliases.target(id).to_owned();
        Some(Win { winner, at })
    });
    renamed.collect()
}

/// Whether a requirement that could not be read may ask for a component.
fn may_be_needed(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    candidate: &Candidate<'_>,
) -> bool {
    let provides = candidate.provides.iter();
    let names = provides.map(|(service, _)| resolved.services[*service].ty.last_ident());
    let mut names = names.chain([candidate.decl.ty.value.last_ident()]);
    names.any(|name| layered.poison.may_need(name))
}
