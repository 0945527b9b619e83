//! Problems for people: the message, the place with the line as far as it may be shown, the path, and what to do.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{
    AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str,
};

use super::error::{ConfigError, Problem};
use crate::place::Place;

impl ConfigError {
    /// As [`Display`](fmt::Display), with colours: for a terminal.
    pub fn styled(&self) -> String {
        self.rendered(&Renderer::styled())
    }

    fn rendered(&self, renderer: &Renderer) -> String {
        let count = match self.problems().len() {
            1 => "the configuration has a problem".to_owned(),
            several => format!("the configuration has {several} problems"),
        };
        std::iter::once(count)
            .chain(
                self.problems()
                    .iter()
                    .map(|problem| problem.rendered(renderer)),
            )
            .collect::<Vec<_>>()
            .join("\n")
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rendered(&Renderer::plain()))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rendered(&Renderer::plain()))
    }
}

impl Problem {
    fn rendered(&self, renderer: &Renderer) -> String {
        let mut group = Group::with_title(Level::ERROR.primary_title(line(&self.message())));
        if let Some(place) = self.place() {
            group = match shown(place) {
                Some(text) => group.element(snippet(place, text)),
                None => group.element(origin(place)),
            };
        }
        if !self.path().is_empty() {
            let path = format!("at `{}`", line(self.path()));
            group = group.element(Level::NOTE.no_name().message(path));
        }
        if let Some(help) = self.help() {
            group = group.element(Level::HELP.message(line(&help)));
        }
        renderer.render(&[group])
    }
}

fn origin(place: &Place) -> Origin<'static> {
    let origin = Origin::path(line(&place.source));
    if place.line == 0 {
        return origin;
    }
    origin
        .line(place.line as usize)
        .char_column(place.column as usize)
}

/// Lines longer than this are named and not shown.
const WIDE: usize = 400;

/// The excerpt, with something at the column where it ends before it: what was cut off keeps its place.
fn shown(place: &Place) -> Option<String> {
    let excerpt = place.excerpt.as_ref()?;
    let (length, column) = (excerpt.chars().count(), place.column as usize);
    if length.max(column) > WIDE {
        return None;
    }
    Some(if length < column {
        format!("{excerpt}{:blank$}...", "", blank = column - 1 - length)
    } else {
        excerpt.clone()
    })
}

fn snippet(
    place: &Place,
    text: String,
) -> Snippet<'static, annotate_snippets::Annotation<'static>> {
    let span = marked(place, &text);
    Snippet::source(text)
        .path(line(&place.source))
        .line_start(place.line as usize)
        .annotation(AnnotationKind::Primary.span(span))
}

/// The word at the place.
fn marked(place: &Place, excerpt: &str) -> Range<usize> {
    let start = excerpt
        .char_indices()
        .nth(place.column.saturating_sub(1) as usize)
        .map_or(excerpt.len(), |(at, _)| at);
    let rest = &excerpt[start..];
    let quoted = ['"', '\''].into_iter().find_map(|quote| {
        let end = rest.strip_prefix(quote)?.find(quote)?;
        Some(end + 2)
    });
    // The name of a component has a colon in it; that behind a key has a blank after it.
    let plain = || rest.find(' ').map_or(rest, |end| &rest[..end]);
    let word = quoted.unwrap_or_else(|| plain().trim_end_matches(':').len());
    start..start + word
}

/// A text that stays on its line and cannot drive a terminal.
fn line(text: &str) -> String {
    normalize_untrusted_str(&text.replace(['\n', '\r'], " "))
}
