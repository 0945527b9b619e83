//! Tickets in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use helpdesk_api::{
    Error, ErrorKind, Note, Result, SearchCriteria, Ticket, TicketSystem, async_trait,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use treenail::{Component, Config, Deps};

/// Configuration of a [`MemoryTicketSystem`].
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct MemoryConfig {
    /// The tickets that it begins with.
    pub tickets: Vec<Ticket>,
    /// Further parameters, such as those of the ticket system in whose place it stands. They mean nothing.
    #[serde(flatten)]
    pub additional: BTreeMap<String, Value>,
}

/// Keeps tickets until the program ends.
#[derive(Debug, Default)]
pub struct MemoryTicketSystem {
    tickets: Mutex<Vec<Ticket>>,
}

impl MemoryTicketSystem {
    /// A ticket system with these tickets.
    #[must_use]
    pub fn with(tickets: Vec<Ticket>) -> Self {
        Self {
            tickets: Mutex::new(tickets),
        }
    }

    fn tickets(&self) -> MutexGuard<'_, Vec<Ticket>> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with a ticket; `false` if there is none with this id.
    fn on(&self, id: &str, act: impl FnOnce(&mut Ticket)) -> bool {
        let mut tickets = self.tickets();
        let found = tickets
            .iter_mut()
            .find(|ticket| ticket.id.as_deref() == Some(id));
        found.map(act).is_some()
    }
}

impl Component for MemoryTicketSystem {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self::with(config.tickets))
    }
}

#[async_trait]
impl TicketSystem for MemoryTicketSystem {
    async fn create_ticket(&self, mut ticket: Ticket) -> Result<Ticket> {
        let mut tickets = self.tickets();
        let numbers = tickets
            .iter()
            .filter_map(|ticket| ticket.id.as_ref()?.parse().ok());
        let free = numbers.max().unwrap_or(0_u64).saturating_add(1);
        let id = ticket.id.get_or_insert_with(|| free.to_string());
        if tickets.iter().any(|known| known.id.as_ref() == Some(id)) {
            let message = format!("there is a ticket {id:?} already");
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        tickets.push(ticket.clone());
        Ok(ticket)
    }

    async fn update_ticket(&self, id: &str, updates: Ticket) -> Result<bool> {
        Ok(self.on(id, |ticket| ticket.update(updates)))
    }

    async fn find_tickets(&self, criteria: SearchCriteria) -> Result<Vec<Ticket>> {
        let tickets = self.tickets();
        let matching = tickets.iter().filter(|ticket| criteria.matches(ticket));
        let found = matching
            .skip(criteria.offset as usize)
            .take(criteria.limit as usize);
        Ok(found.cloned().collect())
    }

    async fn get_ticket(&self, id: &str) -> Result<Option<Ticket>> {
        let mut found = None;
        self.on(id, |ticket| found = Some(ticket.clone()));
        Ok(found)
    }

    async fn add_note(&self, id: &str, note: Note) -> Result<bool> {
        Ok(self.on(id, |ticket| ticket.notes.get_or_insert_default().push(note)))
    }
}
