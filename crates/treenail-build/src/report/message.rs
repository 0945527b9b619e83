//! One mistake in words, with its places: what programs are told.

use std::ops::Range;
use std::path::PathBuf;

use crate::diagnostic::Severity;
use crate::source::Position;

/// One mistake in words.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// Its code: `TN0203`. [`explain`](crate::explain) says what it means.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub title: String,
    /// The places that show it; its own comes first. Empty where no file could be read.
    pub spans: Vec<Span>,
    /// Why it is so, why it is needed, what to do about it: a line or a paragraph each.
    pub notes: Vec<Note>,
    /// All of it as a text. The first line says what is wrong and ends in the code; there is no `error:` before it, because
    /// rustc adds one where the text goes through `compile_error!`.
    pub text: String,
}

impl Message {
    /// Where it is: `file:line:column`.
    #[must_use]
    pub fn place(&self) -> Option<String> {
        let own = self.spans.first().filter(|span| span.primary)?;
        Some(format!(
            "{}:{}:{}",
            own.file, own.start.line, own.start.column
        ))
    }
}

/// A place in a file, within one line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Span {
    /// The file, as messages call it: a path that opens, if it was read from a file.
    pub file: String,
    /// Where the file lies on this machine, if it was read from one.
    pub path: Option<PathBuf>,
    /// Its bytes in the file.
    pub bytes: Range<usize>,
    /// Where it starts.
    pub start: Position,
    /// Where it ends: one past the last character.
    pub end: Position,
    /// The line that it is in; empty where it is too long to be shown.
    pub line: String,
    /// The mistake's own place, not one that helps to understand it.
    pub primary: bool,
    /// What is said at the place; may be empty.
    pub label: String,
    /// What was probably meant to stand there. Only the place of a [help](NoteKind::Help) has it.
    pub replacement: Option<String>,
}

/// A line or paragraph below the places.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// What it is for.
    pub kind: NoteKind,
    /// The text.
    pub text: String,
    /// The place that it is about.
    pub span: Option<Span>,
}

/// What a note is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// It explains.
    Note,
    /// It says what to do.
    Help,
}
