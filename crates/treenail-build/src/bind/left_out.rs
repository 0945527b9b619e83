//! Who loses is not there: a singleton has lost where every service that it provides beside its own type has another winner by
//! `[bind]`, and nobody who is there asks for it by `all`, `map`, `from` or its own type. Who has lost is left out, and so is
//! who was needed and whose needers are all left out, until nothing changes. One that nobody ever needed stays.
//!
//! What follows from that:
//!
//! - A component that provides nothing beside its own type has nothing to lose; hooks are such components.
//! - A decorator answers for what it decorates, so it never loses. It goes with those who asked for the service, and what it
//!   wraps goes with it.
//! - Whether a plugin is optional makes no difference: what fails at run time is not stood in for by another provider either.
//! - Components that need each other in a ring, lazily or not, go together when nobody else who is there needs one of them.
//!   A ring that nobody else ever needed stays.
//! - An instance is there as often as the configuration says, so it never loses and always stays. By name it may be given any
//!   provider of what it asks for that is there; that it could be given a loser does not keep the loser.
//! - A transient does not lose by itself: one that nobody is handed is reported as unused. One that only the left out were
//!   handed goes with them.
//! - A further name means whom it leads to. Where an overlay gives a component's own name to another one, the component is
//!   left out, whoever asks for it.
//! - The winner is who `[bind]` names, whoever states the line: the host, an overlay, or a plugin by default. A winner whose
//!   needers are all left out goes too, and whoever lost to it does not come back.
//! - What a mistake may be about stays, so that the mistake is told: whom a wrong line of `[bind]` names, and whom an unreadable
//!   requirement may ask for.
//!
//! Linear: whoever asks for a service leads to the service, and the service to its providers, once.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::alias::Aliases;
use crate::layer::{Layered, Rank};
use crate::model::{Form, Scope};
use crate::resolve::{Candidate, Off, Resolved, ServiceIx, Win};
use crate::source::Origin;

/// Takes the losers, and what only they needed, out of the composition. Returns the lines of `[host] all` that keep nobody.
pub(crate) fn leave_out(
    layered: &Layered<'_>,
    aliases: &Aliases,
    resolved: &mut Resolved<'_>,
) -> Vec<(ServiceIx, Origin)> {
    let contest = Contest::of(layered, aliases, resolved);
    let mut starts = contest.starts();
    let kept_anyway = contest.reach(&starts);
    let host = resolved.all.iter();
    let everyone = |service| contest.handed(Ask::Service(Which::All, service));
    let keeps_nobody =
        |line: &&(ServiceIx, Origin)| everyone(line.0).iter().all(|one| kept_anyway[*one]);
    let idle = host.clone().filter(keeps_nobody).copied().collect();
    starts.extend(host.flat_map(|(service, _)| everyone(*service)));
    let kept = contest.reach(&starts);
    let reasons = contest.reasons(&kept);
    let candidates = std::mem::take(&mut resolved.candidates);
    for (number, mut candidate) in candidates.into_iter().enumerate() {
        match reasons.get(&number) {
            Some(reason) => {
                candidate.off = Some(reason.clone());
                resolved.absent.push(candidate);
            }
            None => resolved.candidates.push(candidate),
        }
    }
    idle
}

/// What a component asks for.
#[derive(Debug, Clone, Copy)]
enum Ask {
    /// This very component.
    This(usize),
    /// Some of those who provide a service.
    Service(Which, ServiceIx),
}

/// Which of those who provide a service.
#[derive(Debug, Clone, Copy)]
enum Which {
    /// Whoever answers for it.
    One,
    /// Everyone.
    All,
    /// What a decorator of it wraps.
    Inner,
}

/// Something for each of [`Which`] and each service.
struct ByService<T>([Vec<T>; 3]);

impl<T: Copy> ByService<T> {
    fn new(value: T, services: usize) -> Self {
        Self([(); 3].map(|()| vec![value; services]))
    }

    fn of(&mut self, which: Which, service: ServiceIx) -> &mut T {
        &mut self.0[which as usize][service]
    }
}

/// Who asks for something, as far as it matters: another one than a certain component, or not.
#[derive(Debug, Clone, Copy, Default)]
enum Askers {
    #[default]
    Nobody,
    Only(usize),
    Several,
}

impl Askers {
    fn add(&mut self, asker: usize) {
        *self = match *self {
            Self::Nobody => Self::Only(asker),
            Self::Only(same) if same == asker => Self::Only(same),
            _ => Self::Several,
        };
    }

    fn has_another_than(self, component: usize) -> bool {
        match self {
            Self::Nobody => false,
            Self::Only(asker) => asker != component,
            Self::Several => true,
        }
    }
}

