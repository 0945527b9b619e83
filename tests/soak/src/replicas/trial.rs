//! A run, from its first process to its last.

use std::collections::{BTreeMap, BTreeSet};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::blows::{Blow, Blows};
use super::claims;
use super::figures::{Figures, Part};
use super::fleet::{Ended, Fleet};
use super::server::Server;
use super::store::Store;
use super::{Engine, Replicas};
use crate::ends::End;
use crate::folder::Folder;
use crate::program::{Program, Said};

/// How often is looked.
const PAUSE: Duration = Duration::from_millis(5);
/// Within this time some ticket has to be handled.
const PATIENCE: Duration = Duration::from_secs(60);

/// A run that is under way.
pub(crate) struct Trial<'f> {
    replicas: &'f Replicas,
    store: Store<'f>,
    server: Option<Server<'f>>,
    fleet: Fleet<'f>,
    in_hand: Vec<InHand>,
    /// The last tickets of those that were killed.
    excused: BTreeSet<String>,
    counts: Counts,
}

/// How many times what happened.
#[derive(Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) kills: usize,
    pub(crate) terms: usize,
    pub(crate) restarts: usize,
}

/// A ticket that a process had claimed and not handled when it ended.
pub(crate) struct InHand {
    ticket: String,
    ended: Instant,
    pub(crate) end: End,
    /// How long after the end another had handled it.
    pub(crate) handled: Option<Duration>,
}

impl<'f> Trial<'f> {
    /// Starts the server, if there is one, and one replica, which is at work then.
    pub(crate) fn begin(
        program: &'f Program,
        replicas: &'f Replicas,
        folder: &'f Folder,
    ) -> Result<Self, String> {
        let server = match replicas.on {
            Engine::Nats => Some(Server::new(folder)?),
            Engine::Sqlite => None,
        };
        let address = server.as_ref().map(Server::address);
        let mut trial = Self {
            replicas,
            store: Store::new(folder, replicas, address.as_deref())?,
            server,
            fleet: Fleet::new(program, folder),
            in_hand: Vec::new(),
            excused: BTreeSet::new(),
            counts: Counts::default(),
        };
        trial.fleet.add()?;
        trial.part(1, &mut Blows::none())?;
        Ok(trial)
    }

    /// Starts all replicas but the first.
    pub(crate) fn start_others(&mut self) -> Result<(), String> {
        (1..self.replicas.replicas).try_for_each(|_| self.fleet.add())
    }

    /// Waits until so many tickets are handled, and deals the blows.
    pub(crate) fn part(&mut self, until: usize, blows: &mut Blows) -> Result<Part, String> {
        let begun = Instant::now();
        let before = self.store.handled()?;
        let (mut handled, mut moved) = (before, begun);
        while handled < until {
            self.look()?;
            while let Some(due) = blows.next(handled - before) {
                sleep(due.after);
                self.deal(due.blow)?;
            }
            sleep(PAUSE);
            let now = self.store.handled()?;
            if now > handled {
                (handled, moved) = (now, Instant::now());
            } else if moved.elapsed() > PATIENCE {
                let left = self.replicas.all() - handled;
                return Err(format!(
                    "{left} tickets are left, and none was handled within {PATIENCE:?}"
                ));
            }
        }
        Ok(Part {
            tickets: handled - before,
            took: begun.elapsed(),
        })
    }

    fn deal(&mut self, blow: Blow) -> Result<(), String> {
        match blow {
            Blow::Kill(whom) => {
                self.counts.kills += 1;
                let killed = self.fleet.kill(whom)?;
                self.excused.extend(killed.ticket.clone());
                self.take(killed)?;
            }
            Blow::Term(whom) => self.fleet.ask(whom),
            Blow::Restart(away) => {
                if let Some(server) = &mut self.server {
                    self.counts.restarts += 1;
                    server.kill_for(away);
                }
            }
        }
        Ok(())
    }

    fn look(&mut self) -> Result<(), String> {
        let is_away = match &mut self.server {
            Some(server) => server.look()?,
            None => false,
        };
        for ended in self.fleet.look(is_away)? {
            self.counts.terms += 1;
            self.take(ended)?;
        }
        for one in &mut self.in_hand {
            if one.handled.is_none() && self.store.noted_by(&one.ticket)?.is_some() {
                one.handled = Some(one.ended.elapsed());
            }
        }
        Ok(())
    }

    /// Takes note of a ticket that one which has ended had in hand.
    fn take(&mut self, ended: Ended) -> Result<(), String> {
        if let Some(ticket) = ended.ticket
            && self.store.noted_by(&ticket)?.is_none()
        {
            self.in_hand.push(InHand {
                ticket,
                ended: ended.at,
                end: ended.end,
                handled: None,
            });
        }
        Ok(())
    }

    /// Asks all replicas to end, and checks what has to be true then.
    pub(crate) fn end(mut self, alone: Part, together: Part) -> Result<Figures<'f>, String> {
        self.look()?;
        // Who has found no server is replaced before.
        while self.server.as_mut().map_or(Ok(false), Server::look)? {
            self.look()?;
            sleep(PAUSE);
        }
        let ended = self.fleet.end()?;
        let last: BTreeSet<String> = ended.into_iter().filter_map(|one| one.ticket).collect();
        let last = last.difference(&self.excused).cloned().collect();
        let address = self.server.as_ref().map(Server::address);
        claims::are_ended(&mut self.store, address, &last, &self.excused)?;
        let noted = self.store.settled()?;
        let said = self.fleet.said();
        told(&said, &noted)?;
        Ok(Figures {
            replicas: self.replicas,
            alone,
            together,
            counts: self.counts,
            futile: self.fleet.futile,
            in_hand: self.in_hand,
            noted,
            errors: errors(&said),
        })
    }
}

/// That every process has noted on as many tickets as it said, or on one more, if it was killed before it could say so.
fn told(said: &[(&str, Said)], noted: &BTreeMap<String, usize>) -> Result<(), String> {
    for (name, said) in said {
        let noted = noted.get(*name).copied().unwrap_or_default();
        let (told, unsaid) = (said.updates(), usize::from(!said.has_stopped()));
        if !(told..=told + unsaid).contains(&noted) {
            return Err(format!(
                "replica {name} has handled {noted} tickets, and said {told}"
            ));
        }
    }
    Ok(())
}

/// How many cycles had an error, by the first line of what they said, without numbers.
fn errors(said: &[(&str, Said)]) -> BTreeMap<String, usize> {
    let mut errors = BTreeMap::new();
    let events = said.iter().flat_map(|(_, said)| &said.events);
    let cycles = events.filter(|event| event["event"] == "cycle");
    for error in cycles.filter_map(|event| event["error"].as_str()) {
        let first = error.lines().next().unwrap_or_default();
        let error = first.replace(|letter: char| letter.is_ascii_digit(), "");
        *errors.entry(error).or_default() += 1;
    }
    errors
}
