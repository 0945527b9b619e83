//! The plugin with the real `nats-server`: that it does what the contract says, and what comes of everything that can go wrong.
//!
//! Without `nats-server` on the machine nothing is tested, and said so; with `TREENAIL_REQUIRE_NATS` set, that is a failure.

mod app;
mod away;
mod bucket;
mod cluster;
mod conformance;
mod credentials;
mod cut_off;
mod forgetting;
mod opening;
mod proxy;
mod room;
mod server;
mod tls;
