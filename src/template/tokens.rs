//! The signs, names and texts inside the tags of a template, divided as the engine divides them. What the engine would
//! divide otherwise is no template to either of them: its parser reads what comes of this one.

#![cfg_attr(
    not(feature = "templates"),
    allow(dead_code, reason = "only the engine asks where a token stands")
)]

/// Whether a text has to be rendered at all.
pub(crate) fn has_syntax(text: &str) -> bool {
    ["{{", "{%", "{#"].iter().any(|mark| text.contains(mark))
}

/// A token, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind,
    pub(super) text: &'t str,
    pub(super) start: usize,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum TokenKind {
    /// `{{`, with what says how white space before it is treated.
    ValueStart,
    /// `{%`, with what says how white space before it is treated.
    BlockStart,
    /// The end of either.
    TagEnd,
    Name,
    Number,
    Quoted,
    /// An operator, a bracket, a comma.
    Sign,
    /// Of the template.
    End,
    /// What is no token, and the end of what can be read.
    Broken,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// All tokens, with [`TokenKind::End`] or [`TokenKind::Broken`] as the last.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer {
        source,
        at: 0,
        open: 0,
        found: Vec::new(),
    };
    let kind = lexer.all().map_or(TokenKind::Broken, |()| TokenKind::End);
    lexer.push(kind, 0);
    lexer.found
}

struct Lexer<'t> {
    source: &'t str,
    at: usize,
    /// Brackets that are open. The engine does not count them anew for each tag.
    open: i64,
    found: Vec<Token<'t>>,
}

impl<'t> Lexer<'t> {
    fn all(&mut self) -> Option<()> {
        while let Some(start) = self.next_tag() {
            let source = self.source;
            let spaces = usize::from(source[start + 2..].starts_with(['-', '+']));
            let inside = start + 2 + spaces;
            match &source[start..start + 2] {
                "{#" => self.at = inside + source[inside..].find("#}")? + 2,
                "{{" => self.tag(TokenKind::ValueStart, start, inside, "}}")?,
                _ => match after_keyword(&source[inside..], "raw", false) {
                    Some(end) => {
                        self.at = inside + end;
                        self.raw()?;
                    }
                    None => self.tag(TokenKind::BlockStart, start, inside, "%}")?,
                },
            }
        }
        Some(())
    }

    fn rest(&self) -> &'t str {
        &self.source[self.at..]
    }

    fn next_tag(&self) -> Option<usize> {
        let mut at = self.at;
        loop {
            at += self.source[at..].find('{')?;
            if self.source[at + 1..].starts_with(['{', '%', '#']) {
                return Some(at);
            }
            at += 1;
        }
    }

    /// What stands between `raw` and `endraw`, where no tag is one.
    fn raw(&mut self) -> Option<()> {
        loop {
            self.at += self.rest().find("{%")? + 2;
            if let Some(end) = after_keyword(self.rest(), "endraw", true) {
                self.at += end;
                return Some(());
            }
        }
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        let text = &self.source[self.at..self.at + length];
        let start = self.at;
        self.found.push(Token { kind, text, start });
        self.at += length;
    }

    fn tag(&mut self, kind: TokenKind, start: usize, inside: usize, end: &str) -> Option<()> {
        self.at = start;
        self.push(kind, inside - start);
        loop {
            self.at += self
                .rest()
                .find(|c: char| !c.is_ascii_whitespace())
                .unwrap_or(self.rest().len());
            let rest = self.rest();
            let first = rest.chars().next()?;
            let spaces = usize::from(matches!(first, '-' | '+'));
            if self.open == 0 && rest[spaces..].starts_with(end) {
                self.push(TokenKind::TagEnd, spaces + end.len());
                return Some(());
            }
            let two = ["//", "**", "==", "!=", ">=", "<="];
            let (kind, length) = match first {
                _ if two.iter().any(|two| rest.starts_with(two)) => (TokenKind::Sign, 2),
                '(' | '[' | '{' => {
                    self.open += 1;
                    (TokenKind::Sign, 1)
                }
                ')' | ']' | '}' => {
                    self.open -= 1;
                    (TokenKind::Sign, 1)
                }
                '+' | '-' | '*' | '/' | '%' | '.' | ',' | ':' | '~' | '|' | '=' | '>' | '<' => {
                    (TokenKind::Sign, 1)
                }
                '\'' | '"' => (TokenKind::Quoted, quoted(rest, first)?),
                _ if first.is_ascii_digit() => {
                    let after_dot = self.source[..self.at].ends_with('.');
                    (TokenKind::Number, number(rest.as_bytes(), after_dot))
                }
                _ if is_name_start(first) => {
                    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                    (TokenKind::Name, end.unwrap_or(rest.len()))
                }
                _ => return None,
            };
            self.push(kind, length);
        }
    }
}

fn is_name_start(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_'
}

/// The length of a tag's rest, where it is this keyword alone.
fn after_keyword(rest: &str, keyword: &str, spaces_before: bool) -> Option<usize> {
    let is_space = |c: char| c.is_ascii_whitespace();
    let mut at = rest;
    if spaces_before {
        at = at.strip_prefix(['-', '+']).unwrap_or(at);
    }
    at = at.trim_start_matches(is_space).strip_prefix(keyword)?;
    at = at.trim_start_matches(is_space);
    at = at.strip_prefix(['-', '+']).unwrap_or(at);
    Some(rest.len() - at.strip_prefix("%}")?.len())
}

fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The length of a number. One right after a dot is an index, and has no fraction.
fn number(rest: &[u8], after_dot: bool) -> usize {
    let radix =
        rest.first() == Some(&b'0') && rest.get(1).is_some_and(|letter| b"bBoOxX".contains(letter));
    let hexadecimal = radix && matches!(rest[1], b'x' | b'X');
    let mut at = if radix { 2 } else { 0 };
    let (mut fraction, mut exponent, mut sign) = (after_dot, false, false);
    while let Some(letter) = rest.get(at) {
        match letter {
            b'0'..=b'9' | b'_' => sign = sign || (exponent && *letter != b'_'),
            b'a'..=b'f' | b'A'..=b'F' if hexadecimal => {}
            b'.' if !radix && !fraction && !exponent && ends_in_fraction(&rest[at + 1..]) => {
                fraction = true;
            }
            b'e' | b'E' if !radix && !exponent => exponent = true,
            b'+' | b'-' if exponent && !sign => sign = true,
            _ => break,
        }
        at += 1;
    }
    at
}

/// Whether a dot in a number starts its fraction, rather than the name of an attribute.
fn ends_in_fraction(rest: &[u8]) -> bool {
    match rest.first() {
        Some(b'e' | b'E') => rest
            .get(1)
            .is_some_and(|next| matches!(next, b'+' | b'-' | b'0'..=b'9')),
        Some(letter) => !letter.is_ascii_alphabetic() && *letter != b'_' && letter.is_ascii(),
        None => true,
    }
}
