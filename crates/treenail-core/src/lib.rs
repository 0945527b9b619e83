//! What contract crates and both sides of treenail share.
//!
//! A contract crate holds the traits that an application and its plugins agree on, and everybody who takes part compiles
//! it. What it depends on has to stay small and has to stay as it is: this crate has no dependencies, no features and no
//! build script, it is the first of treenail's crates to reach 1.0, and a new release of treenail is no new release of it.
//!
//! The modules of today hold facts that the compiler and the runtime must not tell differently: which name was probably
//! meant, how a length of time is written, and how a name reads in the environment. They are treenail's own: hidden, and
//! no promise covers them.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

#[doc(hidden)]
pub mod duration;
#[doc(hidden)]
pub mod environment;
#[doc(hidden)]
pub mod nearest;
