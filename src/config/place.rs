//! Lines and columns: a position-aware pass over a YAML text. Below an alias a value has the place of the alias.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

/// The place of a value and of what is below it.
#[derive(Debug, Default)]
pub(super) struct Spot {
    pub(super) line: u32,
    pub(super) column: u32,
    /// Every value below belongs to this source too, though it has no place of its own.
    pub(super) whole: bool,
    pub(super) below: Below,
}

#[derive(Debug, Default)]
pub(super) enum Below {
    #[default]
    Nothing,
    /// Keys with their own line and column.
    Keys(BTreeMap<String, (u32, u32, Spot)>),
    Items(Vec<Spot>),
}

impl Spot {
    /// The place of the key and the value of `name`.
    pub(super) fn key(&self, name: &str) -> Option<(u32, u32, &Spot)> {
        match &self.below {
            Below::Keys(keys) => keys
                .get(name)
                .map(|(line, column, spot)| (*line, *column, spot)),
            _ => None,
        }
    }

    /// The place of an item.
    pub(super) fn item(&self, number: usize) -> Option<&Spot> {
        match &self.below {
            Below::Items(items) => items.get(number),
            _ => None,
        }
    }
}

/// Maps and lists inside each other deeper than this are no configuration, and parsers take their time with them.
const DEPTH: usize = 128;

/// The places of everything in the first document of `text`; `None` where it nests too deep. Where this parser loses the
/// thread, the places end: that the text is wrong is for the other one to say.
pub(super) fn places(text: &str) -> Option<Spot> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        text,
        lines: Vec::new(),
        too_deep: false,
    };
    let spot = reader.document();
    (!reader.too_deep).then(|| spot.unwrap_or_default())
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    /// The lines of the text, once a block has asked for them.
    lines: Vec<&'t str>,
    too_deep: bool,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<(Event<'t>, Span)> {
        match self.parser.next_event()? {
            Ok(next) => Some(next),
            Err(error) => {
                // The scanner counts brackets before any event of theirs comes out.
                self.too_deep |= error.info().contains("recursion limit");
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

    fn value(&mut self, event: &Event<'_>, span: &Span, depth: usize) -> Option<Spot> {
        let (line, column) = match event {
            Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..) => self.head(span),
            _ => position(span),
        };
        let Some(inside) = depth.checked_sub(1) else {
            self.too_deep = true;
            return None;
        };
        let below = match event {
            Event::MappingStart(..) => Below::Keys(self.keys(inside)?),
            Event::SequenceStart(..) => Below::Items(self.items(inside)?),
            _ => Below::Nothing,
        };
        Some(Spot {
            line,
            column,
            whole: true,
            below,
        })
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
                _ => {
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
        let spot = places("a:\n  - b: 1\n    c: {d: x}\n").expect("shallow");
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
        let spot = places(text).expect("shallow");
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
        assert!(places(&"[".repeat(100)).is_some());
        assert!(places(&"[".repeat(1_000_000)).is_none());
    }
}
