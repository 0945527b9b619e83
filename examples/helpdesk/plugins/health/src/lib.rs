//! Says over HTTP how the application is.
//!
//! The plugin `health` brings one component, [`Endpoint`] (`health:Endpoint`). It opens no port unless the configuration
//! names one ([`EndpointConfig`]):
//!
//! ```yaml
//! components:
//!   "health:Endpoint": { listen: "127.0.0.1:8080" }
//! ```
//!
//! | path | answers |
//! |---|---|
//! | `/live` | 200; 503 once something has failed so that the application cannot go on |
//! | `/ready` | 200 while the application works, else 503 |
//! | `/status` | 200, with every component, its state, why it is in that state, and since when |
//!
//! All answers are JSON. Those of `/live` and `/ready` are the whole and who is in trouble ([`treenail::Health`]). It answers
//! while other components start, and until it stops itself, which is among the first things that a stop does.

treenail::plugin!();

mod answer;
mod component;
mod config;
mod life;

pub use component::Endpoint;
pub use config::EndpointConfig;
