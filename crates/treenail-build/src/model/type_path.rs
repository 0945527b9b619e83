//! Text to [`TypeExpr`]. Longer than other files with its tests, of which each form of a refusal has one.
//!
//! The grammar is read by hand rather than by a parser for all of Rust: what it does not know cannot come through, and
//! every refusal points at the very character. A test holds it against `syn`.

use std::ops::Range;

use super::type_expr::{Root, Segment, TypeExpr};

/// Generic arguments may nest this deep.
const DEPTH: usize = 16;

/// Words that Rust keeps for itself, up to edition 2024.
const KEYWORDS: [&str; 52] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Types that need no path.
const PRELUDE: [&str; 22] = [
    "Box", "Option", "Result", "String", "Vec", "bool", "char", "f32", "f64", "i128", "i16", "i32",
    "i64", "i8", "isize", "str", "u128", "u16", "u32", "u64", "u8", "usize",
];

/// Why a text is not a type that a manifest may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PathFault {
    /// Not Rust.
    Syntax {
        /// What could have stood there.
        expected: Expected,
        /// What does; `None` for the end of the text.
        found: Option<char>,
    },
    /// A word that Rust keeps for itself.
    Keyword(String),
    /// A type, or something else, that has no path.
    Construct(Construct),
    /// A lifetime.
    Lifetime,
    /// `<T as Trait>::X`
    QualifiedSelf,
    /// `dyn A + B`
    Bounds,
    /// A const argument, an associated type, `(A) -> B`.
    Argument,
    /// `::a::B`
    LeadingColons,
    /// `self::`, `super::`, `Self`.
    Relative,
    /// `Foo`: neither a path nor a type of the prelude.
    Lone {
        /// The word.
        word: String,
        /// It stands behind `dyn`.
        is_dyn: bool,
    },
    /// `my-crate::T`
    Dash,
    /// `Arc<dyn a::T>` where a service belongs: this is around it.
    Wrapped(&'static str),
    /// `String` where a service belongs.
    NotAService,
    /// `a.B`: keys of TOML, where a path has no quotes.
    Keys,
    /// `crate` alone.
    CrateAlone,
    /// A place that needs the author's own type (`crate::X`).
    NotOwn,
    /// An entry with services whose type is another crate's.
    NotOwnEntry,
    /// `String` where a registry belongs.
    NotARegistry,
    /// `dyn` where a concrete type belongs.
    UnexpectedDyn,
    /// A path without `dyn` where only a trait can stand.
    MissingDyn,
    /// More nesting than any real type has.
    TooDeep,
}

/// What could have come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// The end of the type.
    End,
    /// `::`
    Colons,
    /// A name.
    Name,
    /// A type.
    Type,
    /// `,` or `>`
    EndOfArgument,
}

/// What has no path in Rust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Construct {
    /// `fn()`
    Function,
    /// `impl Trait`
    Impl,
    /// `_`
    Placeholder,
    /// `&T`
    Reference,
    /// `*const T`
    Pointer,
    /// `(T, U)`
    Tuple,
    /// `[T]`
    SliceOrArray,
    /// `!`
    Never,
    /// `name!()`
    Macro,
}

/// Why a text is refused, and the part of it that does not belong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// What is wrong.
    pub(crate) fault: PathFault,
    /// Bytes of the text.
    pub(crate) range: Range<usize>,
}

/// Whether Rust keeps this word for itself.
pub(crate) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// A name as Rust code writes it: with `r#` where Rust keeps the word for itself.
pub(crate) fn in_code(name: &str) -> String {
    match is_keyword(name) {
        true => format!("r#{name}"),
        false => name.to_owned(),
    }
}

/// Whether this is an identifier that generated code can use for a name: ASCII, not a keyword, not `_`.
pub(crate) fn is_identifier(word: &str) -> bool {
    let mut bytes = word.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && word != "_"
        && !is_keyword(word)
}

