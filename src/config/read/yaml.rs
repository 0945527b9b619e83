//! YAML text as a tree: one pass over the events of a parser that knows their places.
//!
//! An alias stands where it is used; what is inside it, and what a merge key brings in, stands where it was written.
//! What a scalar means, and what is said of a text that is no YAML, is left to `serde_yaml`.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use serde::de::IgnoredAny;
use serde_json::Value as Json;
use serde_yaml::Number;

use super::node::{Kind, Node, Pair};
use crate::config::problem::place::Origin;

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
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        text,
        lines: Vec::new(),
        layer,
        anchors: BTreeMap::new(),
        repeated: 0,
    };
    reader.refuse_control_characters()?;
    reader.document()
}

struct Reader<'t> {
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

impl<'t> Reader<'t> {
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
                let value = scalar(&text, style, tag.as_deref());
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
            let value = self.value(event, span, depth)?;
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

/// The value of a scalar: what is quoted is a text, unless its tag says otherwise.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Json, String> {
    let (fits, expected): (fn(&Json) -> bool, &str) = match tag.and_then(core_type) {
        None if style == ScalarStyle::Plain => return Ok(plain(text)),
        Some("null") => (Json::is_null, "null"),
        Some("bool") => (Json::is_boolean, "a boolean"),
        Some("int") => (|value| value.is_i64() || value.is_u64(), "an integer"),
        Some("float") => (Json::is_number, "a number"),
        _ => return Ok(text.into()),
    };
    let value = plain(text);
    if fits(&value) {
        Ok(value)
    } else {
        Err(format!("expected {expected}, as its tag says"))
    }
}

/// The name of a type of YAML itself, written as `!!int` or in full. Tags of applications mean nothing here.
fn core_type(tag: &Tag) -> Option<&str> {
    if tag.is_yaml_core_schema() {
        return Some(&tag.suffix);
    }
    let in_full = tag.handle.is_empty();
    in_full.then(|| tag.suffix.strip_prefix("tag:yaml.org,2002:"))?
}

/// What a scalar without quotes means.
fn plain(text: &str) -> Json {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Json::Null,
        "true" | "True" | "TRUE" => true.into(),
        "false" | "False" | "FALSE" => false.into(),
        _ => text.parse().map_or_else(|_| text.into(), json_number),
    }
}

