//! A helpdesk's tickets in an embedded SQLite database: the ticket system with nothing to install.
//!
//! The plugin `sqlite` brings one component, [`Store`] (`sqlite:Store`), which provides
//! [`TicketSystem`](helpdesk_api::TicketSystem). It is named in a configuration file:
//!
//! ```yaml
//! services:
//!   tickets:
//!     use: "sqlite:Store"
//!     params: { path: "helpdesk.db", seed: "demo" }
//! ```
//!
//! While another program has the database locked for longer than the store waits, the store is
//! `recoverable` for the application, and `ok` again with the next call that succeeds.
//!
//! Several programs may work on one file. A ticket that was written to under a claim is written to under no earlier one.
//!
//! A file that is not there is made, for its owner alone. One that is taken away while the store is open is an error. One that an earlier version wrote is brought up to date, one
//! that a later version or another program wrote is refused and left alone.

treenail::plugin!();

mod component;
mod config;
mod failure;
mod file;
mod queries;
mod schema;
mod store;
mod trouble;

pub use config::StoreConfig;
pub use failure::OpenError;
pub use store::Store;