/// Reads a type.
///
/// # Errors
/// The text is anything but a path, or `dyn` and a path.
pub(crate) fn parse(text: &str) -> Result<TypeExpr, Refusal> {
    let mut parser = TypeParser { text, at: 0 };
    let ty = parser.ty(DEPTH)?;
    parser.spaces();
    if parser.rest().is_empty() {
        return Ok(ty);
    }
    Err(parser.unexpected(Expected::End))
}

/// The type that was meant by a text that is none, where one change makes it one: signs that Rust writes otherwise, or a sign too
/// many.
pub(crate) fn mended(text: &str) -> Option<TypeExpr> {
    let text = text.trim();
    let is_dyn = |before: &str| {
        let mut words = before.split(' ').rev();
        let is_it = |word: &str| word.eq_ignore_ascii_case("dyn");
        words.next().is_some_and(is_it) && words.all(|word| is_it(word) || word.starts_with("&'"))
    };
    let paths = text.replace("::", "\0").replace([':', '.', '/'], "\0");
    // One colon alone makes a component's id, which is no path.
    let is_path = text.contains("::") || text.starts_with("dyn ") || text.starts_with("crate");
    let changed = [
        text.replace('-', "_"),
        if is_path {
            paths.replace('\0', "::")
        } else {
            String::new()
        },
        text.trim_start_matches("::").replace("dyn ::", "dyn "),
        text.trim_end_matches("::").to_owned(),
        text.trim_start_matches('&').to_owned(),
        // A lifetime, and `dyn` once too often or in other letters.
        match text.rsplit_once(' ') {
            Some((before, path)) if is_dyn(before) => format!("dyn {path}"),
            _ => String::new(),
        },
        text.replace("impl ", "dyn "),
    ];
    let types = changed.iter().filter_map(|text| parse(text).ok());
    types
        .filter(|ty| matches!(ty.root(), Root::Own | Root::Extern(_)))
        .find(|ty| ty.segments.len() > 1)
}

/// What people put around a service out of habit.
const WRAPPERS: [&str; 5] = ["Arc", "Box", "Rc", "Option", "Vec"];

/// The service in `Arc<dyn a::T>`, and the outermost of what is around it.
pub(crate) fn wrapped(text: &str) -> Option<(&'static str, TypeExpr)> {
    let (mut outermost, mut inside) = (None, text.trim());
    while let Some((before, after)) = inside.strip_suffix('>').and_then(|it| it.split_once('<')) {
        let before = before.trim();
        let name = before.rsplit("::").next().unwrap_or(before);
        let is_std = before == name || before.starts_with("std::");
        let Some(wrapper) = WRAPPERS.iter().find(|one| is_std && **one == name) else {
            break;
        };
        outermost = outermost.or(Some(*wrapper));
        inside = after.trim();
    }
    let ty = parse(inside).ok()?;
    let is_service = ty.is_dyn || matches!(ty.root(), Root::Own | Root::Extern(_));
    outermost
        .filter(|_| is_service)
        .map(|wrapper| (wrapper, ty))
}

