//! Servers for the tests of plugins that talk HTTP. They live on loopback, remember what they were
//! asked, keep state like the real ones, and misbehave on demand.

mod log;

mod server;
mod trouble;

pub use log::Log;

pub use server::{Reply, Seen, Server};
pub use trouble::{Trouble, troubles};