/// A number; JSON has none for infinity, so that stays a text.
fn json_number(number: Number) -> Json {
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(value), _, _) => value.into(),
        (_, Some(value), _) => value.into(),
        (_, _, Some(value)) if value.is_finite() => value.into(),
        _ => number.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::node::{Kind, Node, Pair};
    use super::{YamlError, parse};

    fn tree(text: &str) -> Node {
        parse(text, 0).expect("YAML")
    }

    fn refused(text: &str) -> YamlError {
        parse(text, 0).expect_err("no YAML")
    }

    fn pair<'n>(node: &'n Node, key: &str) -> &'n Pair {
        node.pair(key).expect("a key")
    }

    fn item(node: &Node, number: usize) -> &Node {
        match &node.kind {
            Kind::List(items) => &items[number],
            other => panic!("{other:?} is no list"),
        }
    }

    fn key_at(pair: &Pair) -> (u32, u32) {
        (pair.key_origin.line, pair.key_origin.column)
    }

    fn at(node: &Node) -> (u32, u32) {
        (node.origin.line, node.origin.column)
    }

    #[test]
    fn keys_and_values_have_lines_and_columns() {
        let tree = tree("a:\n  - b: 1\n    c: {d: x}\n");
        let a = pair(&tree, "a");
        assert_eq!(key_at(a), (1, 1));
        let c = pair(item(&a.value, 0), "c");
        assert_eq!(key_at(c), (3, 5));
        let d = pair(&c.value, "d");
        assert_eq!((key_at(d), at(&d.value)), ((3, 9), (3, 12)));
    }

    #[test]
    fn a_block_stands_at_its_head_whatever_its_content_looks_like() {
        let tree = tree("a: |\n\n  x |\nb:\n  - >-\n    y: z\n    more |\n  - |2\nc: x\n");
        assert_eq!(at(&pair(&tree, "a").value), (1, 4));
        let b = &pair(&tree, "b").value;
        assert_eq!(at(item(b, 0)), (5, 5));
        assert_eq!(at(item(b, 1)).0, 8);
    }

    #[test]
    fn what_nests_too_deep_is_told_from_what_does_not() {
        let too_deep = |text: &str| refused(text).message.contains("too deep");
        assert!(!too_deep(&"[".repeat(100)));
        assert!(too_deep(&"[".repeat(1_000_000)));
    }

    #[test]
    fn what_an_alias_or_a_merge_key_brings_in_stands_where_it_was_written() {
        let tree =
            tree("a: &a {x: 1}\nb: &b\n  y: 2\nc: *a\nd:\n  <<: [*a, *b]\n  z: 3\ne: {<<: *b}\n");
        let of = |name: &str, key: &str| {
            let value = &pair(&tree, name).value;
            (value.origin.line, key_at(pair(value, key)))
        };
        assert_eq!(of("c", "x"), (4, (1, 8)));
        assert_eq!(of("d", "x"), (6, (1, 8)));
        assert_eq!(of("d", "y"), (6, (3, 3)));
        assert_eq!(of("d", "z"), (6, (7, 3)));
        assert_eq!(of("e", "y"), (8, (3, 3)));
    }

    #[test]
    fn what_a_map_says_itself_wins_over_what_is_merged_in_and_the_first_map_over_the_second() {
        let tree = tree("a: &a {x: 1, y: 1}\nb: {<<: [{y: 2}, *a], z: 3}\nc: {x: 0, <<: *a}\n");
        let value = |map: &str, key: &str| pair(&pair(&tree, map).value, key).value.kind.clone();
        for (map, key, expected) in [("b", "x", 1), ("b", "y", 2), ("b", "z", 3), ("c", "x", 0)] {
            let kind = value(map, key);
            assert!(
                matches!(&kind, Kind::Scalar(value) if *value == json!(expected)),
                "{map}.{key}: {kind:?}"
            );
        }
    }

    #[test]
    fn a_scalar_is_what_serde_yaml_takes_it_for() {
        for text in [
            "1",
            "-1",
            "+1",
            "0x1F",
            "0o17",
            "0b11",
            "017",
            "1e3",
            "1.5",
            ".5",
            "5.",
            "1_000",
            ".inf",
            "-.inf",
            "inf",
            "true",
            "TRUE",
            "tRUE",
            "yes",
            "null",
            "~",
            "none",
            "'1'",
            "\"true\"",
            "''",
            "12:30",
            "0.0",
            "-0",
            "00.5",
            "1e400",
            "!!str 5",
            "!x 5",
            "!<tag:yaml.org,2002:str> 7",
            "!!int '5'",
            "18446744073709551615",
        ] {
            let ours = tree(&format!("[{text}]"));
            let Kind::Scalar(value) = &item(&ours, 0).kind else {
                panic!("{text} is no scalar");
            };
            let theirs: Vec<serde_yaml::Value> =
                serde_yaml::from_str(&format!("[{text}]")).expect(text);
            let theirs = match &theirs[0] {
                serde_yaml::Value::Tagged(tagged) => tagged.value.clone(),
                value => value.clone(),
            };
            // JSON has no infinity.
            let theirs = match serde_json::to_value(&theirs).expect(text) {
                serde_json::Value::Null if !theirs.is_null() => json!(text),
                value => value,
            };
            assert_eq!(*value, theirs, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_text_is_told_at_its_place() {
        for (text, line, column) in [
            ("a: {b: {{ c }}}\n", 1, 9),
            ("a: 1\n---\nb: 1\n", 2, 1),
            ("a: 1\nb: 2\na: 3\n", 3, 1),
            ("a: *b\n", 1, 4),
            ("a: &a [*a]\n", 1, 8),
            ("a: {<<: 5}\n", 1, 9),
            ("a: !!int x\n", 1, 4),
            ("a: \"\u{7}\"\n", 1, 5),
        ] {
            let error = refused(text);
            let place = (error.origin.line, error.origin.column);
            assert_eq!(place, (line, column), "{text:?}: {}", error.message);
        }
        assert_eq!(tree("---\na: 1\n...\n").pairs().map(<[Pair]>::len), Some(1));
    }
}
