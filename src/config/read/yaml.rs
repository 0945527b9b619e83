//! YAML text as a tree: one pass over the events of a parser that knows their places.
//!
//! An alias stands where it is used; what is inside it, and what a merge key brings in, stands where it was written. What
//! is brought in is counted, because a short text can name itself into billions of values.
//! What is said of a text that is no YAML is left to `serde_yaml`, whose words name what was being read.

mod error;
mod open;
#[cfg(test)]
mod tests;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};
use serde::de::IgnoredAny;

use super::node::{DEPTH, Kind, Measure, Node, Pair, WEIGHT};
use super::scalar;
use crate::config::problem::{Origin, ProblemKind};
pub(super) use error::YamlError;
use error::{error, no_value, too_deep};
use open::{Inside, Open, OpenMap};

/// Aliases and merge keys may bring in so many times what the text itself has, besides what any text may.
const TIMES: u64 = 8;

/// What a key counts for that a merge key names and the map has.
const KNOWN: Measure = Measure {
    weight: WEIGHT,
    depth: 0,
};

/// Reads the only document of `text`, which is the text of this layer. Its aliases and merge keys may bring in `brought_in`
/// bytes, and more where the text is long.
pub(super) fn parse(text: &str, layer: usize, brought_in: u64) -> Result<Node, YamlError> {
    let mut builder = TreeBuilder {
        parser: Parser::new_from_str(text),
        text,
        lines: Vec::new(),
        layer,
        anchors: BTreeMap::new(),
        brought_in: 0,
        most: brought_in.saturating_add((text.len() as u64).saturating_mul(TIMES)),
    };
    builder.refuse_control_characters()?;
    builder.document()
}

struct TreeBuilder<'t> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    /// The lines of the text, once a block has asked for them.
    lines: Vec<&'t str>,
    layer: usize,
    /// What each anchor names, once it has been read.
    anchors: BTreeMap<usize, Node>,
    /// How much has come out of aliases and merge keys.
    brought_in: u64,
    /// How much may.
    most: u64,
}

