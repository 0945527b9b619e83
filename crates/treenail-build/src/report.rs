//! Renders mistakes as rustc does: what is wrong, the place, why it is needed, one thing to do.
//!
//! ```text
//! plugin `zammad` 0.3.1 does not support helpdesk-api 2.0.0 [TN0203]
//!   --> otai-zammad/plugins.toml:6:22
//!    |
//!  6 | api = { helpdesk-api = ">=1.2, <2" }
//!    |                        ^^^^^^^^^^^ supports these versions
//!    |
//!    = needed by `helpdesk` (Cargo.toml:7)
//!    = help: `cargo update -p helpdesk-api --precise …`
//! ```
//!
//! The words themselves stand in `report/words.rs`.

mod json;
mod message;
mod words;

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str,
};

use crate::diagnostic::{Diagnostic, Diagnostics, Hop, Severity};
use crate::source::{Origin, Source, SourceId, Sources};
pub(crate) use json::{Subject, cargo_line, last_line};
pub use message::{Message, Note, NoteKind, Span};
use words::Words;

/// Every mistake in words, in the order of [`Diagnostics::sorted`].
pub(crate) fn messages(problems: &Diagnostics, sources: &Sources) -> Vec<Message> {
    let message = |one: &Diagnostic| {
        let words = words::words(&one.problem);
        let code = one.problem.code().name();
        let title = line(&words.title);
        let text = join(
            &format!("{title} [{code}]"),
            &excerpt(one, &words, sources, &Renderer::plain()),
        );
        let spans = labels(one, &words)
            .into_iter()
            .map(|(at, kind, label)| Span {
                primary: kind == AnnotationKind::Primary,
                label,
                ..span(at, sources)
            });
        Message {
            code,
            severity: problems.severity(one).unwrap_or(Severity::Warning),
            title,
            spans: spans.collect(),
            notes: notes(one, &words, sources),
            text,
        }
    };
    let (shown, more) = shown(problems, sources);
    let mut messages: Vec<Message> = shown.into_iter().map(message).collect();
    if let (Some(last), Some(more)) = (messages.last_mut(), more) {
        let _ = write!(last.text, "\n  = {more}");
        let (kind, span) = (NoteKind::Note, None);
        last.notes.push(Note {
            kind,
            text: more,
            span,
        });
    }
    messages
}

/// More messages than anybody reads at once.
const MOST: usize = 1000;

/// The mistakes that are shown, errors before warnings where there are too many; and a sentence about the rest.
fn shown<'a>(
    problems: &'a Diagnostics,
    sources: &'a Sources,
) -> (Vec<&'a Diagnostic>, Option<String>) {
    let mut all = problems.sorted(sources);
    let more = all.len().saturating_sub(MOST);
    if more == 0 {
        return (all, None);
    }
    let errors = all.iter();
    let errors = errors.filter(|one| one.problem.severity() == Severity::Error);
    let mut warnings = MOST.saturating_sub(errors.count());
    all.retain(|one| {
        let is_error = one.problem.severity() == Severity::Error;
        let kept = is_error || warnings > 0;
        warnings -= usize::from(kept && !is_error);
        kept
    });
    all.truncate(MOST);
    (all, Some(format!("{more} more mistakes are not shown")))
}

/// A place in a text, as far as its first line goes.
fn span(at: Origin, sources: &Sources) -> Span {
    let source = sources.get(at.source);
    let bytes = first_line(at, &source.text);
    Span {
        file: line(&source.name),
        path: source.path.clone(),
        start: source.position(bytes.start),
        end: source.position(bytes.end),
        line: source.line(source.position(bytes.start).line).to_owned(),
        bytes,
        primary: true,
        label: String::new(),
    }
}

/// What is said below the places.
fn notes(one: &Diagnostic, words: &Words, sources: &Sources) -> Vec<Note> {
    let note = |kind: NoteKind, text: String, span: Option<Span>| Note { kind, text, span };
    let said = words.notes.iter();
    let said = said.map(|text| note(NoteKind::Note, paragraph(text), None));
    let hops = one.trace.iter().map(|hop| {
        let at = hop.at.map(|at| span(at, sources));
        note(NoteKind::Note, line(&format!("needed by {}", hop.what)), at)
    });
    let help = words.help.iter();
    let help = help.map(|text| note(NoteKind::Help, paragraph(text), None));
    said.chain(hops).chain(help).collect()
}

/// Every mistake in words, with empty lines between: for a file or a test.
#[cfg(test)]
pub(crate) fn render(problems: &Diagnostics, sources: &Sources) -> String {
    let texts: Vec<String> = messages(problems, sources)
        .into_iter()
        .map(|message| message.text)
        .collect();
    texts.join("\n\n")
}

