//! Renders mistakes as rustc does: what is wrong, the place, why it is needed, one thing to do.
//!
//! ```text
//! plugin `mailer` 0.3.1 does not support helpdesk-api 2.0.0 [TN0203]
//!   --> acme-mailer/plugins.toml:6:22
//!    |
//!  6 | api = { helpdesk-api = ">=1.2, <2" }
//!    |                        ^^^^^^^^^^^ supports these versions
//!    |
//!    = needed by `helpdesk` (Cargo.toml:7)
//!    = help: `cargo update -p helpdesk-api --precise …`
//! ```
//!
//! The words themselves stand beside the mistakes, in `diagnostic/mistake/`.

pub(crate) mod explain;
mod json;
mod message;

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};
use treenail_core::nearest::nearest;

use crate::diagnostic::{Diagnostic, Diagnostics, Hop, Severity, not_shown};
use crate::source::{Origin, Source, SourceId, Sources, on_char_boundaries, quoted};
pub use explain::{codes, explain};
pub(crate) use json::cargo_line;
pub use message::{Message, Note, NoteKind, Span};

/// Every mistake in words, in the order of [`Diagnostics::sorted`].
pub(crate) fn messages(problems: &Diagnostics, sources: &Sources) -> Vec<Message> {
    let (shown, more) = shown(problems, sources);
    let mut messages: Vec<Message> = shown
        .iter()
        .map(|(one, severity)| message(one, *severity, sources))
        .collect();
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

fn message(one: &Diagnostic, severity: Severity, sources: &Sources) -> Message {
    let code = one.told.code.name();
    let title = line(&one.told.words.title);
    let text = join(
        &format!("{title} [{code}]"),
        &excerpt(one, sources, &Renderer::plain()),
    );
    let spans = labels(one)
        .into_iter()
        .take(LONG)
        .map(|(at, kind, label)| Span {
            primary: kind == AnnotationKind::Primary,
            label,
            ..span(at, sources)
        });
    Message {
        code,
        severity,
        title,
        spans: spans.collect(),
        notes: notes(one, sources),
        text,
    }
}

/// More messages than anybody reads at once.
const MOST: usize = 1000;

/// The mistakes that are shown, in the order of [`messages`], errors before warnings where there are too many; and a sentence about
/// the rest.
pub(crate) fn shown<'d>(
    problems: &'d Diagnostics,
    sources: &Sources,
) -> (Vec<(&'d Diagnostic, Severity)>, Option<String>) {
    let mut all = problems.sorted(sources);
    let more = all.len().saturating_sub(MOST);
    if more == 0 {
        return (all, None);
    }
    let errors = all
        .iter()
        .filter(|(_, severity)| *severity == Severity::Error);
    let mut warnings = MOST.saturating_sub(errors.count());
    all.retain(|(_, severity)| {
        let is_error = *severity == Severity::Error;
        let kept = is_error || warnings > 0;
        warnings -= usize::from(kept && !is_error);
        kept
    });
    all.truncate(MOST);
    (all, Some(not_shown(more)))
}

/// A place in a text, as far as its first line goes.
fn span(at: Origin, sources: &Sources) -> Span {
    let source = sources.get(at.source);
    let bytes = first_line(at, &source.text);
    let start = source.position(bytes.start);
    Span {
        file: line(&sources.shown(at.source)),
        path: source.path.clone(),
        start,
        end: source.position(bytes.end),
        line: Some(source.line(start.line))
            .filter(|line| line.len() <= EXCERPT)
            .unwrap_or_default()
            .to_owned(),
        bytes,
        primary: true,
        label: String::new(),
        replacement: None,
    }
}

/// What is said below the places.
fn notes(one: &Diagnostic, sources: &Sources) -> Vec<Note> {
    let words = &one.told.words;
    let note = |kind: NoteKind, text: String, span: Option<Span>| Note { kind, text, span };
    let said = said(one)
        .into_iter()
        .map(|text| note(NoteKind::Note, text, None));
    let hops = hops(one).into_iter().map(|hop| match hop {
        Ok(hop) => {
            let at = hop.at.map(|at| span(at, sources));
            note(NoteKind::Note, line(&hop.words()), at)
        }
        Err(more) => note(NoteKind::Note, more, None),
    });
    let help = words.help.iter();
    let help = help.map(|text| note(NoteKind::Help, paragraph(text), meant(one, sources)));
    said.chain(hops).chain(help).collect()
}

/// The mistake's place with what was probably meant to stand there, for editors: where the whole place is a name that comes
/// near it. A text keeps its quotes.
fn meant(one: &Diagnostic, sources: &Sources) -> Option<Span> {
    let (at, meant) = (one.at?, one.told.words.meant.as_ref()?);
    let place = span(at, sources);
    let written = sources.get(at.source).text.get(place.bytes.clone())?;
    let text = quoted(written);
    let name = text.map_or(written, |(name, _)| name);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let fits = |c: char| is_plain(c) || text.is_some() && matches!(c, ':' | ' ' | '*' | '.');
    if nearest(name, [meant.as_str()]).is_none() || !meant.chars().all(fits) {
        return None;
    }
    let replacement = match text {
        Some((_, quote)) => format!("{quote}{meant}{quote}"),
        None => meant.clone(),
    };
    Some(Span {
        replacement: Some(replacement),
        ..place
    })
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

/// Every mistake as rustc prints its own, `error[TN0203]: …`, for a terminal; last, how many more there are.
pub(crate) fn render_terminal(
    problems: &Diagnostics,
    sources: &Sources,
    colour: bool,
) -> Vec<String> {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let text = |(one, severity): (&Diagnostic, Severity)| {
        let level = match severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level
            .primary_title(line(&one.told.words.title))
            .id(one.told.code.name());
        renderer.render(&[fill(Group::with_title(title), one, sources)])
    };
    let (shown, more) = shown(problems, sources);
    shown.into_iter().map(text).chain(more).collect()
}

fn join(title: &str, rest: &str) -> String {
    if rest.is_empty() {
        title.to_owned()
    } else {
        format!("{title}\n{rest}")
    }
}

/// Everything below the title.
fn excerpt(one: &Diagnostic, sources: &Sources, renderer: &Renderer) -> String {
    let group = fill(Group::with_level(Level::ERROR), one, sources);
    if group.is_empty() {
        String::new()
    } else {
        renderer.render(&[group])
    }
}

/// More places, lines or steps than anybody reads of one mistake.
const LONG: usize = 12;

/// The lines below the places.
fn said(one: &Diagnostic) -> Vec<String> {
    let notes = &one.told.words.notes;
    let places = labels(one).len().saturating_sub(LONG);
    let lines = notes.len().saturating_sub(LONG);
    let shown = notes.iter().take(LONG).map(|note| paragraph(note));
    let more = [(places, "places"), (lines, "lines")];
    let more = more.into_iter().filter(|(number, _)| *number > 0);
    let more = more.map(|(number, of)| format!("and {number} more {of}"));
    shown.chain(more).collect()
}

/// Why it is needed, step by step; of a long way its two ends, and how many steps are between.
fn hops(one: &Diagnostic) -> Vec<Result<&Hop, String>> {
    let all = one.trace.iter().map(Ok);
    let Some(more) = one.trace.len().checked_sub(LONG).filter(|more| *more > 0) else {
        return all.collect();
    };
    let (first, last) = (LONG - 3, 3);
    let between = std::iter::once(Err(format!("and {more} more steps")));
    all.clone()
        .take(first)
        .chain(between)
        .chain(all.skip(one.trace.len() - last))
        .collect()
}

/// The places with what is said at each, the mistake's own first.
fn labels(one: &Diagnostic) -> Vec<(Origin, AnnotationKind, String)> {
    let mut labels: Vec<(Origin, AnnotationKind, String)> = Vec::new();
    let own = one.at.into_iter();
    labels.extend(own.map(|at| (at, AnnotationKind::Primary, line(&one.told.words.label))));
    for (at, label) in &one.told.words.also {
        if labels.iter().all(|(known, ..)| known != at) {
            labels.push((*at, AnnotationKind::Context, line(label)));
        }
    }
    labels
}

/// The places, one excerpt per file, then the notes.
fn fill<'a>(mut group: Group<'a>, one: &Diagnostic, sources: &'a Sources) -> Group<'a> {
    let mut labels = labels(one);
    labels.truncate(LONG);
    let mut files: Vec<SourceId> = Vec::new();
    for (at, ..) in &labels {
        if !files.contains(&at.source) {
            files.push(at.source);
        }
    }
    for file in files {
        let (source, path) = (sources.get(file), line(&sources.shown(file)));
        let here = labels.iter().filter(|(at, ..)| at.source == file);
        let places = here.map(|(at, kind, label)| (first_line(*at, &source.text), *kind, label));
        for part in parts(source, places) {
            group = match part {
                Excerpt::Lines(lines, places) => {
                    let (first, text) = (
                        source.position(lines.start).line,
                        &source.text[lines.clone()],
                    );
                    let annotations = places.into_iter().map(|(range, kind, label)| {
                        kind.span(range.start - lines.start..range.end - lines.start)
                            .label(label.clone())
                    });
                    let snippet = Snippet::source(text).line_start(first).path(path.clone());
                    group.element(snippet.annotations(annotations))
                }
                Excerpt::Place(at, label) => {
                    let at = source.position(at);
                    let place = annotate_snippets::Origin::path(path.clone())
                        .line(at.line)
                        .char_column(at.column);
                    let label = Some(label.as_str()).filter(|label| !label.is_empty());
                    let group = group.element(place);
                    match label {
                        Some(label) => {
                            group.element(Level::NOTE.no_name().message(label.to_owned()))
                        }
                        None => group,
                    }
                }
            };
        }
    }
    let hops = hops(one).into_iter();
    let hops = hops.map(|hop| hop.map_or_else(|more| more, |hop| hop_note(hop, sources)));
    for note in said(one).into_iter().chain(hops) {
        group = group.element(Level::NOTE.no_name().message(note));
    }
    if let Some(help) = &one.told.words.help {
        group = group.element(Level::HELP.message(paragraph(help)));
    }
    group
}

/// More bytes than anybody looks at in an excerpt. Drawing one costs what is between its places, and many times the memory.
const EXCERPT: usize = 16 << 10;

/// What is shown of a file: lines with the places in them, or a place alone where its line is too long to show.
enum Excerpt<'l> {
    Lines(Range<usize>, Vec<Labelled<'l>>),
    Place(usize, &'l String),
}

/// A place with what is said there.
type Labelled<'l> = (Range<usize>, AnnotationKind, &'l String);

/// Places that are near each other are shown together, others apart.
fn parts<'l>(source: &Source, places: impl Iterator<Item = Labelled<'l>>) -> Vec<Excerpt<'l>> {
    let mut parts: Vec<Excerpt<'l>> = Vec::new();
    for place in places {
        let own = lines(source, &place.0);
        if own.len() > EXCERPT {
            parts.push(Excerpt::Place(place.0.start, place.2));
            continue;
        }
        let near = parts.iter_mut().find_map(|part| match part {
            Excerpt::Lines(lines, places) => {
                let both = lines.start.min(own.start)..lines.end.max(own.end);
                (both.len() <= EXCERPT).then_some((lines, both, places))
            }
            Excerpt::Place(..) => None,
        });
        match near {
            Some((lines, both, places)) => {
                *lines = both;
                places.push(place);
            }
            None => parts.push(Excerpt::Lines(own, vec![place])),
        }
    }
    parts
}

/// The lines that a place stands in.
fn lines(source: &Source, place: &Range<usize>) -> Range<usize> {
    let [first, last] = [place.start, place.end].map(|byte| source.position(byte).line);
    source.extent(first).start.min(place.start)..source.extent(last).end.max(place.end)
}

fn hop_note(hop: &Hop, sources: &Sources) -> String {
    let place = hop.at.map(|at| {
        let (line, column) = sources.position(at);
        format!(" ({}:{line}:{column})", sources.shown(at.source))
    });
    line(&format!("{}{}", hop.words(), place.unwrap_or_default()))
}

/// The range of bytes of a place as far as its first line goes, within the text and on the borders of characters.
fn first_line(at: Origin, text: &str) -> Range<usize> {
    let Range { start, end } = on_char_boundaries(text, at.start as usize..at.end as usize);
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

/// A text of several lines, none of which can drive a terminal.
fn paragraph(text: &str) -> String {
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}
