//! Mistakes of TOML itself: which ones to report, and what they cost.
//!
//! The parser recovers and goes on, which makes it report one slip many times over. What is close to a mistake is taken
//! for its consequence: better one message too few, until the next build, than ten too many.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use super::keys::{MANIFEST, ValueKind};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{InvalidToml, WrongType};
use crate::sort::sort_by;
use crate::source::{Origin, SourceId, floor_char_boundary, on_char_boundaries};

/// Where the parser stumbled, and where sections start.
#[derive(Debug)]
pub(super) struct Syntax {
    /// Places of all errors, sorted by start, each with the end of whichever so far ends last.
    errors: Vec<(Range<usize>, usize)>,
    /// The parts of the text of which nothing is known because of a mistake.
    pub(super) spoiled: Vec<Range<usize>>,
    /// What a bracket that is never closed has taken in: whatever is read there belongs to another table.
    taken_in: Vec<Range<usize>>,
    /// Starts of all headers, sorted.
    headers: Vec<usize>,
    /// Length of the text.
    end: usize,
}

impl Syntax {
    /// Whether there is any mistake.
    pub(super) fn is_broken(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Whether there is a mistake within this range, its ends included.
    pub(super) fn touches(&self, range: &Range<usize>) -> bool {
        let before = self
            .errors
            .partition_point(|(error, _)| error.start <= range.end);
        let last = before.checked_sub(1).and_then(|last| self.errors.get(last));
        last.is_some_and(|(_, end)| range.start <= *end)
    }

    /// Whether a mistake begins within this range.
    pub(super) fn begins_in(&self, range: &Range<usize>) -> bool {
        let before = self
            .errors
            .partition_point(|(error, _)| error.start < range.start);
        let next = self.errors.get(before);
        next.is_some_and(|(error, _)| error.start < range.end)
    }

    /// Whether what starts here has been taken in by a bracket that is never closed.
    pub(super) fn is_taken_in(&self, at: usize) -> bool {
        let mut taken_in = self.taken_in.iter();
        taken_in.any(|range| range.contains(&at))
    }

    /// From a header to the next, whatever table that belongs to.
    pub(super) fn section(&self, header: usize) -> Range<usize> {
        let next = self.headers.partition_point(|start| *start <= header);
        header..self.headers.get(next).copied().unwrap_or(self.end)
    }
}

/// Whether this is the place of a header (`[x]`, `[[x]]`) rather than of an inline table.
pub(super) fn is_header(text: &str, value: &DeValue<'_>, range: &Range<usize>) -> bool {
    matches!(value, DeValue::Table(_))
        && text
            .get(range.clone())
            .is_some_and(|written| written.starts_with('['))
}

/// Reports the parser's errors, one per mistake.
pub(super) fn check(
    source: SourceId,
    text: &str,
    tree: &DeTable<'_>,
    errors: &[Error],
    problems: &mut Diagnostics,
) -> Syntax {
    let mut found: Vec<_> = errors
        .iter()
        .map(|error| (error.span().unwrap_or(0..0), error.message()))
        .collect();
    sort_by(&mut found, |(a, _), (b, _)| {
        (a.start, a.end).cmp(&(b.start, b.end))
    });
    let mut statements = Vec::new();
    let mut headers = Vec::new();
    survey(text, tree, &mut statements, &mut headers);
    sort_by(&mut headers, Ord::cmp);
    sort_by(&mut statements, |a, b| a.start.cmp(&b.start));
    let last = statements.last().map_or(0, |last| last.start);
    let last_read = headers.last().copied().unwrap_or(0).max(last);
    let taken_in = taken_in(text, &mut found, &headers);
    let mut spoiled = None;
    let mut parts: Vec<Range<usize>> = Vec::new();
    for (range, words) in &found {
        let consequence = spoiled.is_some_and(|end| range.start <= end);
        let misheaded = misheaded(text, tree, range);
        if misheaded != Some(Misheaded::Earlier) && !consequence {
            if let Some(Misheaded::Here(header)) = misheaded {
                let problem = not_an_array(&text[range.clone()], text, &header);
                problems.report(problem, Origin::new(source, header));
            } else {
                let problem = match words.starts_with("duplicate key") {
                    true => {
                        let first = first(text, tree, &headers, &statements, range);
                        InvalidToml::Twice(first.map(|first| Origin::new(source, first)))
                    }
                    false => invalid(words, text, range.start),
                };
                problems.report(problem, Origin::new(source, range.clone()));
            }
        }
        let before = statements.partition_point(|statement| statement.start <= range.start);
        let statement = before.checked_sub(1).map(|last| &statements[last]);
        let statement = statement.filter(|statement| range.start <= statement.end);
        let end = statement
            .map_or(0, |statement| statement.end)
            .max(end_of_influence(text, range.start));
        let taken = taken_in.iter().find(|taken| taken.contains(&range.start));
        let end = taken.map_or(end, |taken| taken.end.max(end));
        spoiled = spoiled.max(Some(end));
        let at = floor_char_boundary(text, range.start);
        let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let start = statement.map_or(line, |statement| statement.start.min(line));
        // The parser may give up: then nothing that follows is read.
        let end = if last_read <= range.start {
            text.len()
        } else {
            end
        };
        let Range { start, end } = on_char_boundaries(text, start..end);
        match parts.last_mut() {
            Some(last) if start <= last.end => last.end = last.end.max(end),
            _ => parts.push(start..end),
        }
    }
    let mut last = 0;
    let errors = found.into_iter().map(|(range, _)| {
        last = last.max(range.end);
        (range, last)
    });
    Syntax {
        errors: errors.collect(),
        spoiled: parts,
        taken_in,
        headers,
        end: text.len(),
    }
}

/// What a bracket that is never closed takes in. A header's is its section. An inline table's is all that follows, from the
/// first mistake in its section: that is told in the words for this, and behind what stands before it.
fn taken_in(
    text: &str,
    found: &mut [(Range<usize>, &str)],
    headers: &[usize],
) -> Vec<Range<usize>> {
    let is_header = |words: &str| {
        words.starts_with("unclosed table") || words.starts_with("unclosed array table")
    };
    let sections = found.iter().filter(|(_, words)| is_header(words));
    let section = |range: &Range<usize>| range.start..end_of_influence(text, range.start);
    let mut parts: Vec<_> = sections.map(|(range, _)| section(range)).collect();
    let mut all = found.iter();
    let unclosed = all.find(|(_, words)| words.starts_with("unclosed inline table"));
    if let Some((unclosed, words)) = unclosed.cloned() {
        let header = headers.iter().rfind(|header| **header < unclosed.start);
        let start = header.copied().unwrap_or(0);
        let mut all = found.iter_mut();
        if let Some((first, told)) = all.find(|(range, _)| range.start >= start) {
            let before = text
                .get(..first.start)
                .map_or(0, |text| text.trim_end().len());
            parts.push(before..unclosed.end);
            (*first, *told) = (before..before, words);
        }
    }
    parts
}

/// Where one of two headers of a key that takes `[[…]]` is `[…]`, which makes the second a duplicate key to TOML.
#[derive(Debug, PartialEq, Eq)]
enum Misheaded {
    /// The first one is: the reader says so.
    Earlier,
    /// This one is.
    Here(Range<usize>),
}

fn misheaded(text: &str, tree: &DeTable<'_>, key: &Range<usize>) -> Option<Misheaded> {
    let name = text.get(key.clone())?;
    let stated = MANIFEST.key(name).map(|key| &key.value);
    if !matches!(stated, Some(ValueKind::Tables(_))) {
        return None;
    }
    let start = text.get(..key.start)?.rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next()?;
    let (indent, line) = (line.len() - line.trim_start().len(), line.trim());
    let header = line.split('#').next()?.trim_end();
    let (is_array, path) = match header.strip_prefix("[[") {
        Some(path) => (true, path.strip_suffix("]]")?),
        None => (false, header.strip_prefix('[')?.strip_suffix(']')?),
    };
    let header_at = start + indent..start + indent + header.len();
    let path: Vec<&str> = path.split('.').map(str::trim).collect();
    let (last, outer) = path.split_last()?;
    if *last != name {
        return None;
    }
    let mut table = tree;
    for name in outer {
        match table.get(*name)?.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => return None,
        }
    }
    let found = table.get(*last)?;
    match (found.get_ref(), is_array) {
        (DeValue::Array(_), true) => None,
        (DeValue::Array(_), false) => Some(Misheaded::Here(header_at)),
        // The parser puts what it reads last in the place of what it has.
        (DeValue::Table(_), false) if header_at.contains(&found.span().start) => {
            Some(Misheaded::Here(header_at))
        }
        (_, false) => None,
        _ => Some(Misheaded::Earlier),
    }
}