/// A text, and how far it has been read.
struct TypeParser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> TypeParser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn spaces(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Takes these characters, after spaces.
    fn take(&mut self, token: &str) -> bool {
        self.spaces();
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    /// The word that comes next, `r#` included; empty where there is none.
    fn peek_word(&mut self) -> &'a str {
        self.spaces();
        let rest = self.rest();
        let plain = rest.strip_prefix("r#").unwrap_or(rest);
        if !plain.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return "";
        }
        let end = plain.find(|c: char| !(c.is_alphanumeric() || c == '_'));
        let length = end.map_or(rest.len(), |end| rest.len() - plain.len() + end);
        &rest[..length]
    }

    fn ty(&mut self, depth: usize) -> Result<TypeExpr, Refusal> {
        if depth == 0 {
            return Err(self.refuse(PathFault::TooDeep, 1));
        }
        let mut word = self.peek_word();
        let is_dyn = word == "dyn";
        if is_dyn {
            self.at += word.len();
            word = self.peek_word();
        }
        if self.rest().starts_with("::") {
            return Err(self.refuse(PathFault::LeadingColons, 2));
        }
        let start = self.at;
        let first = self.segment(word, true, depth)?;
        let has_arguments = !first.arguments.is_empty();
        let mut segments = vec![first];
        while self.take("::") {
            let word = self.peek_word();
            segments.push(self.segment(word, false, depth)?);
        }
        self.spaces();
        let is_lone = segments.len() == 1;
        if is_lone && !self.rest().is_empty() && !self.rest().starts_with([',', '>']) {
            return Err(self.unexpected(Expected::Colons));
        }
        // A path has to start at a crate; a word of its own has to be in the prelude.
        let fault = match word {
            "crate" if is_lone => PathFault::CrateAlone,
            "self" | "super" | "Self" => PathFault::Relative,
            _ if !is_lone && has_arguments => PathFault::Argument,
            lone if is_lone && (is_dyn || !PRELUDE.contains(&lone)) => PathFault::Lone {
                word: lone.to_owned(),
                is_dyn,
            },
            _ => return Ok(TypeExpr { is_dyn, segments }),
        };
        let range = start..start + word.len();
        Err(Refusal { fault, range })
    }

    /// Takes this word, and the arguments after it.
    fn segment(&mut self, word: &str, first: bool, depth: usize) -> Result<Segment, Refusal> {
        let allowed = match word {
            "" => return Err(self.unexpected(Expected::Name)),
            "self" | "super" | "Self" | "crate" => first,
            "_" | "r#_" | "r#crate" | "r#self" | "r#super" | "r#Self" => false,
            _ => !is_keyword(word),
        };
        if !allowed {
            return Err(self.keyword(word));
        }
        self.at += word.len();
        let mut arguments = Vec::new();
        if self.opens_arguments() {
            arguments = self.arguments(depth)?;
        }
        Ok(Segment {
            name: word.to_owned(),
            arguments,
        })
    }

    /// Takes `<`, or `::<` as in expressions.
    fn opens_arguments(&mut self) -> bool {
        let before = self.at;
        let turbofish = self.take("::");
        if self.take("<") {
            return true;
        }
        if turbofish {
            self.at = before;
        }
        false
    }

    /// Takes types up to `>`: one at least, and a comma after the last one if you like.
    fn arguments(&mut self, depth: usize) -> Result<Vec<TypeExpr>, Refusal> {
        if self.take(">") {
            self.at -= 1;
            return Err(self.unexpected(Expected::Type));
        }
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.ty(depth - 1)?);
            let comma = self.take(",");
            if self.take(">") {
                return Ok(arguments);
            }
            if !comma {
                return Err(self.unexpected(Expected::EndOfArgument));
            }
        }
    }

    /// A word that cannot stand here.
    fn keyword(&self, word: &str) -> Refusal {
        let fault = match word {
            "fn" | "unsafe" | "extern" => PathFault::Construct(Construct::Function),
            "impl" => PathFault::Construct(Construct::Impl),
            "for" => PathFault::Lifetime,
            "true" | "false" | "const" => PathFault::Argument,
            "_" => PathFault::Construct(Construct::Placeholder),
            "self" | "super" | "Self" | "crate" => PathFault::Relative,
            _ => PathFault::Keyword(word.to_owned()),
        };
        self.refuse(fault, word.len())
    }

    /// The character that cannot stand here, as the construct of Rust that it belongs to.
    fn unexpected(&mut self, expected: Expected) -> Refusal {
        self.spaces();
        let rest = self.rest();
        let found = rest.chars().next();
        let Some(next) = found else {
            return self.refuse(PathFault::Syntax { expected, found }, 0);
        };
        let starts_type = self.at == 0
            || self.text[..self.at].trim_end().ends_with(['<', ','])
            || self.text[..self.at].trim_end() == "dyn";
        let fault = match next {
            '&' if starts_type => PathFault::Construct(Construct::Reference),
            '*' if starts_type => PathFault::Construct(Construct::Pointer),
            '(' if starts_type => PathFault::Construct(Construct::Tuple),
            '[' if starts_type => PathFault::Construct(Construct::SliceOrArray),
            '!' if starts_type => PathFault::Construct(Construct::Never),
            '<' if starts_type => PathFault::QualifiedSelf,
            '-' if self.at > 0 => PathFault::Dash,
            '{' | '=' | '(' | '0'..='9' if self.at > 0 => PathFault::Argument,
            '!' => PathFault::Construct(Construct::Macro),
            '\'' => PathFault::Lifetime,
            '+' => PathFault::Bounds,
            '?' => PathFault::Bounds,
            _ => PathFault::Syntax { expected, found },
        };
        self.refuse(fault, next.len_utf8())
    }

    fn refuse(&self, fault: PathFault, length: usize) -> Refusal {
        Refusal {
            fault,
            range: self.at..(self.at + length).min(self.text.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Construct, Expected, KEYWORDS, PRELUDE, PathFault, is_identifier, is_keyword, mended,
        parse, wrapped,
    };
    use proptest::prelude::*;

    fn refused(text: &str) -> (PathFault, &str) {
        let refusal = parse(text).expect_err(text);
        (refusal.fault, &text[refusal.range])
    }

    #[test]
    fn paths_are_read() {
        for text in [
            "crate::X",
            "dyn a::T",
            "std::sync::Arc<dyn a::T>",
            "String",
            "a::B::<u8>::C",
            "dyn a::r#type::T",
            "Vec<u8,>",
        ] {
            parse(text).expect(text);
        }
    }

    #[test]
    fn everything_else_is_refused_where_it_starts() {
        assert_eq!(
            refused("&crate::X"),
            (PathFault::Construct(Construct::Reference), "&")
        );
        assert_eq!(
            refused("(crate::X, u8)"),
            (PathFault::Construct(Construct::Tuple), "(")
        );
        assert_eq!(
            refused("[u8; 4]"),
            (PathFault::Construct(Construct::SliceOrArray), "[")
        );
        assert_eq!(
            refused("*const crate::X"),
            (PathFault::Construct(Construct::Pointer), "*")
        );
        assert_eq!(
            refused("fn()"),
            (PathFault::Construct(Construct::Function), "fn")
        );
        assert_eq!(
            refused("impl a::T"),
            (PathFault::Construct(Construct::Impl), "impl")
        );
        assert_eq!(
            refused("crate::m!()"),
            (PathFault::Construct(Construct::Macro), "!")
        );
        assert_eq!(refused("a::X<'static>"), (PathFault::Lifetime, "'"));
        assert_eq!(refused("dyn for<'a> a::T"), (PathFault::Lifetime, "for"));
        assert_eq!(
            refused("<a::X as a::T>::Y"),
            (PathFault::QualifiedSelf, "<")
        );
        assert_eq!(refused("dyn a::T + Send"), (PathFault::Bounds, "+"));
        assert_eq!(refused("a::X<4>"), (PathFault::Argument, "4"));
        assert_eq!(refused("a::X<{ 4 }>"), (PathFault::Argument, "{"));
        assert_eq!(refused("dyn a::T<Item = u8>"), (PathFault::Argument, "="));
        assert_eq!(refused("dyn a::F(u8) -> u8"), (PathFault::Argument, "("));
        assert_eq!(refused("::a::X"), (PathFault::LeadingColons, "::"));
        assert_eq!(refused("self::X"), (PathFault::Relative, "self"));
        assert_eq!(refused("crate::super::X"), (PathFault::Relative, "super"));
        let lone = |word: &str| PathFault::Lone {
            word: word.to_owned(),
            is_dyn: false,
        };
        assert_eq!(refused("Widget"), (lone("Widget"), "Widget"));
        assert_eq!(refused("dyn my-api::T"), (PathFault::Dash, "-"));
        assert_eq!(refused("crate"), (PathFault::CrateAlone, "crate"));
        assert_eq!(refused("crate::X; fn main() {}").1, ";");
        assert_eq!(refused("crate::X fn").1, "f");
        assert_eq!(
            refused("crate::"),
            (
                PathFault::Syntax {
                    expected: Expected::Name,
                    found: None
                },
                ""
            )
        );
        assert_eq!(
            refused(""),
            (
                PathFault::Syntax {
                    expected: Expected::Name,
                    found: None
                },
                ""
            )
        );
        assert_eq!(
            refused("a:B"),
            (
                PathFault::Syntax {
                    expected: Expected::Colons,
                    found: Some(':')
                },
                ":"
            )
        );
        assert_eq!(refused("a::B<C, u8>"), (lone("C"), "C"));
        assert_eq!(refused("a::fn::B").1, "fn");
        assert_eq!(refused(&"Vec<".repeat(40)).0, PathFault::TooDeep);
    }

    #[test]
    fn one_change_makes_a_type_of_what_was_meant_for_one() {
        let meant = |text| mended(text).map(|ty| ty.to_string());
        for (text, ty) in [
            ("dyn my-api::T", "dyn my_api::T"),
            ("dyn api:T", "dyn api::T"),
            ("crate.T", "crate::T"),
            ("dyn ::api::T", "dyn api::T"),
            ("&dyn api::T", "dyn api::T"),
            ("impl api::T", "dyn api::T"),
            ("&'static dyn api::T", "dyn api::T"),
            ("Dyn api::T", "dyn api::T"),
            ("dyn dyn api::T", "dyn api::T"),
            ("dyn api::T::", "dyn api::T"),
        ] {
            assert_eq!(meant(text).as_deref(), Some(ty), "{text}");
        }
        // A component's id is none, and two changes are a guess.
        for text in [
            "mail:Mailer",
            "Widget",
            "a-b:C",
            "",
            "dyn ",
            "&'a api::T",
            "Box dyn api::T",
        ] {
            assert_eq!(meant(text), None, "{text}");
        }
    }

    #[test]
    fn what_stands_around_a_service_is_taken_off() {
        let inside = |text| wrapped(text).map(|(around, ty)| (around, ty.to_string()));
        for (text, around, service) in [
            ("Arc<dyn a::T>", "Arc", "dyn a::T"),
            ("std::sync::Arc< crate::T >", "Arc", "crate::T"),
            ("Option<Arc<dyn a::T<u8>>>", "Option", "dyn a::T<u8>"),
            ("Vec<Box<dyn a::T>>", "Vec", "dyn a::T"),
        ] {
            assert_eq!(inside(text), Some((around, service.to_owned())), "{text}");
        }
        for text in [
            "dyn a::T",
            "Vec<u8>",
            "a::Arc<dyn a::T>",
            "Arc<>",
            "Cell<dyn a::T>",
        ] {
            assert_eq!(inside(text), None, "{text}");
        }
        assert_eq!(
            inside(&format!("{}a::T{}", "Arc<".repeat(9999), ">".repeat(9999))),
            Some(("Arc", "a::T".to_owned()))
        );
    }

    #[test]
    fn the_tables_are_sorted_and_agree_with_syn() {
        assert!(KEYWORDS.is_sorted() && PRELUDE.is_sorted());
        // `gen` is a keyword since edition 2024, and syn does not say so of every one it knows.
        for word in KEYWORDS.iter().filter(|word| **word != "gen") {
            assert!(syn::parse_str::<syn::Ident>(word).is_err(), "{word}");
        }
        assert!(is_keyword("type") && !is_keyword("union"));
        assert!(
            is_identifier("_x9")
                && !is_identifier("_")
                && !is_identifier("9x")
                && !is_identifier("größe")
        );
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_a_plain_path_to_syn(text in "(dyn )?[a-zA-Z_:<>, 'r#&+=!(){};0-9-]{0,24}|\\PC{0,16}") {
            if let Ok(ty) = parse(&text) {
                let printed = ty.to_string();
                let reread: syn::Type = syn::parse_str(&printed).expect("syn reads it");
                prop_assert!(matches!(reread, syn::Type::Path(_) | syn::Type::TraitObject(_)));
                prop_assert_eq!(parse(&printed), Ok(ty));
            }
        }

        #[test]
        fn paths_survive_printing(text in "(dyn )?(crate|a|std)(::[a-z]{1,3}[A-Z](<(u8|a::B|dyn crate::C)(,String)?>)?){1,3}") {
            if let Ok(ty) = parse(&text) {
                prop_assert_eq!(parse(&ty.to_string()), Ok(ty));
            }
        }
    }
}
