//! Prints the plan as Rust. Pure and deterministic: the same plan gives the same bytes.
//!
//! Every item is formatted by itself, so that the comments between items survive.

pub(crate) mod graph;
mod host;
mod left_out;
mod plugin;
mod table;
mod type_names;

pub(crate) use plugin::{PrintedSide, Side, side};

use std::collections::BTreeSet;

use crate::model::Composition;
use crate::source::Sources;

/// One or more items of generated code, with the lines of comment above them.
#[derive(Debug, Clone)]
pub(crate) struct Chunk {
    comment: Vec<String>,
    code: String,
}

impl Chunk {
    fn new(code: String) -> Self {
        Self {
            comment: Vec::new(),
            code,
        }
    }

    fn under(comment: impl Into<String>, code: String) -> Self {
        Self {
            comment: vec![comment.into()],
            code,
        }
    }
}

/// What is to be printed. It is printed when somebody asks: whoever only checks a composition does not.
#[derive(Debug, Clone)]
pub(crate) enum Unprinted {
    /// The side of a plugin.
    Side(PrintedSide),
    /// What stands in for a composition with mistakes.
    Refused(Refused),
    /// A composition; the side of the host's own components.
    Composition(Box<Composition>, PrintedSide),
}

/// A manifest with mistakes, or a composition.
#[derive(Debug, Clone)]
pub(crate) struct Refused {
    /// Path of the runtime crate.
    pub(crate) runtime: String,
    /// Names of the crate's own components: its code may name the struct of their inputs.
    pub(crate) components: BTreeSet<String>,
    /// There is an application to stand in for.
    pub(crate) composes: bool,
}

impl Refused {
    /// What satisfies the crate's own code where its manifest has mistakes, with the first of them, an expression of Rust.
    pub(crate) fn own_side(&self, error: &str) -> String {
        let runtime = &self.runtime;
        let mut code =
            format!("{runtime}::__private::refused! {{ {REFUSED}, __REASON, {error} }}\n");
        for name in &self.components {
            code.push_str("#[allow(dead_code, missing_docs, unreachable_pub)] ");
            code.push_str(&format!("pub type {name}Deps = {REFUSED};\n"));
        }
        code
    }
}

/// A type that rustc says nothing more about.
const REFUSED: &str = "__Refused";

impl Unprinted {
    /// The text of the file.
    pub(crate) fn print(&self, sources: &Sources) -> String {
        match self {
            Self::Side(side) => print(&side.chunks),
            Self::Refused(refused) if refused.composes => host::stub(&refused.runtime),
            Self::Refused(_) => String::new(),
            Self::Composition(plan, own) => host::composition(plan, own, sources),
        }
    }

    /// The composition, if it is one.
    pub(crate) fn composition(&self) -> Option<&Composition> {
        match self {
            Self::Composition(plan, _) => Some(plan),
            _ => None,
        }
    }
}

/// The text of a file: comments and formatted items, an empty line between chunks.
fn print(chunks: &[Chunk]) -> String {
    let mut text = String::new();
    for chunk in chunks {
        if !text.is_empty() {
            text.push('\n');
        }
        for line in &chunk.comment {
            text.push_str("// ");
            text.push_str(&one_line(line));
            text.push('\n');
        }
        // What does not parse is a defect of this compiler: rustc shows it, and nothing is hidden.
        match syn::parse_file(&chunk.code) {
            Ok(file) => text.push_str(&prettyplease::unparse(&file)),
            Err(_) => text.push_str(&chunk.code),
        }
    }
    text
}

/// Text of a manifest as a string literal.
fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// Text of a manifest as a doc comment.
fn doc(text: &str) -> String {
    format!("#[doc = {}]", literal(&format!(" {}", one_line(text))))
}

fn one_line(text: &str) -> String {
    harmless(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Text without what rustc refuses in a comment: control characters, and those that turn the direction of writing.
fn harmless(text: &str) -> String {
    let refused =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .map(|c| {
            if refused(c) {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            }
        })
        .collect()
}