fn not_an_array(key: &str, text: &str, header: &Range<usize>) -> WrongType {
    WrongType {
        key: key.to_owned(),
        expected: format!("tables headed `[{}]`", &text[header.clone()]),
        found: "a table".to_owned(),
    }
}

/// What is told in the parser's words.
fn invalid(words: &str, text: &str, at: usize) -> InvalidToml {
    let is_key = words.starts_with("invalid unquoted key");
    let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    let line = before.lines().next_back().unwrap_or_default();
    match rest.chars().next() {
        Some(':') if is_key && line.starts_with('[') => InvalidToml::Header(words.to_owned()),
        Some(found) if !found.is_ascii() || is_key && matches!(found, ':' | '/') => {
            InvalidToml::Character(words.to_owned(), found)
        }
        _ => InvalidToml::Syntax(words.to_owned()),
    }
}

/// The first place of a key that stands a second time here. Of lines the parser keeps the first, of headers the last.
fn first(
    text: &str,
    tree: &DeTable<'_>,
    headers: &[usize],
    statements: &[Range<usize>],
    second: &Range<usize>,
) -> Option<Range<usize>> {
    let next = headers.partition_point(|start| *start <= second.start);
    let start = next.checked_sub(1).map_or(0, |last| headers[last]);
    let header = header_of(text.get(start..)?.lines().next()?);
    if let Some(header) = header.filter(|header| second.end < start + header.len()) {
        let mut at = 0;
        for line in text[..start].split_inclusive('\n') {
            let found = at + (line.len() - line.trim_start().len());
            let is_text = statements.iter().any(|one| one.contains(&found));
            if header_of(line.trim_start()) == Some(header) && !is_text {
                return Some(found + (second.start - start)..found + (second.end - start));
            }
            at += line.len();
        }
        return None;
    }
    let before = text.get(..second.start)?.trim_end();
    let name = text.get(second.clone())?.trim_matches(['"', '\'']);
    let section = start..headers.get(next).copied().unwrap_or(text.len());
    let table = table_around(tree, 0..text.len(), &section, second.start)?;
    let (key, _) = table
        .get_key_value(name)
        .filter(|_| !before.ends_with('.'))?;
    (key.span().end <= second.start).then(|| key.span())
}