/// Who provides what, who wins by `[bind]`, and who asks for what.
struct Contest<'r, 'a> {
    candidates: &'r [Candidate<'a>],
    /// By service: who provides it, decorators aside.
    providers: Vec<Vec<usize>>,
    /// By service: who decorates it.
    decorators: Vec<Vec<usize>>,
    /// By service: who `[bind]` says wins, and where.
    winners: BTreeMap<ServiceIx, (usize, Origin)>,
    /// By component: what it asks for.
    asks: Vec<Vec<Ask>>,
    /// By component: whom an overlay gives its name to, and where.
    renamed: Vec<Option<Win>>,
    /// By component: a mistake may be about it.
    is_in_doubt: Vec<bool>,
}

impl<'r, 'a> Contest<'r, 'a> {
    fn of(layered: &Layered<'_>, aliases: &Aliases, resolved: &'r Resolved<'a>) -> Self {
        let candidates = &resolved.candidates[..];
        let all = candidates.iter();
        let services = resolved.services.len();
        let mut contest = Self {
            candidates,
            providers: vec![Vec::new(); services],
            decorators: vec![Vec::new(); services],
            winners: BTreeMap::new(),
            asks: (all.clone())
                .map(|one| asks(aliases, resolved, one))
                .collect(),
            renamed: renamed(layered, aliases, candidates),
            is_in_doubt: all
                .map(|one| may_be_needed(layered, resolved, one))
                .collect(),
        };
        contest.find_providers();
        contest.find_winners(aliases, resolved);
        contest
    }

    fn find_providers(&mut self) {
        for (number, candidate) in self.candidates.iter().enumerate() {
            if self.renamed[number].is_some() {
                continue;
            }
            let declared = candidate.provides.iter().map(|(service, _)| *service);
            let all: BTreeSet<ServiceIx> = declared.chain(candidate.own).collect();
            for service in all.into_iter().filter(|one| candidate.provides(*one)) {
                self.providers[service].push(number);
            }
            if let Some(service) = candidate.decorates {
                self.decorators[service].push(number);
            }
        }
    }

    fn find_winners(&mut self, aliases: &Aliases, resolved: &Resolved<'_>) {
        for (service, (ty, name)) in &resolved.binds {
            match aliases.meant(&name.value, resolved) {
                Some(winner) if self.candidates[winner].provides(*service) => {
                    self.winners.insert(*service, (winner, ty.origin));
                }
                Some(wrong) => self.is_in_doubt[wrong] = true,
                None => {}
            }
        }
    }

    /// Everyone who may be handed over.
    fn handed(&self, ask: Ask) -> Vec<usize> {
        let (which, service) = match ask {
            Ask::This(component) => return vec![component],
            Ask::Service(which, service) => (which, service),
        };
        let mut handed = match (which, self.winners.get(&service)) {
            (Which::One | Which::Inner, Some((winner, _))) => vec![*winner],
            _ => self.providers[service].clone(),
        };
        if !matches!(which, Which::Inner) {
            handed.extend(&self.decorators[service]);
        }
        handed
    }

    /// Whether every service that a singleton provides beside its own type has another winner.
    fn is_outdone(&self, component: usize) -> bool {
        let candidate = &self.candidates[component];
        let provides = candidate.provides.iter().map(|(service, _)| *service);
        let provides = provides.filter(|service| candidate.own != Some(*service));
        let provides: Vec<ServiceIx> = provides.collect();
        let has_another_winner = |service: &ServiceIx| {
            let winner = self.winners.get(service);
            winner.is_some_and(|(winner, _)| *winner != component)
        };
        candidate.decl.scope == Scope::Singleton
            && candidate.decorates.is_none()
            && !provides.is_empty()
            && provides.iter().all(has_another_winner)
    }

    /// Whom another one needs.
    fn is_needed(&self) -> Vec<bool> {
        let mut is_needed = vec![false; self.candidates.len()];
        let services = self.providers.len();
        let mut askers = ByService::new(Askers::Nobody, services);
        for (asker, asks) in self.asks.iter().enumerate() {
            for ask in asks {
                match ask {
                    Ask::This(component) => is_needed[*component] |= *component != asker,
                    Ask::Service(which, service) => askers.of(*which, *service).add(asker),
                }
            }
        }
        for which in [Which::One, Which::All, Which::Inner] {
            for service in 0..services {
                let askers = *askers.of(which, service);
                if matches!(askers, Askers::Nobody) {
                    continue;
                }
                for component in self.handed(Ask::Service(which, service)) {
                    is_needed[component] |= askers.has_another_than(component);
                }
            }
        }
        is_needed
    }

