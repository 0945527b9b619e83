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
//! The stages, each in a file of its own name: manifest, discover, layer, version, resolve, bind, order, settle, emit.
//! Every stage reports all its mistakes, and a mistake poisons only what it touches, so one build shows every independent
//! mistake and no consequence of any. [`Composer`] is the same for tools and tests.

// The example is a whole build script, as it stands in the file.
#![allow(clippy::needless_doctest_main)]

mod alias;
mod assert;
mod bind;
#[cfg(test)]
mod cases;
mod check;
mod compose;
mod composed;
mod composer;
mod declared;
mod diagnostic;
mod digest;
mod discover;
mod emit;
mod expand;
mod feature;
mod files;
mod graph;
#[cfg(test)]
mod laws;
mod layer;
mod lifecycle;
mod lint;
mod manifest;
mod model;
mod order;
mod report;
mod resolve;
mod script;
mod settle;
mod source;
pub mod testing;
mod type_path;
mod unknown;
mod unused;
mod version;

pub use check::{check_manifest, manifest_schema};
pub use composed::Composed;
pub use composer::Composer;
pub use diagnostic::Severity;
#[doc(hidden)]
pub use expand::{expand_composition, expand_plugin};
pub use graph::GraphFormat;
pub use report::{Message, Note, NoteKind, Span, codes, explain};
pub use script::compose;
pub use source::Position;
