//! Every mistake that can be made: what is wrong, its code and its words, side by side.
//!
//! A mistake is a type with what its message needs; versions and requirements are rendered already. Its comment says the code,
//! what it is, and at which place it is reported.

mod binding;
mod component;
mod discovery;
mod layering;
mod lock;
mod manifest;
mod order;
mod registry;
mod unused;
mod value;
mod version;

use super::{Code, Severity, Words};

pub(crate) use super::words::Named;
pub(crate) use binding::*;
pub(crate) use component::*;
pub(crate) use discovery::*;
pub(crate) use layering::*;
pub(crate) use lock::*;
pub(crate) use manifest::*;
pub(crate) use order::*;
pub(crate) use registry::*;
pub(crate) use unused::*;
pub(crate) use value::*;
pub(crate) use version::*;

/// Something that is wrong with a composition.
pub(crate) trait Mistake {
    /// The code that names this kind of mistake for good.
    const CODE: Code;

    /// How bad it is where `[lints]` says nothing.
    fn severity(&self) -> Severity {
        Self::CODE.severity()
    }

    /// What is said about it.
    fn words(&self) -> Words;
}
