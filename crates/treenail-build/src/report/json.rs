//! Messages for programs, in the formats of rustc and Cargo, so that whatever shows their messages shows these.
//!
//! rustc's format is described in its book, under "JSON Output"; Cargo wraps each message as described under "External
//! tools" in its own.

use serde_json::{Value, json};

use super::{Message, Note, NoteKind, Span};
use crate::diagnostic::Severity;
use crate::model::Subject;

/// A message as a line of `cargo build --message-format json`.
pub(crate) fn cargo_line(message: &Message, subject: &Subject) -> String {
    let line = json!({
        "reason": "compiler-message",
        "package_id": subject.package,
        "manifest_path": subject.manifest,
        "target": subject.target,
        "message": rustc_diagnostic(message),
    });
    line.to_string()
}

/// A message as rustc prints it with `--error-format json`.
fn rustc_diagnostic(message: &Message) -> Value {
    let level = match message.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let spans = message.spans.iter();
    let children = message.notes.iter();
    json!({
        "$message_type": "diagnostic",
        "message": message.title,
        "code": { "code": message.code, "explanation": super::explain(message.code) },
        "level": level,
        "spans": spans.map(span).collect::<Vec<_>>(),
        "children": children.map(child).collect::<Vec<_>>(),
        "rendered": rendered(message, level),
    })
}

/// As rustc would print it: the code stands after the level.
fn rendered(message: &Message, level: &str) -> String {
    let rest = message.text.split_once('\n').map_or("", |(_, rest)| rest);
    format!("{level}[{}]: {}\n{rest}\n\n", message.code, message.title)
}

fn child(note: &Note) -> Value {
    let level = match note.kind {
        NoteKind::Note => "note",
        NoteKind::Help => "help",
    };
    let spans = note.span.iter();
    json!({
        "message": note.text,
        "code": null,
        "level": level,
        "spans": spans.map(span).collect::<Vec<_>>(),
        "children": [],
        "rendered": null,
    })
}

fn span(span: &Span) -> Value {
    // Editors take a path that climbs for another file.
    let climbs = span.path.as_ref().filter(|_| span.file.starts_with(".."));
    let file = climbs.map_or_else(|| span.file.clone(), |path| path.display().to_string());
    // A line that is too long to be shown is left out.
    let text = (span.line.chars().count() + 1 >= span.end.column).then(|| {
        json!({
            "text": span.line,
            "highlight_start": span.start.column,
            "highlight_end": span.end.column,
        })
    });
    let label = Some(&span.label).filter(|label| !label.is_empty());
    json!({
        "file_name": file,
        "byte_start": span.bytes.start,
        "byte_end": span.bytes.end,
        "line_start": span.start.line,
        "line_end": span.end.line,
        "column_start": span.start.column,
        "column_end": span.end.column,
        "is_primary": span.primary,
        "text": text.into_iter().collect::<Vec<_>>(),
        "label": label,
        "suggested_replacement": span.replacement,
        "suggestion_applicability": span.replacement.as_ref().map(|_| "MaybeIncorrect"),
        "expansion": null,
    })
}
