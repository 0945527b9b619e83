//! A small HTTP server for components that tell how the application is: to probes, to whoever collects numbers, and to people.
//!
//! A component has a [`Server`]. It hands over its `start`, which takes the port, so that one that is in use ends the start of
//! the application, and its `work`, which answers with the component's [`Pages`]. Nothing but GET and HEAD is answered; there are
//! a few connections at a time, a request each, and none of them lasts for long.

mod answer;
mod connection;
mod server;

pub use answer::{Answer, Pages};
pub use server::Server;

pub use hyper::StatusCode;
