//! Every key of every table of a manifest, with what may stand there and a sentence about it.
//!
//! The reader has its lists of keys from here, and what it says of a key that is not in them; the JSON Schema and the
//! reference in docs/manifest.md are made of this.

mod apart;
mod cure;
mod key;
#[rustfmt::skip]
pub(crate) mod tables;

pub(crate) use key::{Held, Key, KeyTable, Presence, ValueKind};
pub(crate) use tables::{
    ASSERT, COMPONENT, CONDITION, DEADLINE, DISTRIBUTION, ENTRY, HOST, LINES, LOCK, MANIFEST, NEED,
    NOT, OVERLAY, OVERLAY_HOST, OVERRIDE, PLUGIN, RESTART, RULE, SETTING, THAT, TUNING,
};

/// The key that says of which format a manifest is.
pub(crate) const FORMAT_KEY: &str = "treenail";

/// No key of an entry has more bytes: it stands in the program, and in its messages.
pub(crate) const LONGEST_KEY: usize = 4096;

/// The format of manifests that this compiler reads.
pub(crate) const FORMAT: i64 = 1;
