//! Lines and columns: a position-aware pass over a YAML text. An alias stands where it is used; what is inside it, and
//! what a merge key brings in, stands where it was written.

use std::collections::BTreeMap;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

/// What a pass over a text found.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// The places of everything in the first document.
    pub(crate) spot: Spot,
    /// It nests too deep; then there are no places.
    pub(crate) too_deep: bool,
    /// The first key that is itself a map or a list.
    pub(crate) complex_key: Option<(u32, u32)>,
    /// Where a second document begins.
    pub(crate) second: Option<(u32, u32)>,
}

/// The place of a value and of what is below it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spot {
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// Every value below belongs to this source too, though it has no place of its own.
    pub(crate) whole: bool,
    pub(crate) below: Below,
}

#[derive(Debug, Clone, Default)]
pub(crate) enum Below {
    #[default]
    Nothing,
    /// Keys with their own line and column.
    Keys(BTreeMap<String, (u32, u32, Spot)>),
    Items(Vec<Spot>),
    /// What an anchor names.
    Anchored(Arc<Below>),
}

/// The key whose value is merged into the map that it stands in.
const MERGE: &str = "<<";

impl Below {
    fn key(&self, name: &str) -> Option<(u32, u32, &Spot)> {
        match self {
            Below::Keys(keys) => match keys.get(name) {
                Some((line, column, spot)) => Some((*line, *column, spot)),
                None => keys.get(MERGE)?.2.below.merged(name),
            },
            Below::Anchored(below) => below.key(name),
            _ => None,
        }
    }

    /// The place of a key in what a merge key brings in: one map, or the first of several that has it.
    fn merged(&self, name: &str) -> Option<(u32, u32, &Spot)> {
        match self {
            Below::Items(maps) => maps.iter().find_map(|map| map.below.key(name)),
            Below::Anchored(below) => below.merged(name),
            below => below.key(name),
        }
    }

    fn item(&self, number: usize) -> Option<&Spot> {
        match self {
            Below::Items(items) => items.get(number),
            Below::Anchored(below) => below.item(number),
            _ => None,
        }
    }
}

impl Spot {
    /// The place of the key and the value of `name`.
    pub(crate) fn key(&self, name: &str) -> Option<(u32, u32, &Spot)> {
        self.below.key(name)
    }

    /// The place of an item.
    pub(crate) fn item(&self, number: usize) -> Option<&Spot> {
        self.below.item(number)
    }
}

/// Maps and lists inside each other deeper than this are no configuration, and parsers take their time with them.
const DEPTH: usize = 128;

/// The places of everything in the first document of `text`. Where this parser loses the thread, the places end: that the
/// text is wrong is for the other one to say.
pub(crate) fn places(text: &str) -> Places {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        text,
        lines: Vec::new(),
        anchors: BTreeMap::new(),
        found: Places::default(),
    };
    let spot = reader.document();
    reader.found.second = spot.as_ref().and_then(|_| reader.second());
    let spot = spot.filter(|_| !reader.found.too_deep).unwrap_or_default();
    Places {
        spot,
        ..reader.found
    }
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    /// The lines of the text, once a block has asked for them.
    lines: Vec<&'t str>,
    anchors: BTreeMap<usize, Arc<Below>>,
    found: Places,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<(Event<'t>, Span)> {
        match self.parser.next_event()? {
            Ok(next) => Some(next),
            Err(error) => {
                // The scanner counts brackets before any event of theirs comes out.
                self.found.too_deep |= error.info().contains("recursion limit");
                None
            }
        }
    }

    fn document(&mut self) -> Option<Spot> {
        loop {
            let (event, span) = self.next()?;
            if !matches!(
                event,
                Event::StreamStart | Event::DocumentStart(_) | Event::Nothing
            ) {
                return self.value(&event, &span, DEPTH);
            }
        }
    }

    /// Where the document after the first begins.
    fn second(&mut self) -> Option<(u32, u32)> {
        loop {
            match self.next()? {
                (Event::DocumentStart(_), span) => return Some(position(&span)),
                (Event::DocumentEnd | Event::Nothing, _) => {}
                _ => return None,
            }
        }
    }

    fn value(&mut self, event: &Event<'_>, span: &Span, depth: usize) -> Option<Spot> {
        let (line, column) = match event {
            Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..) => self.head(span),
            _ => position(span),
        };
        let Some(inside) = depth.checked_sub(1) else {
            self.found.too_deep = true;
            return None;
        };
        let (below, anchor) = match event {
            Event::MappingStart(anchor, _) => (Below::Keys(self.keys(inside)?), *anchor),
            Event::SequenceStart(anchor, _) => (Below::Items(self.items(inside)?), *anchor),
            Event::Alias(anchor) => (self.anchored(*anchor), 0),
            _ => (Below::Nothing, 0),
        };
        // No anchor has the number 0.
        let below = if anchor == 0 {
            below
        } else {
            self.anchors.insert(anchor, Arc::new(below));
            self.anchored(anchor)
        };
        Some(Spot {
            line,
            column,
            whole: true,
            below,
        })
    }

    fn anchored(&self, anchor: usize) -> Below {
        let below = self.anchors.get(&anchor).cloned();
        below.map_or(Below::Nothing, Below::Anchored)
    }

    /// The `|` or `>` of a block: its own place is the first line of its content, and content may be secret.
    fn head(&mut self, span: &Span) -> (u32, u32) {
        if self.lines.is_empty() {
            self.lines = self.text.lines().collect();
        }
        let column = |number: usize| {
            let line = self.lines.get(number)?.split(" #").next()?.trim_end();
            let head = line.trim_end_matches(|c: char| c.is_ascii_digit() || c == '+' || c == '-');
            head.ends_with(['|', '>']).then(|| head.chars().count())
        };
        let content = span.start.line().saturating_sub(1);
        let above = (0..content).rev().find(|number| {
            !self
                .lines
                .get(*number)
                .is_none_or(|line| line.trim().is_empty())
        });
        // A block without content stands at its head.
        let head = above
            .and_then(|number| Some((number + 1, column(number)?)))
            .or_else(|| Some((content + 1, column(content)?)));
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        head.map_or((0, 0), |(line, column)| (number(line), number(column)))
    }

    fn keys(&mut self, depth: usize) -> Option<BTreeMap<String, (u32, u32, Spot)>> {
        let mut found = BTreeMap::new();
        loop {
            let (event, span) = self.next()?;
            let name = match &event {
                Event::MappingEnd => return Some(found),
                Event::Scalar(text, ..) => text.to_string(),
                Event::Alias(_) => String::new(),
                _ => {
                    self.found.complex_key.get_or_insert(position(&span));
                    self.value(&event, &span, depth)?;
                    String::new()
                }
            };
            let (line, column) = position(&span);
            let (event, span) = self.next()?;
            let below = self.value(&event, &span, depth)?;
            found.insert(name, (line, column, below));
        }
    }

    fn items(&mut self, depth: usize) -> Option<Vec<Spot>> {
        let mut found = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                return Some(found);
            }
            found.push(self.value(&event, &span, depth)?);
        }
    }
}