/// Every mistake as rustc prints its own, `error[TN0203]: …`, for a terminal.
pub(crate) fn render_terminal(problems: &Diagnostics, sources: &Sources, colour: bool) -> String {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let text = |one: &Diagnostic| {
        let words = words::words(&one.problem);
        let level = match problems.severity(one) {
            Some(Severity::Error) => Level::ERROR,
            _ => Level::WARNING,
        };
        let title = level
            .primary_title(line(&words.title))
            .id(one.problem.code().name());
        renderer.render(&[fill(Group::with_title(title), one, &words, sources)])
    };
    let (shown, more) = shown(problems, sources);
    let texts = shown.into_iter().map(text).chain(more);
    texts.collect::<Vec<_>>().join("\n\n")
}

fn join(title: &str, rest: &str) -> String {
    if rest.is_empty() {
        title.to_owned()
    } else {
        format!("{title}\n{rest}")
    }
}

/// Everything below the title.
fn excerpt(one: &Diagnostic, words: &Words, sources: &Sources, renderer: &Renderer) -> String {
    let group = fill(Group::with_level(Level::ERROR), one, words, sources);
    if group.is_empty() {
        String::new()
    } else {
        renderer.render(&[group])
    }
}

/// The places with what is said at each, the mistake's own first.
fn labels(one: &Diagnostic, words: &Words) -> Vec<(Origin, AnnotationKind, String)> {
    let mut labels: Vec<(Origin, AnnotationKind, String)> = Vec::new();
    labels.extend(
        one.at
            .map(|at| (at, AnnotationKind::Primary, line(&words.label))),
    );
    for (at, label) in &words.also {
        if labels.iter().all(|(known, ..)| known != at) {
            labels.push((*at, AnnotationKind::Context, line(label)));
        }
    }
    labels
}

/// The places, one excerpt per file, then the notes.
fn fill<'a>(
    mut group: Group<'a>,
    one: &Diagnostic,
    words: &Words,
    sources: &'a Sources,
) -> Group<'a> {
    let labels = labels(one, words);
    let mut files: Vec<SourceId> = Vec::new();
    for (at, ..) in &labels {
        if !files.contains(&at.source) {
            files.push(at.source);
        }
    }
    for file in files {
        let source = sources.get(file);
        let here = labels.iter().filter(|(at, ..)| at.source == file);
        let here: Vec<_> = here
            .map(|(at, kind, label)| (first_line(*at, &source.text), kind, label))
            .collect();
        let extent = here
            .iter()
            .map(|(range, ..)| range.start)
            .min()
            .unwrap_or_default()
            ..here
                .iter()
                .map(|(range, ..)| range.end)
                .max()
                .unwrap_or_default();
        let (first, text, start) = window(source, extent);
        let annotations: Vec<Annotation<'a>> = here
            .into_iter()
            .map(|(range, kind, label)| {
                kind.span(range.start - start..range.end - start)
                    .label(label.clone())
            })
            .collect();
        group = group.element(
            Snippet::source(text)
                .line_start(first)
                .path(line(&source.name))
                .annotations(annotations),
        );
    }
    let notes = words
        .notes
        .iter()
        .map(|note| paragraph(note))
        .chain(one.trace.iter().map(|hop| hop_note(hop, sources)));
    for note in notes {
        group = group.element(Level::NOTE.no_name().message(note));
    }
    if let Some(help) = &words.help {
        group = group.element(Level::HELP.message(paragraph(help)));
    }
    group
}

/// The lines of a text that places stand in: the number of the first, the lines, and the byte that they start at. An excerpt
/// costs what it shows, and not what the file holds.
fn window(source: &Source, Range { start, end }: Range<usize>) -> (usize, &str, usize) {
    let first = source.position(start).line;
    let start = source.text[..start]
        .rfind('\n')
        .map_or(0, |newline| newline + 1);
    let rest = &source.text[end..];
    let end = end + rest.find('\n').unwrap_or(rest.len());
    let text = &source.text[start..end];
    (first, text.strip_suffix('\r').unwrap_or(text), start)
}

fn hop_note(hop: &Hop, sources: &Sources) -> String {
    let place = hop.at.map(|at| {
        let (line, column) = sources.position(at);
        format!(" ({}:{line}:{column})", sources.get(at.source).name)
    });
    line(&format!(
        "needed by {}{}",
        hop.what,
        place.unwrap_or_default()
    ))
}

/// The range of bytes of a place as far as its first line goes, within the text and on the borders of characters.
fn first_line(at: Origin, text: &str) -> Range<usize> {
    let start = text.floor_char_boundary((at.start as usize).min(text.len()));
    let end = text.ceil_char_boundary((at.end as usize).clamp(start, text.len()));
    let line = text[start..end]
        .find('\n')
        .map_or(end, |length| start + length);
    start..line.max(start)
}

/// More characters than a sentence of ours needs, whatever names it holds.
const LONGEST: usize = 1000;

/// A text that stays on its line, has an end, and cannot drive a terminal.
fn line(text: &str) -> String {
    let end = text.char_indices().nth(LONGEST);
    let text = match end {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    normalize_untrusted_str(&text.replace(['\n', '\r'], " "))
}

/// The same, for a text of several lines.
fn paragraph(text: &str) -> String {
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}
