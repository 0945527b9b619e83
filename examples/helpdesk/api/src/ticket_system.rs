//! The contract of what keeps tickets.

use async_trait::async_trait;

use crate::{Note, Result, SearchCriteria, Ticket};

/// Keeps tickets: a help desk product, a database, a list in memory.
///
/// Every method may be called at any time and from any task.
#[async_trait]
pub trait TicketSystem: Send + Sync {
    /// Makes a ticket and gives it back as it is now, with its id.
    ///
    /// # Errors
    /// [`Invalid`](crate::ErrorKind::Invalid) for a ticket that the system does not take, for instance
    /// one with an id that is taken.
    async fn create_ticket(&self, ticket: Ticket) -> Result<Ticket>;

    /// Changes a ticket as [`Ticket::update`] describes; `false` if there is no such ticket.
    ///
    /// # Errors
    /// Whatever kept the system from answering.
    async fn update_ticket(&self, id: &str, updates: Ticket) -> Result<bool>;

    /// The tickets that fit the criteria, in the order of the system, with their notes.
    ///
    /// # Errors
    /// Whatever kept the system from answering.
    async fn find_tickets(&self, criteria: SearchCriteria) -> Result<Vec<Ticket>>;

    /// The first ticket that fits the criteria.
    ///
    /// # Errors
    /// As [`find_tickets`](TicketSystem::find_tickets).
    async fn find_first_ticket(&self, criteria: SearchCriteria) -> Result<Option<Ticket>> {
        if criteria.limit == 0 {
            return Ok(None);
        }
        let found = self.find_tickets(SearchCriteria {
            limit: 1,
            ..criteria
        });
        Ok(found.await?.into_iter().next())
    }

    /// One ticket with its notes.
    ///
    /// # Errors
    /// Whatever kept the system from answering; that there is no such ticket is not an error.
    async fn get_ticket(&self, id: &str) -> Result<Option<Ticket>>;

    /// Adds a note to a ticket; `false` if there is no such ticket.
    ///
    /// A note that its author gave an id is added once, where the system keeps such ids: whoever does not know whether
    /// it was added, because the program was killed, may add it again.
    ///
    /// # Errors
    /// Whatever kept the system from answering.
    async fn add_note(&self, id: &str, note: Note) -> Result<bool>;

    /// Changes a ticket as [`update_ticket`](TicketSystem::update_ticket) does, for whoever has claimed it: `fence` is that of the
    /// claim. A system that can tell refuses a fence that is smaller than one that it has seen of this ticket, because another has
    /// claimed it since. One that cannot goes by the rest.
    ///
    /// # Errors
    /// [`Refused`](crate::ErrorKind::Refused) where the fence is too small; else as
    /// [`update_ticket`](TicketSystem::update_ticket).
    async fn update_ticket_fenced(&self, id: &str, updates: Ticket, fence: u64) -> Result<bool> {
        let _ = fence;
        self.update_ticket(id, updates).await
    }

    /// Adds a note as [`add_note`](TicketSystem::add_note) does, for whoever has claimed the ticket.
    ///
    /// # Errors
    /// As [`update_ticket_fenced`](TicketSystem::update_ticket_fenced), and [`add_note`](TicketSystem::add_note).
    async fn add_note_fenced(&self, id: &str, note: Note, fence: u64) -> Result<bool> {
        let _ = fence;
        self.add_note(id, note).await
    }
}
