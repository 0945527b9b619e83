//! YAML text as a tree: one pass over the events of a parser that knows their places.
//!
//! An alias stands where it is used; what is inside it, and what a merge key brings in, stands where it was written.
//! What is said of a text that is no YAML is left to `serde_yaml`, whose words name what was being read.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};
use serde::de::IgnoredAny;
use serde_json::Value as Json;

use super::node::{Kind, Node, Pair};
use super::scalar;
use crate::config::problem::Origin;

#[cfg(test)]
mod tests;

/// Why a text is no YAML file, and where.
#[derive(Debug)]
pub(super) struct YamlError {
    /// Without a line for the text as a whole.
    pub(super) origin: Origin,
    pub(super) message: String,
}

/// Maps and lists inside each other deeper than this are no configuration, and parsers take their time with them.
const DEPTH: usize = 128;

/// So many values may come out of aliases: a short text can name itself into billions of them.
const REPEATED: usize = 500_000;

/// The key whose value is merged into the map that it stands in.
const MERGE: &str = "<<";

/// Reads the only document of `text`, which is the text of this layer.
pub(super) fn parse(text: &str, layer: usize) -> Result<Node, YamlError> {
    let mut builder = TreeBuilder {
        parser: Parser::new_from_str(text),
        text,
        lines: Vec::new(),
        layer,
        anchors: BTreeMap::new(),
        repeated: 0,
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
    /// How many values have come out of aliases.
    repeated: usize,
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
                    let node = self.value(event, span, DEPTH)?;
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
        // The scanner counts brackets before any event of theirs comes out.
        if cause.info().contains("recursion limit") {
            return self.too_deep();
        }
        let refused = serde_yaml::from_str::<IgnoredAny>(self.text).err();
        let location = refused.as_ref().and_then(serde_yaml::Error::location);
        let origin = match location {
            Some(location) => self.origin(location.line(), location.column()),
            None => self.origin(cause.marker().line(), cause.marker().col() + 1),
        };
        let message = refused.map_or_else(|| cause.info().to_owned(), |error| error.to_string());
        YamlError { origin, message }
    }

    fn too_deep(&self) -> YamlError {
        error(
            Origin::of_layer(self.layer),
            "maps and lists are nested too deep",
        )
    }

    /// The value that begins with this event; `depth` is how deep it may still nest.
    fn value(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Node, YamlError> {
        let origin = match &event {
            Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..) => {
                self.block_head(span)
            }
            _ => self.start(span),
        };
        let Some(inside) = depth.checked_sub(1) else {
            return Err(self.too_deep());
        };
        let (kind, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar::read(&text, style, tag.as_deref());
                let value = value.map_err(|message| YamlError { origin, message })?;
                (Kind::Scalar(value), anchor)
            }
            Event::SequenceStart(anchor, _) => (Kind::List(self.items(inside)?), anchor),
            Event::MappingStart(anchor, _) => (Kind::Map(self.pairs(inside)?), anchor),
            Event::Alias(anchor) => {
                let kind = self.anchored(anchor, origin)?.kind.clone();
                return Ok(Node::new(origin, kind));
            }
            _ => return Err(error(origin, "a value is missing")),
        };
        let node = Node::new(origin, kind);
        // No anchor has the number 0.
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    /// What an alias stands for.
    fn anchored(&mut self, anchor: usize, origin: Origin) -> Result<&Node, YamlError> {
        let Some(node) = self.anchors.get(&anchor) else {
            return Err(error(origin, "an alias stands inside of what it names"));
        };
        self.repeated += node.count();
        if self.repeated > REPEATED {
            return Err(error(
                origin,
                "its anchors repeat each other too often (repetition limit exceeded)",
            ));
        }
        Ok(node)
    }

    fn items(&mut self, depth: usize) -> Result<Vec<Node>, YamlError> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(items),
                (event, span) => items.push(self.value(event, span, depth)?),
            }
        }
    }

    fn pairs(&mut self, depth: usize) -> Result<Vec<Pair>, YamlError> {
        let mut pairs = Vec::new();
        let mut merged = Vec::new();
        let mut keys = BTreeMap::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let key_node = self.value(event, span, depth)?;
            let key_origin = key_node.origin;
            let key = key_text(&key_node)?;
            let (event, span) = self.next()?;
            let mut value = self.value(event, span, depth)?;
            // A map without braces begins with its first key; what is said of the map is not about that one.
            if let Kind::Map(inside) = &value.kind
                && inside
                    .first()
                    .is_some_and(|first| first.key_origin == value.origin)
            {
                value.origin = key_origin;
            }
            if let Some(first) = keys.insert(key.clone(), key_origin) {
                let (line, column) = (first.line, first.column);
                let message = format!("duplicate key `{key}`: the first is at {line}:{column}");
                return Err(error(key_origin, message));
            }
            if key == MERGE {
                merged = brought_in(value)?;
            } else {
                pairs.push(Pair {
                    key,
                    key_origin,
                    value,
                });
            }
        }
        // What is written in the map itself wins, and then the first that has a key.
        for pair in merged {
            if let Entry::Vacant(free) = keys.entry(pair.key.clone()) {
                free.insert(pair.key_origin);
                pairs.push(pair);
            }
        }
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

fn error(origin: Origin, message: impl Into<String>) -> YamlError {
    YamlError {
        origin,
        message: message.into(),
    }
}

/// What a merge key brings in: the pairs of one map, or those of several, where the first that has a key wins.
fn brought_in(value: Node) -> Result<Vec<Pair>, YamlError> {
    let maps = match value.kind {
        Kind::Map(pairs) => return Ok(pairs),
        Kind::List(maps) => maps,
        Kind::Scalar(_) => {
            return Err(error(
                value.origin,
                "expected a map or a list of maps for merging",
            ));
        }
    };
    let mut pairs = Vec::new();
    for map in maps {
        match map.kind {
            Kind::Map(more) => pairs.extend(more),
            _ => return Err(error(map.origin, "expected a map for merging")),
        }
    }
    Ok(pairs)
}

/// Keys that are not text become text, as everywhere in JSON.
fn key_text(key: &Node) -> Result<String, YamlError> {
    match &key.kind {
        Kind::Scalar(Json::String(text)) => Ok(text.clone()),
        Kind::Scalar(value) => Ok(value.to_string()),
        _ => Err(error(
            key.origin,
            "a key of a map is itself a map or a list; a template needs quotes around its `{{ }}`",
        )),
    }
}
