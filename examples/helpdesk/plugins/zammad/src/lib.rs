//! A helpdesk's tickets in Zammad.
//!
//! The plugin `zammad` brings one component, [`Zammad`] (`zammad:ZammadTicketsystemService`), which
//! provides [`TicketSystem`](helpdesk_api::TicketSystem):
//!
//! ```yaml
//! services:
//!   tickets:
//!     use: "zammad:ZammadTicketsystemService"
//!     params:
//!       base_url: "https://desk.example"
//!       access_token: "{{ get_env('ZAMMAD_TOKEN') }}"
//! ```
//!
//! Zammad knows queues as groups, by their names. Notes are internal unless the configuration or the
//! note itself (`internal: false`) says that customers may see them.

treenail::plugin!();

mod answer;
mod component;
mod config;
mod question;
mod service;

pub use config::{Verify, ZammadConfig};
pub use service::Zammad;