    /// Those who stay by themselves.
    fn starts(&self) -> Vec<usize> {
        let is_needed = self.is_needed();
        let all = 0..self.candidates.len();
        // Who is in no way below one that nobody needs is in a ring that nobody else needs, or below such a ring.
        let below = self.reached(all.clone().filter(|one| !is_needed[*one]), |_| true);
        let stays = |one: &usize| {
            self.candidates[*one].is_configured()
                || self.is_in_doubt[*one]
                || !below[*one]
                || !is_needed[*one] && !self.is_outdone(*one)
        };
        all.filter(stays).collect()
    }

    /// Everyone who is there where these are.
    fn reach(&self, starts: &[usize]) -> Vec<bool> {
        self.reached(starts.iter().copied(), |one| self.renamed[one].is_none())
    }

    fn reached(
        &self,
        starts: impl Iterator<Item = usize>,
        may_be: impl Fn(usize) -> bool,
    ) -> Vec<bool> {
        let mut reached = vec![false; self.candidates.len()];
        self.walk(starts, may_be, |one, _| reached[one] = true);
        reached
    }

    /// Goes from these to whom they need, and on, the nearest first; tells of each by whom it was first come to.
    fn walk(
        &self,
        starts: impl Iterator<Item = usize>,
        may_be: impl Fn(usize) -> bool,
        mut found: impl FnMut(usize, Option<usize>),
    ) {
        let mut gone_through = ByService::new(false, self.providers.len());
        let mut seen = vec![false; self.candidates.len()];
        let mut open: VecDeque<(usize, Option<usize>)> = starts.map(|one| (one, None)).collect();
        while let Some((one, needer)) = open.pop_front() {
            if !may_be(one) || std::mem::replace(&mut seen[one], true) {
                continue;
            }
            found(one, needer);
            for ask in &self.asks[one] {
                let is_known = match ask {
                    Ask::This(_) => false,
                    Ask::Service(which, service) => {
                        std::mem::replace(gone_through.of(*which, *service), true)
                    }
                };
                if !is_known {
                    let handed = self.handed(*ask).into_iter();
                    open.extend(handed.map(|component| (component, Some(one))));
                }
            }
        }
    }

    /// Why each of those is left out that are not kept.
    fn reasons(&self, kept: &[bool]) -> BTreeMap<usize, Off> {
        let mut reasons = BTreeMap::new();
        let out = (0..kept.len()).filter(|number| !kept[*number]);
        for number in out {
            if let Some(win) = &self.renamed[number] {
                reasons.insert(number, Off::Renamed(win.clone()));
            } else if self.is_outdone(number) {
                reasons.insert(number, Off::Lost(self.wins(number)));
            }
        }
        let lost: Vec<usize> = reasons.keys().copied().collect();
        let is_out = |one: usize| !kept[one];
        self.walk(lost.into_iter(), is_out, |one, needer| {
            if let Some(needer) = needer {
                let needer = self.candidates[needer].id.clone();
                reasons.entry(one).or_insert(Off::Unneeded(needer));
            }
        });
        reasons
    }

    /// Who won over a component, and where.
    fn wins(&self, component: usize) -> Vec<Win> {
        let provides = self.candidates[component].provides.iter();
        let wins = provides.filter_map(|(service, _)| self.winners.get(service));
        let mut wins: Vec<Win> = wins
            .map(|(winner, at)| Win {
                winner: self.candidates[*winner].id.clone(),
                at: *at,
            })
            .collect();
        wins.sort();
        wins.dedup_by(|one, other| one.winner == other.winner);
        wins
    }
}

/// Whom overlays give the names of components to, and where.
fn renamed(
    layered: &Layered<'_>,
    aliases: &Aliases,
    candidates: &[Candidate<'_>],
) -> Vec<Option<Win>> {
    let lines = layered.aliases.iter();
    let lines = lines.filter(|line| line.rank == Rank::Overlay);
    let lines: BTreeMap<&str, Origin> = lines
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

/// What a component asks for. Where it is not known whom it means by name, everyone who might be meant.
fn asks(aliases: &Aliases, resolved: &Resolved<'_>, candidate: &Candidate<'_>) -> Vec<Ask> {
    let needs = candidate.decl.needs.iter().zip(&candidate.needs);
    let asks = needs.filter_map(|(need, service)| {
        let service = (*service).filter(|service| !resolved.services[*service].is_handle())?;
        Some(match (&need.from, need.form) {
            (Some(from), _) => aliases
                .meant(&from.value, resolved)
                .map_or(Ask::Service(Which::All, service), Ask::This),
            (None, Form::All | Form::Map) => Ask::Service(Which::All, service),
            (None, _) => Ask::Service(Which::One, service),
        })
    });
    let inner = candidate.decorates;
    let inner = inner.map(|service| Ask::Service(Which::Inner, service));
    asks.chain(inner).collect()
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
