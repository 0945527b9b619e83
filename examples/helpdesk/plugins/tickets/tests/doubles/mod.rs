//! Doubles for the services that the pipes ask for.
#![allow(dead_code, reason = "no test needs all of them")]

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use helpdesk_api::{
    Classification, ClassificationRequest, Classifier, Entity, Error, ErrorKind, Note,
    SearchCriteria, Ticket, TicketSystem, async_trait,
};
use helpdesk_work::{Claim, DeadLetter, Work, WorkError};
use treenail::{Component, Config, Deps};

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Three tickets in the inbox, in memory, and what was asked of them.
pub(crate) struct Desk {
    tickets: Mutex<Vec<Ticket>>,
    calls: Mutex<Vec<String>>,
}

impl Component for Desk {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        let ticket = |(id, subject): (&str, &str)| Ticket {
            id: Some(id.to_owned()),
            subject: Some(subject.to_owned()),
            queue: Some(Entity::named("Inbox")),
            ..Ticket::default()
        };
        let tickets = [("1", "VPN broken"), ("2", "No paper"), ("3", "No coffee")];
        Ok(Self {
            tickets: Mutex::new(tickets.into_iter().map(ticket).collect()),
            calls: Mutex::default(),
        })
    }
}

impl Desk {
    /// The names of the tickets' queues, in the order of the tickets.
    pub(crate) fn queues(&self) -> Vec<String> {
        let tickets = lock(&self.tickets);
        let names = tickets
            .iter()
            .filter_map(|ticket| ticket.queue.clone()?.name);
        names.collect()
    }

    pub(crate) fn calls(&self) -> Vec<String> {
        lock(&self.calls).clone()
    }

    fn call(&self, call: String) {
        lock(&self.calls).push(call);
    }
}

#[async_trait]
impl TicketSystem for Desk {
    async fn create_ticket(&self, ticket: Ticket) -> helpdesk_api::Result<Ticket> {
        Ok(ticket)
    }

    async fn update_ticket(&self, id: &str, updates: Ticket) -> helpdesk_api::Result<bool> {
        self.call(format!("update {id}"));
        let mut tickets = lock(&self.tickets);
        let found = tickets
            .iter_mut()
            .find(|ticket| ticket.id.as_deref() == Some(id));
        Ok(found.map(|ticket| ticket.update(updates)).is_some())
    }

    async fn update_ticket_fenced(
        &self,
        id: &str,
        updates: Ticket,
        fence: u64,
    ) -> helpdesk_api::Result<bool> {
        self.call(format!("fence {fence}"));
        self.update_ticket(id, updates).await
    }

    async fn find_tickets(&self, criteria: SearchCriteria) -> helpdesk_api::Result<Vec<Ticket>> {
        self.call(format!("find {} from {}", criteria.limit, criteria.offset));
        let tickets = lock(&self.tickets);
        let found = tickets.iter().filter(|ticket| criteria.matches(ticket));
        let page = found
            .skip(criteria.offset as usize)
            .take(criteria.limit as usize);
        Ok(page.cloned().collect())
    }

    async fn get_ticket(&self, _: &str) -> helpdesk_api::Result<Option<Ticket>> {
        Ok(None)
    }

    async fn add_note(&self, id: &str, _: Note) -> helpdesk_api::Result<bool> {
        self.call(format!("note {id}"));
        Ok(lock(&self.tickets)
            .iter()
            .any(|ticket| ticket.id.as_deref() == Some(id)))
    }
}

/// Everything belongs to the network, once it has thought about it.
#[derive(Default)]
pub(crate) struct Oracle {
    thinks: Mutex<Duration>,
    fails_as: Mutex<Option<ErrorKind>>,
}

impl Oracle {
    pub(crate) fn thinks_for(&self, time: Duration) {
        *lock(&self.thinks) = time;
    }

    pub(crate) fn fails_as(&self, kind: ErrorKind) {
        *lock(&self.fails_as) = Some(kind);
    }
}

impl Component for Oracle {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self::default())
    }
}

#[async_trait]
impl Classifier for Oracle {
    async fn classify(&self, _: ClassificationRequest) -> helpdesk_api::Result<Classification> {
        let time = *lock(&self.thinks);
        tokio::time::sleep(time).await;
        match *lock(&self.fails_as) {
            Some(kind) => Err(Error::new(kind, "no answer")),
            None => Ok(Classification {
                label: "Network".to_owned(),
                confidence: 1.0,
            }),
        }
    }
}

/// Gives claims of everything that no other helpdesk has, and keeps what it was asked.
#[derive(Default)]
pub(crate) struct Board {
    calls: Mutex<Vec<String>>,
    of_others: Mutex<BTreeSet<String>>,
    is_away: Mutex<bool>,
}

impl Board {
    pub(crate) fn calls(&self) -> Vec<String> {
        lock(&self.calls).clone()
    }

    pub(crate) fn is_taken_by_another(&self, key: &str) {
        lock(&self.of_others).insert(key.to_owned());
    }

    pub(crate) fn goes_away(&self) {
        *lock(&self.is_away) = true;
    }

    fn call(&self, doing: &str, key: &str) -> helpdesk_work::Result<()> {
        lock(&self.calls).push(format!("{doing} {key}"));
        if *lock(&self.is_away) {
            return Err(WorkError::Unavailable {
                doing: doing.to_owned(),
                source: "it is away".into(),
            });
        }
        let key = key.split(' ').next().unwrap_or_default();
        if doing != "claim" && lock(&self.of_others).contains(key) {
            return Err(WorkError::Lost {
                key: key.to_owned(),
            });
        }
        Ok(())
    }
}

impl Component for Board {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self::default())
    }
}

#[async_trait]
impl Work for Board {
    async fn claim(
        &self,
        key: &str,
        _: &str,
        lease: Duration,
    ) -> helpdesk_work::Result<Option<Claim>> {
        self.call("claim", key)?;
        let is_free = !lock(&self.of_others).contains(key);
        Ok(is_free.then(|| Claim::new(key, 42, 2, Instant::now(), lease)))
    }

    async fn extend(&self, claim: &mut Claim, lease: Duration) -> helpdesk_work::Result<()> {
        self.call("extend", claim.key())?;
        claim.extended(Instant::now(), lease);
        Ok(())
    }

    async fn done(&self, claim: &Claim) -> helpdesk_work::Result<()> {
        self.call("done", claim.key())
    }

    async fn failed(
        &self,
        claim: &Claim,
        retry_after: Duration,
        reason: &str,
    ) -> helpdesk_work::Result<()> {
        let seconds = retry_after.as_secs();
        self.call(
            "failed",
            &format!("{} for {seconds} s: {reason}", claim.key()),
        )
    }

    async fn release(&self, claim: &Claim) -> helpdesk_work::Result<()> {
        self.call("release", claim.key())
    }

    async fn dead(&self) -> helpdesk_work::Result<Vec<DeadLetter>> {
        Ok(Vec::new())
    }

    async fn revive(&self, _: &str) -> helpdesk_work::Result<bool> {
        Ok(false)
    }
}
