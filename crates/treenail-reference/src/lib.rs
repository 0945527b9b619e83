//! The reference page of a program: what it is made of, and every key that its configuration may have.
//!
//! It is made of a [`Composition`] and of the JSON Schema of its configuration, and printed as Markdown or as one page of HTML.
//! `App::reference()` of `treenail` and `cargo treenail docs` are two ways to the same bytes. This crate is theirs: a program
//! takes [`Reference`] from `treenail`.
//!
//! Imports run one way: this face, `page`, `keys`, `schema`; the printers `markdown` and `html`, `document`.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod composition;
mod document;
mod example;
mod html;
mod keys;
mod markdown;
mod mismatch;
mod page;
mod prose;
mod schema;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;

use serde_json::Value;

pub use composition::{
    Absent, Component, Composition, Entry, Form, Kind, LeftOut, LeftOutEntry, Need, Plugin, Reason,
    Registry, Scope,
};
use document::Document;
pub use mismatch::{Mismatch, mismatches};

/// What a program is made of, and every key that its configuration may have: for the people who run it.
///
/// Its text, by [`Display`](fmt::Display) too, is Markdown. The same program has the same text.
#[derive(Clone)]
pub struct Reference {
    document: Document,
}

impl Reference {
    /// The reference of a composition, with the keys that a schema of its configuration has. Without one it says that keys are
    /// missing.
    #[must_use]
    pub fn new(composition: &Composition, schema: Option<&Value>) -> Self {
        Self {
            document: page::document(composition, schema),
        }
    }

    /// The page as Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        markdown::print(&self.document)
    }

    /// The page as HTML that needs no other file.
    #[must_use]
    pub fn to_html(&self) -> String {
        html::print(&self.document)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_markdown())
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reference").finish_non_exhaustive()
    }
}