fn position(span: &Span) -> (u32, u32) {
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    (
        number(span.start.line()),
        number(span.start.col()).saturating_add(1),
    )
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn keys_and_values_have_lines_and_columns() {
        let spot = places("a:\n  - b: 1\n    c: {d: x}\n").spot;
        let (line, column, a) = spot.key("a").expect("a");
        assert_eq!((line, column), (1, 1));
        let item = a.item(0).expect("item");
        let (line, column, c) = item.key("c").expect("c");
        assert_eq!((line, column), (3, 5));
        let (line, column, d) = c.key("d").expect("d");
        assert_eq!((line, column, d.line, d.column), (3, 9, 3, 12));
    }

    #[test]
    fn a_block_stands_where_it_is_opened() {
        let text = "a: |\n\n  x |\nb:\n  - >-\n    y: z\n    more |\n  - |2\nc: x\n";
        let spot = places(text).spot;
        let (_, _, a) = spot.key("a").expect("a");
        assert_eq!((a.line, a.column), (1, 4));
        let (_, _, b) = spot.key("b").expect("b");
        let second = b.item(1).expect("an item");
        let first = b.item(0).expect("an item");
        assert_eq!((first.line, first.column), (5, 5));
        assert_eq!(second.line, 8);
    }

    #[test]
    fn what_nests_too_deep_is_told_from_what_does_not() {
        assert!(!places(&"[".repeat(100)).too_deep);
        assert!(places(&"[".repeat(1_000_000)).too_deep);
    }

    #[test]
    fn what_an_alias_or_a_merge_key_brings_in_stands_where_it_was_written() {
        let text = "a: &a {x: 1}\nb: &b\n  y: 2\nc: *a\nd:\n  <<: [*a, *b]\n  z: 3\ne: {<<: *b}\n";
        let spot = places(text).spot;
        let of = |name: &str, key: &str| {
            let (_, _, value) = spot.key(name).expect("a key");
            let (line, column, _) = value.key(key).expect("a key");
            (value.line, line, column)
        };
        assert_eq!(of("c", "x"), (4, 1, 8));
        assert_eq!(of("d", "x"), (6, 1, 8));
        assert_eq!(of("d", "y"), (6, 3, 3));
        assert_eq!(of("d", "z"), (6, 7, 3));
        assert_eq!(of("e", "y"), (8, 3, 3));
    }

    #[test]
    fn a_key_that_is_a_map_and_a_second_document_are_noticed() {
        assert_eq!(places("a: {b: {{ c }}}\n").complex_key, Some((1, 9)));
        assert_eq!(places("a: 1\n---\nb: 1\n").second, Some((2, 1)));
        assert_eq!(places("---\na: 1\n...\n").second, None);
    }
}
