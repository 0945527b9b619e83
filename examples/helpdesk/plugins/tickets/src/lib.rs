//! What a pipeline can do with tickets.
//!
//! The plugin `tickets` brings four pipes. Each asks for a service of [`helpdesk_api`], so they work
//! with every ticket system and every classifier alike:
//!
//! | pipe | needs | leaves behind |
//! |---|---|---|
//! | [`FetchTicketsPipe`] | `ticket_system` | `fetched_tickets` |
//! | [`UpdateTicketPipe`] | `ticket_system` | |
//! | [`AddNotePipe`] | `ticket_system` | |
//! | [`ClassificationPipe`] | `classification_service` | `label`, `confidence` |
//!
//! They have a second name each, `base:FetchTicketsPipe` and so on, under which the configuration
//! files of Open Ticket AI know them.

treenail::plugin!();

mod add_note;
mod classify;
mod fetch;
mod update;

pub use add_note::{AddNoteParams, AddNotePipe};
pub use classify::{ClassificationParams, ClassificationPipe};
pub use fetch::{FetchTicketsParams, FetchTicketsPipe};
pub use update::{UpdateTicketParams, UpdateTicketPipe};
