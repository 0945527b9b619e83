//! Messages as workflows of GitHub read them from the log: each becomes an annotation of the line that it is about.

use std::io::{self, Write};

use treenail_build::NoteKind;

use super::told::Told;
use super::{Looked, level};

pub(super) fn print(all: &[Looked], told: &[Told]) -> io::Result<()> {
    for Told { first, message, .. } in told {
        let message = &all[*first].composed.messages()[*message];
        let mut properties = Vec::new();
        if let Some(own) = message.spans.first().filter(|span| span.primary) {
            properties.push(format!("file={}", property(&own.file)));
            let (start, end) = (own.start, own.end);
            properties.push(format!("line={},col={}", start.line, start.column));
            properties.push(format!("endLine={},endColumn={}", end.line, end.column));
        }
        properties.push(format!("title={}", property(message.code)));
        let mut text = message.title.clone();
        for note in &message.notes {
            let kind = match note.kind {
                NoteKind::Note => "note",
                NoteKind::Help => "help",
            };
            text.push_str(&format!("\n{kind}: {}", note.text));
        }
        let (level, properties) = (level(message.severity), properties.join(","));
        writeln!(io::stdout(), "::{level} {properties}::{}", escaped(&text))?;
    }
    Ok(())
}

/// A text within one line.
fn escaped(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A text that ends where the property does.
fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}
