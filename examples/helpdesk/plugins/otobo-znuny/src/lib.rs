//! A helpdesk's tickets in OTOBO or Znuny.
//!
//! The plugin `otobo-znuny` brings one component, [`OtoboZnuny`]
//! (`otobo-znuny:OTOBOZnunyTicketSystemService`), which provides
//! [`TicketSystem`](helpdesk_api::TicketSystem). It speaks to a REST web service of their generic
//! interface with the operations `TicketSearch`, `TicketGet`, `TicketUpdate` and `TicketCreate`:
//!
//! ```yaml
//! services:
//!   tickets:
//!     use: "otobo-znuny:OTOBOZnunyTicketSystemService"
//!     params:
//!       base_url: "https://desk.example/otobo/nph-genericinterface.pl"
//!       password: "{{ get_env('OTOBO_PASSWORD') }}"
//! ```

treenail::plugin!();

mod answer;
mod component;
mod config;
mod question;
mod service;

pub use config::{OperationUrls, OtoboZnunyConfig};
pub use service::OtoboZnuny;
