//! The pipes of `base` at work, on a composition written by hand.

mod example;
mod pipeline;

pub(crate) use example::TABLE;
