//! `cfg(…)`: what a manifest may ask of the target, in the words of Rust's own attribute.

use std::ops::Range;

use treenail_core::nearest::nearest;

use crate::model::Condition;
use crate::source::{Located, Origin};

/// What rustc says about every target. Other names are custom: they hold where `RUSTFLAGS` sets them.
const NAMES: &[&str] = &[
    "debug_assertions",
    "false",
    "feature",
    "panic",
    "target_abi",
    "target_arch",
    "target_endian",
    "target_env",
    "target_family",
    "target_feature",
    "target_has_atomic",
    "target_os",
    "target_pointer_width",
    "target_vendor",
    "true",
    "unix",
    "windows",
];

/// What a composition cannot know: one and the same is used by all of them.
const UNKNOWABLE: &[&str] = &["test", "doctest", "doc", "proc_macro"];

/// More nesting than any real predicate has.
const DEPTH: usize = 32;

/// A predicate, before its place is known.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Predicate {
    Flag(String),
    Property(String, String),
    All(Vec<Predicate>),
    Any(Vec<Predicate>),
    Not(Box<Predicate>),
}

/// What is wrong, and which part of the text.
pub(super) type Refusal = (Range<usize>, String);

impl Predicate {
    /// The same as a condition. `feature = "x"` is a feature of the package.
    pub(super) fn place(self, at: Origin) -> Condition {
        let located = |value| Located { value, origin: at };
        let all = |parts: Vec<Self>| parts.into_iter().map(|part| part.place(at)).collect();
        match self {
            Self::Flag(name) => Condition::Flag(located(name)),
            Self::Property(name, value) if name == "feature" => Condition::Feature(located(value)),
            Self::Property(name, value) => Condition::Property(name, located(value)),
            Self::All(parts) => Condition::All(all(parts)),
            Self::Any(parts) => Condition::Any(all(parts)),
            Self::Not(part) => Condition::Not(Box::new(part.place(at))),
        }
    }
}

/// Parses `cfg(…)`.
pub(super) fn parse(text: &str) -> Result<Predicate, Refusal> {
    let mut parser = Parser { text, at: 0 };
    if parser.word() != Some("cfg") {
        return Err((0..text.len(), "expected `cfg(…)`".to_owned()));
    }
    parser.expect('(')?;
    let predicate = parser.predicate(0)?;
    parser.eat(',');
    parser.expect(')')?;
    if parser.peek().is_some() {
        return Err((
            parser.at..text.len(),
            "this does not belong here".to_owned(),
        ));
    }
    Ok(predicate)
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn expect(&mut self, wanted: char) -> Result<(), Refusal> {
        if self.eat(wanted) {
            return Ok(());
        }
        let end = self.text[self.at..]
            .chars()
            .next()
            .map_or(0, char::len_utf8);
        Err((self.at..self.at + end, format!("expected `{wanted}` here")))
    }

    fn word(&mut self) -> Option<&'t str> {
        self.peek();
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let word = &rest[..end.unwrap_or(rest.len())];
        self.at += word.len();
        (!word.is_empty()).then_some(word)
    }

    fn predicate(&mut self, depth: usize) -> Result<Predicate, Refusal> {
        self.peek();
        let start = self.at;
        if depth > DEPTH {
            return Err((start..start, "too many levels".to_owned()));
        }
        let Some(word) = self.word() else {
            let end = self.text[self.at..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
            return Err((
                start..start + end,
                "expected a name, `all`, `any` or `not`".to_owned(),
            ));
        };
        let refused = |words: String| Err((start..start + word.len(), words));
        if UNKNOWABLE.contains(&word) {
            return refused(format!(
                "`{word}` is not known when an application is composed"
            ));
        }
        if let Some(meant) = nearest(word, NAMES.iter().copied())
            && !NAMES.contains(&word)
            && !matches!(word, "all" | "any" | "not")
        {
            return refused(format!("did you mean `{meant}`?"));
        }
        if self.eat('=') {
            return Ok(Predicate::Property(word.to_owned(), self.string()?));
        }
        if self.peek() != Some('(') {
            return Ok(Predicate::Flag(word.to_owned()));
        }
        if !matches!(word, "all" | "any" | "not") {
            return Err((
                start..start + word.len(),
                "only `all`, `any` and `not` take a list".to_owned(),
            ));
        }
        self.expect('(')?;
        let mut parts = Vec::new();
        while self.peek() != Some(')') {
            parts.push(self.predicate(depth + 1)?);
            if !self.eat(',') {
                break;
            }
        }
        self.expect(')')?;
        match word {
            "all" => Ok(Predicate::All(parts)),
            "any" => Ok(Predicate::Any(parts)),
            _ if parts.len() == 1 => Ok(Predicate::Not(Box::new(parts.remove(0)))),
            _ => Err((start..self.at, "`not` takes one predicate".to_owned())),
        }
    }

    fn string(&mut self) -> Result<String, Refusal> {
        self.expect('"')?;
        let rest = &self.text[self.at..];
        match rest.find('"') {
            Some(end) if !rest[..end].contains(['\\', '\n']) => {
                self.at += end + 1;
                Ok(rest[..end].to_owned())
            }
            _ => Err((
                self.at - 1..self.text.len(),
                "expected a plain string".to_owned(),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Predicate, parse};

    #[test]
    fn a_predicate_reads_as_in_rust() {
        let flag = |name: &str| Predicate::Flag(name.to_owned());
        let linux = Predicate::Property("target_os".to_owned(), "linux".to_owned());
        assert_eq!(parse("cfg(unix)"), Ok(flag("unix")));
        assert_eq!(
            parse(" cfg( all(unix, not(target_os = \"linux\"),) )"),
            Ok(Predicate::All(vec![
                flag("unix"),
                Predicate::Not(Box::new(linux))
            ]))
        );
        assert_eq!(parse("cfg(any())"), Ok(Predicate::Any(Vec::new())));
    }

    #[test]
    fn what_is_none_is_refused_where_it_goes_wrong() {
        let at = |text: &str| parse(text).map(|_| ()).map_err(|(range, _)| range);
        assert_eq!(at("unix"), Err(0..4));
        assert_eq!(at("cfg(unix"), Err(8..8));
        assert_eq!(at("cfg(ünix)"), Err(4..6));
        assert_eq!(at("cfg(not(unix, windows))"), Err(4..22));
        assert_eq!(at("cfg(some(unix))"), Err(4..8));
        assert_eq!(at("cfg(target_os = linux)"), Err(16..17));
        assert_eq!(at("cfg(unix) or"), Err(10..12));
        assert!(parse(&format!("cfg({}", "not(".repeat(10_000))).is_err());
    }
}
