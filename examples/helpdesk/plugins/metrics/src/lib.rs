//! Shows what the helpdesk counts, to Prometheus and to people.
//!
//! The plugin `metrics` brings one component, [`Endpoint`] (`metrics:Endpoint`). It does nothing unless the configuration names an
//! address ([`EndpointConfig`]):
//!
//! ```yaml
//! components:
//!   "metrics:Endpoint": { listen: "127.0.0.1:9090" }
//! ```
//!
//! | path | answers |
//! |---|---|
//! | `/metrics` | every number, in the text format of Prometheus |
//! | `/` | a page with the same for a browser: rates and their curves over the last minutes, and without JavaScript the numbers |
//!
//! Whoever has something to count does so with the crate `metrics`, and this plugin installs the recorder behind it. There is one
//! for the whole process, from the moment when an address is configured for the first time: a reload goes on counting, also
//! where it closes the port. A handle that the macros gave out before that moment counts nothing, so nobody keeps one. Whoever
//! counts begins with 0 for every label that there can be: of a counter that comes into being with 1, Prometheus sees no increase.
//!
//! | metric | kind | is |
//! |---|---|---|
//! | `helpdesk_tickets_changed_total` | counter | changes of tickets |
//! | `helpdesk_cycles_total` | counter | cycles of the orchestrator that have ended |
//! | `helpdesk_cycles_failed_total` | counter | those with an error |
//! | `helpdesk_steps_total` | counter | steps that have ended, by `component` and `outcome`: `ok`, `failed`, `ended` (there was nothing to do), `skipped`, `stopped` |
//! | `helpdesk_step_seconds` | histogram | how long they took, by `component` |
//! | `helpdesk_claims_held` | gauge | tickets that this helpdesk works on, and no other one may |
//! | `helpdesk_claims_total` | counter | claims, by `outcome`: `given`, `done`, `failed`, `released`, `lost`, `refused` |
//! | `helpdesk_dead_letters` | gauge | tickets that failed so often that nobody tries again |
//! | `helpdesk_component_state` | gauge | 1 for the `state` that a `component` is in, 0 for the others; steps have none |
//!
//! Labels have few values, those of the program and of its configuration: never the id of a ticket, and nothing that is secret.

treenail::plugin!();

mod component;
mod config;
mod exposition;
mod figure;
mod numbers;
mod page;
mod recorder;
mod states;

pub use component::Endpoint;
pub use config::EndpointConfig;
