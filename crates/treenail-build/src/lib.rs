//! The compiler of treenail: plugin manifests in, checked and ordered registration code out.
//!
//! A build script calls [`compose`]; `treenail::compose!()` then brings in what it generated:
//!
//! ```no_run
//! // build.rs
//! fn main() {
//!     treenail_build::compose();
//! }
//! ```
//!
//! The stages, each in a folder of its own name: manifest, discover, layer, version, resolve, bind, order, check, plan, emit.
//! Every stage reports all its mistakes, and a mistake poisons only what it touches, so one build shows every independent
//! mistake and no consequence of any. [`Composer`] runs them for tools and tests.

// Tests read cases and set files up.
#![cfg_attr(test, allow(clippy::disallowed_methods))]
// The example is a whole build script, as it stands in the file.
#![allow(clippy::needless_doctest_main)]
// Where the documentation of a release is built, each item shows the feature that brings it.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod bind;
mod check;
mod compose;
mod diagnostic;
mod digest;
mod discover;
mod emit;
mod files;
mod front;
mod index;
mod inputs;
mod key_map;
#[cfg(test)]
mod laws;
mod layer;
mod lock;
mod manifest;
mod model;
mod order;
mod plan;
mod report;
mod resolve;
mod runtime;
mod sort;
mod source;
pub mod testing;
mod toml_text;
mod topology;
mod version;

pub use diagnostic::Severity;
pub use discover::{Member, members};
pub use emit::graph::GraphFormat;
pub use front::build_script::compose;
pub use front::committed::Committed;
pub use front::composed::Composed;
pub use front::composer::Composer;
pub use front::distribution::{Distribution, DistributionFile, WrittenDistribution};
pub use front::lock::lock_of;
pub use front::locked::{LockedComposition, compose_lock};
#[doc(hidden)]
pub use front::macros::{expand_composition, expand_plugin, expand_registries};
pub use front::one_manifest::{check_manifest, manifest_schema};
pub use report::{Message, Note, NoteKind, Span, codes, explain};
pub use source::Position;
