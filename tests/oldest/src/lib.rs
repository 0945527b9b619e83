//! Nothing but what it depends on: that this compiles is what is tested.

pub use treenail;
