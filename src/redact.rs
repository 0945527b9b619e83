//! What an application's words must not show, and the words without it.

#![cfg_attr(
    not(feature = "pipes"),
    allow(
        dead_code,
        reason = "only a configuration has secrets, and only steps render them later"
    )
)]

mod needle;
mod panic_hook;
mod reading;
mod redactor;
#[cfg(feature = "config")]
mod refusal;
#[cfg(all(test, feature = "pipes"))]
mod tests;
mod writer;

#[cfg(feature = "config")]
pub(crate) use panic_hook::redact_panics;
pub use redactor::Redactor;
#[cfg(feature = "config")]
pub(crate) use redactor::without;
#[cfg(feature = "pipes")]
pub(crate) use refusal::refusal;
#[cfg(feature = "config")]
pub(crate) use refusal::{NOT_SHOWN, other, read_secretly};
pub use writer::RedactingWriter;