impl<'t> TreeBuilder<'t> {
    /// The parser takes a NUL for the end of the text.
    fn refuse_control_characters(&self) -> Result<(), YamlError> {
        let control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}');
        for (number, line) in (1..).zip(self.text.lines()) {
            if let Some(at) = line.find(control) {
                let column = line[..at].chars().count();
                let origin = self.origin(number, column + 1);
                return Err(error(origin, "control characters are not allowed"));
            }
        }
        Ok(())
    }

    fn document(&mut self) -> Result<Node, YamlError> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
                Event::StreamEnd => return Ok(Node::empty(Origin::of_layer(self.layer))),
                event => {
                    let node = self.value((event, span))?;
                    self.refuse_second()?;
                    return Ok(node);
                }
            }
        }
    }

    fn refuse_second(&mut self) -> Result<(), YamlError> {
        loop {
            match self.next()? {
                (Event::DocumentStart(_), span) => {
                    return Err(error(
                        self.start(span),
                        "it holds more than one document; the second begins here",
                    ));
                }
                (Event::StreamEnd, _) => return Ok(()),
                _ => {}
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), YamlError> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(cause)) => Err(self.no_yaml(&cause)),
            None => Err(error(
                Origin::of_layer(self.layer),
                "it ends in the middle of a value",
            )),
        }
    }

    /// What is wrong with a text that the parser refuses.
    fn no_yaml(&self, cause: &ScanError) -> YamlError {
        let at = self.origin(cause.marker().line(), cause.marker().col() + 1);
        // The scanner counts brackets before any event of theirs comes out.
        if cause.info().contains("recursion limit") {
            return too_deep(at);
        }
        let refused = serde_yaml::from_str::<IgnoredAny>(self.text).err();
        let location = refused.as_ref().and_then(serde_yaml::Error::location);
        let origin = match location {
            Some(location) => self.origin(location.line(), location.column()),
            None => at,
        };
        let message = refused.map_or_else(|| cause.info().to_owned(), |error| error.to_string());
        error(origin, message)
    }

    /// The value that begins with this event. There is no recursion, so that its depth costs no stack.
    fn value(&mut self, first: (Event<'t>, Span)) -> Result<Node, YamlError> {
        let mut open: Vec<Open> = Vec::new();
        let mut next = first;
        loop {
            let (event, span) = next;
            if let Some(node) = self.ended(event, span, &mut open)? {
                match open.last_mut() {
                    Some(around) => around.take(node)?,
                    None => return Ok(node),
                }
            }
            next = self.next()?;
        }
    }

    /// The value that ends with this event, if one does.
    fn ended(
        &mut self,
        event: Event<'t>,
        span: Span,
        open: &mut Vec<Open>,
    ) -> Result<Option<Node>, YamlError> {
        let origin = match &event {
            Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..) => {
                self.block_head(span)
            }
            _ => self.start(span),
        };
        let is_end = matches!(event, Event::SequenceEnd | Event::MappingEnd);
        let depth = DEPTH - open.len();
        if depth == 0 && !is_end {
            return Err(too_deep(self.start(span)));
        }
        let merging = open.last().is_some_and(Open::is_merging);
        let (node, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar::read(&text, style, tag.as_deref());
                let value = value.map_err(|message| error(origin, message))?;
                (Node::new(origin, Kind::Scalar(value)), anchor)
            }
            Event::SequenceStart(anchor, _) => {
                let items = Vec::new();
                // What an anchor names can be brought in elsewhere.
                let merging = merging && anchor == 0;
                let inside = Inside::List { items, merging };
                open.push(Open::new(origin, anchor, inside));
                return Ok(None);
            }
            Event::MappingStart(anchor, _) => {
                let inside = Inside::Map(OpenMap::default());
                open.push(Open::new(origin, anchor, inside));
                return Ok(None);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let ended = open.pop().ok_or_else(|| no_value(origin))?;
                let kind = match ended.inside {
                    Inside::List { items, .. } => Kind::List(Arc::new(items)),
                    Inside::Map(map) => Kind::Map(Arc::new(self.pairs(map, depth)?)),
                };
                (Node::new(ended.origin, kind), ended.anchor)
            }
            Event::Alias(anchor) => {
                let node = self.anchored(anchor, origin)?;
                let node = Node::new(origin, node.kind.clone());
                if !merging {
                    self.bring_in(node.measure(), depth, origin)?;
                }
                return Ok(Some(node));
            }
            _ => return Err(no_value(origin)),
        };
        // No anchor has the number 0.
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(Some(node))
    }

    /// What an alias stands for.
    fn anchored(&self, anchor: usize, origin: Origin) -> Result<&Node, YamlError> {
        let node = self.anchors.get(&anchor);
        node.ok_or_else(|| error(origin, "an alias stands inside of what it names"))
    }

    /// Counts what an alias or a merge key brings in, where values may still nest so deep.
    fn bring_in(
        &mut self,
        measure: Measure,
        depth: usize,
        origin: Origin,
    ) -> Result<(), YamlError> {
        if measure.depth > depth {
            return Err(too_deep(origin));
        }
        self.brought_in = self.brought_in.saturating_add(measure.weight);
        if self.brought_in <= self.most {
            return Ok(());
        }
        let kind = ProblemKind::RepeatedTooOften { most: self.most };
        Err(YamlError::new(origin, kind))
    }

    /// The pairs of a map that has ended, with those that its merge key brings in; values may nest so deep in it.
    fn pairs(&mut self, map: OpenMap, depth: usize) -> Result<Vec<Pair>, YamlError> {
        let OpenMap {
            mut pairs,
            mut keys,
            merged,
            ..
        } = map;
        let Some((maps, origin)) = merged else {
            return Ok(pairs);
        };
        // What is written in the map itself wins, and then the first map that has a key.
        let mut seen = BTreeSet::new();
        for map in maps.iter().filter(|map| seen.insert(Arc::as_ptr(map))) {
            for pair in map.iter() {
                let mut measure = KNOWN;
                if let Entry::Vacant(free) = keys.entry(pair.key.clone()) {
                    free.insert(pair.key_origin);
                    pairs.push(pair.clone());
                    measure = pair.measure();
                }
                self.bring_in(measure, depth, origin)?;
            }
        }
        pairs.sort_by_key(|pair| pair.key_origin);
        Ok(pairs)
    }

    fn start(&self, span: Span) -> Origin {
        self.origin(span.start.line(), span.start.col() + 1)
    }

    fn origin(&self, line: usize, column: usize) -> Origin {
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Origin {
            layer: self.layer,
            line: number(line),
            column: number(column),
        }
    }

    /// The `|` or `>` of a block: its own place is the first line of its content, and content may be secret.
    fn block_head(&mut self, span: Span) -> Origin {
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
            let line = self.lines.get(*number);
            line.is_some_and(|line| !line.trim().is_empty())
        });
        // A block without content stands at its head.
        let head = above
            .and_then(|number| Some((number, column(number)?)))
            .or_else(|| Some((content, column(content)?)));
        match head {
            Some((number, column)) => self.origin(number + 1, column),
            None => Origin::of_layer(self.layer),
        }
    }
}
