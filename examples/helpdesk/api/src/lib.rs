//! The contracts that helpdesk and its plugins share.
//!
//! A plugin that talks to a ticket system provides [`TicketSystem`], one that labels text provides
//! [`Classifier`]. What passes between them are the models of this crate: [`Ticket`], [`Note`],
//! [`Entity`], [`SearchCriteria`], [`ClassificationRequest`] and [`Classification`].
//!
//! The models read configuration and foreign data alike, so they are strict about text (a number is
//! not a subject), lenient about counts (`"5"` is five) and refuse keys that they do not know. Every
//! one of them has a JSON Schema.
//!
//! ```
//! use helpdesk_api::{SearchCriteria, Ticket};
//!
//! let criteria: SearchCriteria = serde_json::from_str(r#"{"queue": {"name": "Inbox"}}"#)?;
//! assert_eq!(criteria.limit, 10);
//! assert!(serde_json::from_str::<Ticket>(r#"{"state": "open"}"#).is_err());
//! # Ok::<(), serde_json::Error>(())
//! ```

mod classifier;
mod criteria;
mod database;
mod error;
mod id;
mod note;
mod ticket;
mod ticket_system;

pub use classifier::{Classification, ClassificationRequest, Classifier};
pub use criteria::SearchCriteria;
pub use database::Database;
pub use error::{Error, ErrorKind, Result};
pub use id::TicketId;
pub use note::{Note, PLAIN_TEXT};
pub use ticket::{Entity, Ticket};
pub use ticket_system::TicketSystem;

pub use async_trait::async_trait;
pub use secrecy::{ExposeSecret, SecretString};
