//! Reads a template as the engine's parser does, without making anything of it: how deep it is nested, which filters and
//! tests it uses, and where the values that it computes with are. One function stands for one rule of the grammar; the
//! file is long because the rules refer to each other.
//!
//! The engine has no limit on most of what nests, and looks a filter up only when it gets there. And it cannot be asked to
//! watch its operators. So each operand gets a filter of ours, which no template has to write: `a ~ b[1:]` is compiled as
//! `a|__paid ~ (b|__counted)[1:]|__paid`. `bounds.rs` has what they do.

use super::bounds::{BRACKETS, COUNTED, HELD, KEPT, OPERATORS, PAID};
use super::tokens::{Token, TokenKind, tokens};

/// A template that parses.
pub(super) struct Syntax<'t> {
    /// The template with the filters of ours.
    pub(super) guarded: String,
    pub(super) names: Vec<NameUse<'t>>,
}

/// A name and what it is used as.
pub(super) struct NameUse<'t> {
    pub(super) kind: NameKind,
    pub(super) name: &'t str,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum NameKind {
    Filter,
    Test,
}

/// Why a text cannot be read.
#[derive(Debug, PartialEq)]
pub(super) enum SyntaxFault {
    /// It is no template: the engine has the words for it.
    Malformed,
    TooDeep,
}

/// Filters that look at no more of a list or map than that it is one, or at each of its parts as a whole.
const LOOK_AT_THE_TOP: [&str; 12] = [
    "attr", "batch", "count", "d", "default", "first", "items", "last", "length", "list",
    "reverse", "slice",
];

/// How high the tree of a part of the template is.
type Height = Result<usize, SyntaxFault>;

/// Reads a template.
pub(super) fn read(source: &str) -> Result<Syntax<'_>, SyntaxFault> {
    let mut parser = Parser {
        source,
        tokens: tokens(source),
        at: 0,
        brackets: 0,
        names: Vec::new(),
        inserted: Vec::new(),
        results: Vec::new(),
    };
    parser.body(&[])?;
    let mut inserted = parser.inserted;
    inserted.sort_by_key(|(place, _)| *place);
    let mut guarded = String::with_capacity(source.len() + inserted.len() * 8);
    let mut written = 0;
    for (place, text) in inserted {
        guarded.push_str(&source[written..place]);
        guarded.push_str(text);
        written = place;
    }
    guarded.push_str(&source[written..]);
    Ok(Syntax {
        guarded,
        names: parser.names,
    })
}

struct Parser<'t> {
    source: &'t str,
    tokens: Vec<Token<'t>>,
    at: usize,
    /// Blocks and brackets around the token that is next.
    brackets: usize,
    names: Vec<NameUse<'t>>,
    /// What is put into the template, and where.
    inserted: Vec<(usize, &'static str)>,
    /// Which of these filters stand behind what becomes the value of the expression that is being read.
    results: Vec<usize>,
}

/// The height of a part with a part of this height in it.
fn above(height: usize) -> Height {
    if height < OPERATORS {
        Ok(height + 1)
    } else {
        Err(SyntaxFault::TooDeep)
    }
}

