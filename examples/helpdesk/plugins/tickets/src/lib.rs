//! What a pipeline can do with tickets.
//!
//! The plugin `tickets` brings four pipes. Each asks for a service of [`helpdesk_api`], so they work
//! with every ticket system and every classifier alike:
//!
//! | pipe | needs | leaves behind |
//! |---|---|---|
//! | [`FetchTicketsPipe`] | `ticket_system`, and the claims | `fetched_tickets` |
//! | [`UpdateTicketPipe`] | `ticket_system`, and the claims | |
//! | [`AddNotePipe`] | `ticket_system`, and the claims | |
//! | [`ClassificationPipe`] | `classification_service` | `label`, `confidence` |
//!
//! Several helpdesks share their tickets by [claiming](helpdesk_work) them, which [`Claims`] (`tickets:Claims`) does:
//!
//! - A fetch hands out only what it could claim, and looks further where others have claimed the first ones.
//! - A claim is kept until the step around the fetch has ended, that is for as long as its result can be seen.
//! - An update or a note extends the claim before it writes. Where it is lost, nothing is written, and the step has an error.
//! - At the end a ticket that was written to is done: in this version of its it is handed out to nobody for a while. One that was not is given back.
//! - An error counts as a failed attempt of the ticket, which is tried again after a pause, unless a service is to blame that does not
//!   answer or refuses the credentials, or several tickets were fetched at once. So fetch one at a time.
//! - A helpdesk that stops gives its claims back, and no attempt is counted.
//!
//! Two ticket systems in one configuration that use the same numbers share the claims of these numbers: a ticket then waits while
//! the other with its number is worked on.
//!
//! They have a second name each, `base:FetchTicketsPipe` and so on, under which the configuration
//! files of Open Ticket AI know them.

treenail::plugin!();

mod add_note;
mod claims;
mod classify;
mod config;
mod ending;
mod fetch;
mod metrics;
mod update;
mod version;

pub use add_note::{AddNoteParams, AddNotePipe};
pub use claims::Claims;
pub use classify::{ClassificationParams, ClassificationPipe};
pub use config::ClaimsConfig;
pub use fetch::{FetchTicketsParams, FetchTicketsPipe};
pub use update::{UpdateTicketParams, UpdateTicketPipe};
