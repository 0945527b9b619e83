//! Serves the pages of all plugins over HTTP, each at the path that it is registered under.

treenail::plugin!();

mod config;
mod guard;
mod server;

pub use config::ServerConfig;
pub use server::Server;
