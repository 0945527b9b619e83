//! The sections of a configuration, each checked against the composition.
//!
//! Every function takes the [`Context`](context::Context) that it reads, the node and its path, and writes what is wrong
//! into the problems. From the top: `document`, the sections `step`, `lifecycle`, `service` and `components`, the
//! `renderer`, which is a component too, and what all of them share.

mod component;
mod components;
mod context;
mod cycle;
pub(crate) mod document;
pub(crate) mod features;
mod inject;
mod lifecycle;
pub(crate) mod logging;
mod names;
mod offered;
mod renderer;
pub(crate) mod schema;
mod service;
#[cfg(feature = "pipes")]
mod step;
mod structure;
pub(crate) mod version;
mod vocabulary;
