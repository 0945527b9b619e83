//! Messages as workflows of GitHub read them from the log: each becomes an annotation of the line that it is about.

use std::io::{self, Write};

use treenail_build::NoteKind;

use super::told::Told;
use super::{Looked, level};
use crate::annotation::annotation;

pub(super) fn print(all: &[Looked], told: &[Told]) -> io::Result<()> {
    for Told { first, message, .. } in told {
        let message = &all[*first].composed.messages()[*message];
        let own = message.spans.first().filter(|span| span.primary);
        let place = own.map(|span| {
            let (start, end) = (span.start, span.end);
            [start.line, start.column, end.line, end.column].map(|number| number.to_string())
        });
        let mut properties = Vec::new();
        if let (Some(own), Some(place)) = (own, &place) {
            properties.push(("file", own.file.as_str()));
            let keys = ["line", "col", "endLine", "endColumn"];
            properties.extend(keys.into_iter().zip(place.iter().map(String::as_str)));
        }
        properties.push(("title", message.code));
        let mut text = message.title.clone();
        for note in &message.notes {
            let kind = match note.kind {
                NoteKind::Note => "note",
                NoteKind::Help => "help",
            };
            text.push_str(&format!("\n{kind}: {}", note.text));
        }
        let annotation = annotation(level(message.severity), &properties, &text);
        writeln!(io::stdout(), "{annotation}")?;
    }
    Ok(())
}