/// The header that begins a line, without what stands behind it.
fn header_of(line: &str) -> Option<&str> {
    line.get(..=line.rfind(']')?)
        .filter(|header| header.starts_with('['))
}

/// The innermost table around a place in this section.
fn table_around<'t, 'v>(
    table: &'t DeTable<'v>,
    extent: Range<usize>,
    section: &Range<usize>,
    at: usize,
) -> Option<&'t DeTable<'v>> {
    let inner = |value: &'t Spanned<DeValue<'v>>| match value.get_ref() {
        DeValue::Table(inner) if value.span().start == section.start => {
            table_around(inner, section.clone(), section, at)
        }
        DeValue::Table(inner) => table_around(inner, value.span(), section, at),
        _ => None,
    };
    let found = table.values().find_map(|value| match value.get_ref() {
        DeValue::Array(elements) => elements.iter().find_map(inner),
        _ => inner(value),
    });
    found.or_else(|| extent.contains(&at).then_some(table))
}

/// How far a mistake is likely to reach: a header spoils its section; anything else its line and the one after, which is
/// how a bracket that is never closed makes a mistake of every line below it.
fn end_of_influence(text: &str, at: usize) -> usize {
    let at = floor_char_boundary(text, at);
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let is_header = text[start..].trim_start().starts_with('[');
    let mut end = start;
    for (number, line) in text[start..].split_inclusive('\n').enumerate() {
        let content = line.trim_start();
        if is_header && number > 0 && content.starts_with('[') {
            return end.saturating_sub(1);
        }
        end += line.len();
        if !is_header && number > 0 && !content.is_empty() && !content.starts_with('#') {
            return end.saturating_sub(1);
        }
    }
    text.len()
}

/// Finds the statements and headers of a table.
fn survey(
    text: &str,
    table: &DeTable<'_>,
    statements: &mut Vec<Range<usize>>,
    headers: &mut Vec<usize>,
) {
    for (key, value) in table.iter() {
        let range = value.span();
        match value.get_ref() {
            DeValue::Table(inner) if is_header(text, value.get_ref(), &range) => {
                headers.push(range.start);
                survey(text, inner, statements, headers);
            }
            // The place of an implicit table is the key that made it.
            DeValue::Table(inner) if range == key.span() => {
                survey(text, inner, statements, headers);
            }
            DeValue::Array(elements)
                if elements
                    .iter()
                    .any(|one| is_header(text, one.get_ref(), &one.span())) =>
            {
                for one in elements.iter() {
                    headers.push(one.span().start);
                    if let DeValue::Table(inner) = one.get_ref() {
                        survey(text, inner, statements, headers);
                    }
                }
            }
            _ => statements.push(key.span().start..range.end),
        }
    }
}
