//! A helpdesk's HTTP client: one for all plugins that talk to web services.
//!
//! The plugin `http` brings one component, [`Client`] (`http:Client`), which provides
//! [`Http`](helpdesk_http_client::Http). It needs no configuration; what can be said stands under
//! `components` ([`ClientConfig`]):
//!
//! ```yaml
//! components:
//!   "http:Client": { timeout: 30s, retries: 5 }
//! ```
//!
//! It sends again only what may be sent again, with pauses that grow and vary, and waits as long as a
//! server asks it to, within limits. It reads no answer beyond a limit, follows no redirect to another
//! host, and takes proxies from the environment. Nothing it says or logs shows a secret.

treenail::plugin!();

mod attempt;
mod client;
mod component;
mod config;
mod connections;
mod failure;
mod redirect;
mod retry;

pub use client::Client;
pub use config::ClientConfig;
