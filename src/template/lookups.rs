//! Templates that show results of steps and nothing else, as most do: they are answered without the engine. What is not
//! simply there, or is no text, number or boolean, is left to the engine, which has the words and the limits for it.

use std::fmt::Write as _;

use minijinja::value::{Serde, Value};
use serde_json::Value as Json;

use super::bounds;
use super::functions::DEFAULT_KEY;
use super::renderer::RenderedValue;
use super::scope::TemplateScope;
use super::tokens::{Token, TokenKind, tokens};

/// A template of texts and results.
pub(super) struct Lookups(Vec<Piece>);

enum Piece {
    Text(String),
    Result(Lookup),
}

/// `get_pipe_result('id', 'key')`, and where in that value what is shown is.
struct Lookup {
    id: String,
    key: String,
    path: Vec<Position>,
}

/// `['name']` or `.name`, or `[0]`.
enum Position {
    Name(String),
    Index(usize),
}

impl Lookups {
    /// Reads a template that the engine has taken; `None`, where anything else is in it.
    pub(super) fn read(source: &str) -> Option<Self> {
        // The engine drops one newline at the end.
        let body = source.strip_suffix('\n').unwrap_or(source);
        let is_more = ["{%", "{#"].iter().any(|mark| body.contains(mark));
        if is_more || body.ends_with(['\n', '\r']) {
            return None;
        }
        let tokens = tokens(body);
        let mut reader = LookupReader {
            tokens: tokens.iter(),
        };
        let mut pieces = Vec::new();
        let mut read = 0;
        loop {
            let token = reader.tokens.next()?;
            let end = match token.kind {
                TokenKind::ValueStart if token.text == "{{" => token.start,
                TokenKind::End => body.len(),
                _ => return None,
            };
            if read < end {
                pieces.push(Piece::Text(body[read..end].to_owned()));
            }
            if token.kind == TokenKind::End {
                return Some(Self(pieces));
            }
            let (lookup, end) = reader.lookup()?;
            pieces.push(Piece::Result(lookup));
            read = end;
        }
    }

    /// What the engine would give; `None`, where it has to be asked.
    pub(super) fn render(&self, scope: &TemplateScope) -> Option<RenderedValue> {
        if let [Piece::Result(lookup)] = &*self.0 {
            return lookup.value(scope).map(RenderedValue::Native);
        }
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Result(lookup) => write!(text, "{}", lookup.value(scope)?).ok()?,
            }
            if text.len() > bounds::SOURCE {
                return None;
            }
        }
        Some(RenderedValue::Text(text))
    }
}

impl Lookup {
    fn value(&self, scope: &TemplateScope) -> Option<Value> {
        let result = scope.results.get(&self.id)?;
        let whole = result.data.get(&self.key)?;
        let value = self
            .path
            .iter()
            .try_fold(whole, |at, position| match position {
                Position::Name(name) => at.get(name),
                Position::Index(index) => at.get(index),
            })?;
        match value {
            Json::String(text) if text.len() > bounds::SOURCE => None,
            Json::String(_) | Json::Number(_) | Json::Bool(_) => Some(Value::from(Serde(value))),
            Json::Null | Json::Array(_) | Json::Object(_) => None,
        }
    }
}

struct LookupReader<'r, 't> {
    tokens: std::slice::Iter<'r, Token<'t>>,
}

impl LookupReader<'_, '_> {
    /// A lookup with the end of its tag, and where that is.
    fn lookup(&mut self) -> Option<(Lookup, usize)> {
        self.token(TokenKind::Name, "get_pipe_result")?;
        self.token(TokenKind::Sign, "(")?;
        let id = quoted(self.tokens.next()?)?;
        let key = match self.tokens.next()?.text {
            "," => {
                let key = quoted(self.tokens.next()?)?;
                self.token(TokenKind::Sign, ")")?;
                key
            }
            ")" => DEFAULT_KEY.to_owned(),
            _ => return None,
        };
        let mut path = Vec::new();
        loop {
            let token = self.tokens.next()?;
            match (token.kind, token.text) {
                (TokenKind::TagEnd, "}}") => return Some((Lookup { id, key, path }, token.end())),
                (TokenKind::Sign, "[") => {
                    path.push(position(self.tokens.next()?)?);
                    self.token(TokenKind::Sign, "]")?;
                }
                (TokenKind::Sign, ".") => {
                    let name = self
                        .tokens
                        .next()
                        .filter(|next| next.kind == TokenKind::Name)?;
                    path.push(Position::Name(name.text.to_owned()));
                }
                _ => return None,
            }
        }
    }

    fn token(&mut self, kind: TokenKind, text: &str) -> Option<()> {
        let token = self.tokens.next()?;
        (token.kind == kind && token.text == text).then_some(())
    }
}

/// What stands in brackets.
fn position(token: &Token<'_>) -> Option<Position> {
    if token.kind == TokenKind::Number {
        let is_plain = token.text == "0" || !token.text.starts_with('0');
        let index = token.text.parse().ok().filter(|_| is_plain)?;
        return Some(Position::Index(index));
    }
    quoted(token).map(Position::Name)
}

/// A text without escapes.
fn quoted(token: &Token<'_>) -> Option<String> {
    let is_plain = token.kind == TokenKind::Quoted && !token.text.contains('\\');
    let inside = token.text.get(1..token.text.len().checked_sub(1)?)?;
    is_plain.then(|| inside.to_owned())
}