impl<'t> Parser<'t> {
    fn token(&self) -> Token<'t> {
        self.tokens[self.at]
    }

    fn next(&mut self) -> Token<'t> {
        let token = self.token();
        if !matches!(token.kind, TokenKind::End | TokenKind::Broken) {
            self.at += 1;
        }
        token
    }

    /// Whether a name or a sign is next.
    fn is(&self, text: &str) -> bool {
        let token = self.token();
        matches!(token.kind, TokenKind::Name | TokenKind::Sign) && token.text == text
    }

    fn skip(&mut self, text: &str) -> bool {
        let there = self.is(text);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, text: &str) -> Result<(), SyntaxFault> {
        self.skip(text).then_some(()).ok_or(SyntaxFault::Malformed)
    }

    fn expect_kind(&mut self, kind: TokenKind) -> Result<Token<'t>, SyntaxFault> {
        let token = self.next();
        (token.kind == kind)
            .then_some(token)
            .ok_or(SyntaxFault::Malformed)
    }

    /// Where the token before the next one ends.
    fn end(&self) -> usize {
        self.tokens[self.at - 1].end()
    }

    fn nested(&mut self, inside: impl FnOnce(&mut Self) -> Height) -> Height {
        if self.brackets == BRACKETS {
            return Err(SyntaxFault::TooDeep);
        }
        self.brackets += 1;
        let height = inside(self)?;
        self.brackets -= 1;
        above(height)
    }

    /// Puts a filter behind what ends here, which is the value of all that was read since then.
    fn hold(&mut self, results: usize) {
        self.results.truncate(results);
        self.results.push(self.inserted.len());
        self.inserted.push((self.end(), HELD));
    }

    /// All that is in the values since then is going to be looked at.
    fn look_into(&mut self, results: usize) {
        for place in self.results.drain(results..) {
            self.inserted[place].1 = PAID;
        }
    }

    /// Puts brackets around what started there and ends here.
    fn bracket(&mut self, start: usize) {
        self.inserted.push((start, "("));
        self.inserted.push((self.end(), ")"));
    }

    // Statements.

    /// All until a block with one of these names, which is next then; until the end, if there are none.
    fn body(&mut self, ends: &[&str]) -> Height {
        let mut height = 0;
        loop {
            let one = match self.next().kind {
                TokenKind::ValueStart => {
                    let height = self.expression()?;
                    self.look_into(0);
                    height
                }
                TokenKind::BlockStart if ends.iter().any(|end| self.is(end)) => return Ok(height),
                TokenKind::BlockStart => self.nested(Self::statement)?,
                TokenKind::End if ends.is_empty() => return Ok(height),
                _ => return Err(SyntaxFault::Malformed),
            };
            self.tag_end()?;
            height = height.max(one);
        }
    }

    /// What was read is done with.
    fn tag_end(&mut self) -> Result<(), SyntaxFault> {
        self.results.clear();
        self.expect_kind(TokenKind::TagEnd).map(|_| ())
    }

    /// The rest of a block, and what is in it. Its last name is taken, and the end of its last tag is next.
    fn block(&mut self, end: &str) -> Height {
        self.tag_end()?;
        let height = self.body(&[end])?;
        self.next();
        Ok(height)
    }

    fn statement(&mut self) -> Height {
        match self.expect_kind(TokenKind::Name)?.text {
            "for" => self.for_loop(),
            "if" => self.condition(),
            "with" => self.with(),
            "set" => self.set(),
            "autoescape" => Ok(self.expression()?.max(self.block("endautoescape")?)),
            "filter" => Ok(self.filter_chain()?.max(self.block("endfilter")?)),
            "macro" => {
                self.expect_kind(TokenKind::Name)?;
                self.expect("(")?;
                Ok(self.parameters()?.max(self.block("endmacro")?))
            }
            "call" => {
                let parameters = if self.skip("(") {
                    self.parameters()?
                } else {
                    0
                };
                let call = self.call()?;
                Ok(parameters.max(call).max(self.block("endcall")?))
            }
            "do" => self.call(),
            _ => Err(SyntaxFault::Malformed),
        }
    }

    fn for_loop(&mut self) -> Height {
        self.target()?;
        self.expect("in")?;
        let mut height = self.or()?;
        if self.skip("if") {
            height = height.max(self.expression()?);
        }
        self.skip("recursive");
        self.tag_end()?;
        height = height.max(self.body(&["endfor", "else"])?);
        if self.next().text == "else" {
            height = height.max(self.block("endfor")?);
        }
        Ok(height)
    }

    fn condition(&mut self) -> Height {
        let mut height = 0;
        // The engine makes a condition inside the condition of each `elif`.
        let mut conditions = 0;
        loop {
            conditions = above(conditions)?;
            height = height.max(self.or()?);
            self.tag_end()?;
            height = height.max(self.body(&["endif", "else", "elif"])?);
            match self.next().text {
                "elif" => {}
                "else" => return Ok(height.max(self.block("endif")?).max(conditions)),
                _ => return Ok(height.max(conditions)),
            }
        }
    }

    fn with(&mut self) -> Height {
        let mut height = 0;
        while self.token().kind != TokenKind::TagEnd {
            if height > 0 {
                self.expect(",")?;
            }
            self.target()?;
            self.expect("=")?;
            height = height.max(self.expression()?).max(1);
        }
        Ok(height.max(self.block("endwith")?))
    }

    fn set(&mut self) -> Height {
        let dotted = self.target()?;
        if !self.skip("=") {
            let filters = if self.skip("|") {
                self.filter_chain()?
            } else {
                0
            };
            return Ok(filters.max(self.block("endset")?));
        }
        let start = self.token().start;
        let mut height = self.expression()?;
        while self.skip(",") && self.token().kind != TokenKind::TagEnd {
            height = height.max(self.expression()?);
        }
        if dotted {
            self.bracket(start);
            self.inserted.push((self.end(), KEPT));
        }
        above(height)
    }

    /// What is assigned to: names, alone or in brackets. Whether one of them is an attribute's.
    fn target(&mut self) -> Result<bool, SyntaxFault> {
        let mut dotted = false;
        loop {
            if self.is("in") || self.is(")") || self.token().kind == TokenKind::TagEnd {
                return Ok(dotted);
            }
            if self.skip("(") {
                self.nested(|parser| {
                    dotted |= parser.target()?;
                    parser.expect(")").map(|()| 0)
                })?;
            } else {
                self.expect_kind(TokenKind::Name)?;
                let mut height = 0;
                while self.skip(".") {
                    self.expect_kind(TokenKind::Name)?;
                    height = above(height)?;
                    dotted = true;
                }
            }
            if !self.skip(",") {
                return Ok(dotted);
            }
        }
    }

    fn parameters(&mut self) -> Height {
        let mut height = 0;
        while !self.skip(")") {
            self.expect_kind(TokenKind::Name)?;
            if self.skip("=") {
                height = height.max(self.expression()?);
            }
            if !self.is(")") {
                self.expect(",")?;
            }
        }
        Ok(height)
    }

    /// A call that stays one: nothing may be put behind it.
    fn call(&mut self) -> Height {
        let height = self.expression()?;
        let behind = (self.end(), HELD);
        if self.inserted.last() == Some(&behind) {
            self.inserted.pop();
            self.results.clear();
        }
        Ok(height)
    }

    fn filter_chain(&mut self) -> Height {
        let mut height = self.filter_call()?;
        while self.skip("|") {
            height = above(height.max(self.filter_call()?))?;
        }
        Ok(height)
    }

    // Expressions.

    fn expression(&mut self) -> Height {
        self.nested(Self::if_expression)
    }

    fn if_expression(&mut self) -> Height {
        let mut height = self.or()?;
        while self.skip("if") {
            height = height.max(self.or()?);
            if self.skip("else") {
                height = height.max(self.nested(Self::if_expression)?);
            }
            height = above(height)?;
        }
        Ok(height)
    }

    fn chain(&mut self, signs: &[&str], operand: fn(&mut Self) -> Height) -> Height {
        let mut height = operand(self)?;
        while signs.iter().any(|sign| self.skip(sign)) {
            height = above(height.max(operand(self)?))?;
        }
        Ok(height)
    }

    fn or(&mut self) -> Height {
        self.chain(&["or"], Self::and)
    }

    fn and(&mut self) -> Height {
        self.chain(&["and"], Self::not)
    }

    fn not(&mut self) -> Height {
        if self.skip("not") {
            self.nested(Self::not)
        } else {
            self.comparison()
        }
    }

    fn comparison(&mut self) -> Height {
        let results = self.results.len();
        let mut height = self.sum()?;
        loop {
            if self.skip("not") {
                self.expect("in")?;
            } else if !["==", "!=", "<", "<=", ">", ">=", "in"]
                .iter()
                .any(|sign| self.skip(sign))
            {
                return Ok(height);
            }
            height = above(height.max(self.sum()?))?;
            self.look_into(results);
        }
    }

    fn sum(&mut self) -> Height {
        self.chain(&["+", "-"], Self::concatenation)
    }

    fn concatenation(&mut self) -> Height {
        let results = self.results.len();
        let mut height = self.product()?;
        while self.skip("~") {
            height = above(height.max(self.product()?))?;
            self.look_into(results);
        }
        Ok(height)
    }

    fn product(&mut self) -> Height {
        let (results, start) = (self.results.len(), self.token().start);
        let mut height = self.power()?;
        let mut repeats = false;
        loop {
            repeats |= self.is("*");
            if !["*", "/", "//", "%"].iter().any(|sign| self.skip(sign)) {
                break;
            }
            height = above(height.max(self.power()?))?;
        }
        // A list times a number is as long as that number says, and costs nothing until somebody looks at it.
        if repeats {
            self.bracket(start);
            self.hold(results);
        }
        Ok(height)
    }

    fn power(&mut self) -> Height {
        self.chain(&["**"], Self::operand)
    }

    /// A value with its filters and tests.
    fn operand(&mut self) -> Height {
        let (results, first) = (self.results.len(), self.at);
        let mut height = self.negated()?;
        if !self.is_literal(first) {
            self.hold(results);
        }
        loop {
            let arguments = if self.skip("|") {
                if !LOOK_AT_THE_TOP.contains(&self.token().text) {
                    self.look_into(results);
                }
                let arguments = self.filter_call()?;
                self.hold(results);
                arguments
            } else if self.skip("is") {
                self.look_into(results);
                self.skip("not");
                let arguments = self.test_call()?;
                self.results.truncate(results);
                arguments
            } else {
                return Ok(height);
            };
            height = above(height.max(arguments))?;
        }
    }

    /// Whether what starts with this token and ends here is written out, and no larger than it is written.
    fn is_literal(&self, first: usize) -> bool {
        let tokens = &self.tokens[first..self.at];
        let is_literal = |token: &Token<'_>| match token.kind {
            TokenKind::Number | TokenKind::Quoted => true,
            TokenKind::Name => {
                ["true", "True", "false", "False", "none", "None"].contains(&token.text)
            }
            _ => token.text == "-",
        };
        tokens.iter().all(is_literal)
    }

    fn negated(&mut self) -> Height {
        if self.skip("-") {
            return self.nested(Self::negated);
        }
        let start = self.token().start;
        let mut height = self.primary()?;
        loop {
            if self.skip(".") {
                let name = self.next().kind;
                if !matches!(name, TokenKind::Name | TokenKind::Number) {
                    return Err(SyntaxFault::Malformed);
                }
            } else if self.is("[") {
                height = height.max(self.subscript(start)?);
            } else if self.skip("(") {
                height = height.max(self.arguments()?);
            } else {
                return Ok(height);
            }
            height = above(height)?;
        }
    }

    /// What is in brackets behind a value that started there.
    fn subscript(&mut self, start: usize) -> Height {
        let end = self.end();
        self.expect("[")?;
        let first = self.at;
        let mut height = 0;
        let results = self.results.len();
        if !self.is(":") {
            height = self.expression()?;
        }
        // It is compared with the keys that are there.
        self.look_into(results);
        // A letter is found in a text by counting, and a part of one by copying.
        let key = self.tokens[first];
        let is_key = self.at == first + 1
            && self.is("]")
            && (key.kind == TokenKind::Quoted
                || (key.kind == TokenKind::Number && key.text.len() < 4));
        for _ in 0..2 {
            if self.skip(":") && !self.is(":") && !self.is("]") {
                height = height.max(self.expression()?);
            }
        }
        self.expect("]")?;
        if !is_key {
            self.inserted.push((start, "("));
            self.inserted.push((end, COUNTED));
            self.inserted.push((end, ")"));
        }
        Ok(height)
    }

    fn arguments(&mut self) -> Height {
        let mut height = 0;
        while !self.skip(")") {
            let is_named = self.token().kind == TokenKind::Name
                && self.tokens[self.at + 1].kind == TokenKind::Sign
                && self.tokens[self.at + 1].text == "=";
            if is_named {
                self.at += 2;
            } else if !self.skip("**") {
                self.skip("*");
            }
            let results = self.results.len();
            height = height.max(self.expression()?);
            self.look_into(results);
            if !self.is(")") {
                self.expect(",")?;
            }
        }
        Ok(height)
    }

    fn primary(&mut self) -> Height {
        let token = self.next();
        match token.kind {
            TokenKind::Name | TokenKind::Number => Ok(0),
            TokenKind::Quoted => {
                while self.token().kind == TokenKind::Quoted {
                    self.next();
                }
                Ok(0)
            }
            TokenKind::Sign if token.text == "(" => self.items(")"),
            TokenKind::Sign if token.text == "[" => self.items("]"),
            TokenKind::Sign if token.text == "{" => self.items("}"),
            _ => Err(SyntaxFault::Malformed),
        }
    }

    /// Values, or pairs of them, until this bracket.
    fn items(&mut self, end: &str) -> Height {
        let mut height = 0;
        while !self.skip(end) {
            let results = self.results.len();
            height = height.max(self.expression()?);
            if end == "}" {
                self.look_into(results);
                self.expect(":")?;
                height = height.max(self.expression()?);
            }
            if !self.is(end) {
                self.expect(",")?;
            }
        }
        Ok(height)
    }

    fn filter_call(&mut self) -> Height {
        self.name(NameKind::Filter)?;
        if self.skip("(") {
            self.arguments()
        } else {
            Ok(0)
        }
    }

    fn test_call(&mut self) -> Height {
        self.name(NameKind::Test)?;
        if self.skip("(") {
            return self.arguments();
        }
        let token = self.token();
        let has_argument = match token.kind {
            TokenKind::Name => !["and", "or", "else", "is"].contains(&token.text),
            TokenKind::Number | TokenKind::Quoted => true,
            TokenKind::Sign => ["+", "-", "[", "{"].contains(&token.text),
            _ => false,
        };
        if !has_argument {
            return Ok(0);
        }
        // To the engine this is a variable, which has no name where anything else stands around it.
        if token.text == "not" {
            return Err(SyntaxFault::Malformed);
        }
        let first = self.at;
        let height = self.negated()?;
        if !self.is_literal(first) {
            self.inserted.push((token.start, "("));
            self.inserted.push((self.end(), PAID));
            self.inserted.push((self.end(), ")"));
        }
        Ok(height)
    }

    /// The name of a filter or a test.
    fn name(&mut self, kind: NameKind) -> Result<(), SyntaxFault> {
        let first = self.expect_kind(TokenKind::Name)?;
        while self.skip(".") {
            self.expect_kind(TokenKind::Name)?;
        }
        let name = &self.source[first.start..self.end()];
        self.names.push(NameUse { kind, name });
        Ok(())
    }
}
