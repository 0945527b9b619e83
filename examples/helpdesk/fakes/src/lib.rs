//! Servers for the tests of plugins that talk HTTP. They live on loopback, remember what they were
//! asked, keep state like the real ones, and misbehave on demand. And models for those that label text.

mod alone;
mod desk;
mod golden;
mod log;
mod model;
mod otobo;
mod server;
mod table;
mod trouble;
mod zammad;

pub use desk::Desk;
pub use golden::{Golden, recorded};
pub use log::Log;
pub use model::{Encoder, LABELS, TinyModel, WORDS, Weight, layer_parts};
pub use server::{Reply, Seen, Server};
pub use table::{RETRIES, fault_table};
pub use trouble::{Trouble, troubles};
