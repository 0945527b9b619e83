//! Which names the text of a crate declares, and whether it may have more than its text tells.
//!
//! Macros are not expanded: one at the place of an item may make any name, and so may an attribute or a derive that is not
//! known to make none.

use std::collections::{BTreeMap, BTreeSet};

use treenail_core::nearest::nearest;

use super::words::{is_part_of_word, until_closed, words};
use crate::model::TypeExpr;
use crate::type_path::Root;

/// Attributes and derives that make no item: those of Rust, and those that crates of components have.
#[rustfmt::skip]
const BARREN: &[&str] = &[
    "allow", "async_trait", "automatically_derived", "cfg", "cold", "deny", "deprecated", "doc", "error", "expect", "feature",
    "forbid", "ignore", "inline", "instrument", "macro_export", "macro_use", "main", "must_use", "no_std", "non_exhaustive",
    "on_unimplemented", "recursion_limit", "repr", "schemars", "serde", "should_panic", "test", "track_caller", "warn",
    "Clone", "Copy", "Debug", "Default", "Deserialize", "Eq", "Error", "Hash", "JsonSchema", "Ord", "PartialEq",
    "PartialOrd", "Serialize",
];

/// Macros that make nothing a manifest may name, or nothing but what stands in them.
const BARREN_MACROS: &[&str] = &["thread_local", "lazy_static", "compile_error"];

/// Macros of the runtime, which take a file at most.
const OURS: &[&str] = &["plugin", "compose"];

/// What a text says of names.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Names after `struct` and the like, and whether each is a trait's alone.
    declared: BTreeMap<String, bool>,
    /// Modules.
    modules: BTreeSet<String>,
    /// Names that are brought in from somewhere.
    used: BTreeSet<String>,
    /// Everything that these names have inside is brought in, for all or for the crate itself.
    opened: Vec<(BTreeSet<String>, bool)>,
    /// May have what stands in no text.
    opaque: bool,
    /// The same, as the crate itself sees it.
    opaque_inside: bool,
}

impl Names {
    /// Of the files of a crate.
    pub(super) fn of(files: &[String]) -> Self {
        let mut names = Self::default();
        files.iter().for_each(|text| names.add(&words(text)));
        for (inside, is_public) in std::mem::take(&mut names.opened) {
            let is_known = |name: &String| {
                let known = names.modules.contains(name) || names.declared.contains_key(name);
                known && !names.used.contains(name)
            };
            if !inside.iter().all(is_known) {
                names.opaque |= is_public;
                names.opaque_inside = true;
            }
        }
        names
    }

    /// Whether all that this path may lead to stands in the text.
    pub(super) fn shows(&self, ty: &TypeExpr) -> bool {
        let opaque = self.opaque || ty.root() == Root::Own && self.opaque_inside;
        let text = ty.to_string();
        let path = text.split('<').next().unwrap_or_default();
        let mut modules = path.split("::").skip(1).collect::<Vec<_>>();
        modules.pop();
        let is_here = |name: &str| {
            let name = name.strip_prefix("r#").unwrap_or(name);
            self.modules.contains(name) && !self.used.contains(name)
        };
        // What follows arguments is inside a type.
        !opaque && !text.contains(">::") && modules.into_iter().all(is_here)
    }

    /// Whether a name is that of a trait, and of nothing else.
    pub(super) fn is_trait(&self, name: &str) -> bool {
        self.declared.get(name) == Some(&true) && !self.used.contains(name)
    }

    /// A declared name that this one may be meant for.
    pub(super) fn like(&self, name: &str, is_dyn: bool) -> Option<String> {
        let fitting = self.declared.iter();
        let fitting = fitting.filter(|(_, is_trait)| **is_trait == is_dyn);
        nearest(name, fitting.map(|(known, _)| known.as_str()))
    }

    /// Adds what one file says.
    fn add(&mut self, words: &[String]) {
        for (at, pair) in words.windows(2).enumerate() {
            let name = &pair[1];
            match pair[0].as_str() {
                "mod" => {
                    self.modules.insert(name.clone());
                }
                "use" => self.bring_in(statement(&words[at..])),
                "extern" if name == "crate" => self.bring_in(statement(&words[at + 1..])),
                word @ ("trait" | "struct" | "enum" | "union" | "type") => {
                    let is_trait = word == "trait";
                    *self.declared.entry(name.clone()).or_insert(is_trait) &= is_trait;
                }
                _ => {}
            }
        }
        self.add_items(words);
    }

    /// Adds the last names of a statement with `use` or `extern crate`.
    fn bring_in(&mut self, words: &[String]) {
        let brings_itself = words
            .windows(2)
            .any(|it| matches!(it[0].as_str(), "{" | ",") && it[1] == "self");
        for (at, word) in words.iter().enumerate().filter(|(_, word)| is_word(word)) {
            let after = &words[at + 1..];
            let is_group = after.get(2).is_some_and(|word| word == "{");
            if !after.starts_with(&sign(":")) || brings_itself && is_group {
                self.used.insert(word.clone());
            }
        }
    }

    /// Goes from item to item, through the modules of the file.
    fn add_items(&mut self, words: &[String]) {
        let composes = words.windows(2).any(|it| it == ["compose", "!"]);
        // Of each open bracket, whether it is that of a module.
        let mut open: Vec<bool> = Vec::new();
        let (mut starts, mut only_tests) = (true, false);
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let among_items = open.last().is_none_or(|is_module| *is_module);
            match word.as_str() {
                "#" if among_items => {
                    let start = at + 2 + usize::from(words[at + 1..].starts_with(&sign("!")));
                    let inside = until_closed(words.get(start..).unwrap_or_default(), ["[", "]"]);
                    self.opaque |= !is_barren(inside);
                    only_tests |= inside == ["cfg", "(", "test", ")"];
                    at = start + inside.len();
                }
                "{" | "(" | "[" => {
                    let is_module = among_items && at > 1 && words[at - 2] == "mod";
                    // What only tests have is nothing to a manifest, unless it is composed there.
                    open.push(is_module && (composes || !only_tests));
                    starts = is_module;
                    only_tests &= word != "{";
                }
                "}" | ")" | "]" => {
                    self.opaque |= open.pop().is_none();
                    starts = word == "}";
                }
                ";" => (starts, only_tests) = (true, only_tests && !among_items),
                "use" if among_items => {
                    let is_public = at > 0 && matches!(words[at - 1].as_str(), "pub" | ")");
                    if is_public || open.is_empty() || composes {
                        self.open(words, at, is_public);
                    }
                }
                _ => {
                    self.opaque |= among_items && starts && may_make(&words[at..]);
                    starts = false;
                }
            }
            at += 1;
        }
        self.opaque |= !open.is_empty();
    }

    /// Notes what is brought in by a `*` in the statement that starts there.
    fn open(&mut self, words: &[String], at: usize, is_public: bool) {
        let brought = statement(&words[at..]);
        if brought.iter().all(|word| word != "*") {
            return;
        }
        let is_relative = |name: &str| matches!(name, "self" | "super" | "crate");
        let inside = brought
            .windows(2)
            .filter(|it| it[1] == ":" && is_word(&it[0]));
        let mut inside: BTreeSet<String> = inside.map(|it| it[0].clone()).collect();
        // A crate may have the name of a module, where that is in another file.
        let first = brought.get(1).map_or("", String::as_str);
        let is_beside = |it: &[String]| matches!(it[0].as_str(), "mod" | "enum") && it[1] == first;
        if !is_relative(first) && !words.windows(2).any(is_beside) {
            inside.insert(first.to_owned() + "::");
        }
        inside.retain(|name| !is_relative(name));
        self.opened.push((inside, is_public));
    }
}

/// The words of a statement, without its end.
fn statement(words: &[String]) -> &[String] {
    let end = words.iter().position(|word| word == ";");
    &words[..end.unwrap_or(words.len())]
}

/// Whether an attribute makes no item, by what stands in its brackets.
fn is_barren(attribute: &[String]) -> bool {
    let (path, name, rest) = path(attribute);
    let skipped = match name {
        "derive" => 0,
        "cfg_attr" => 1,
        _ => {
            let is_tool = matches!(path.first().map(String::as_str), Some("rustfmt" | "clippy"));
            return is_tool || BARREN.contains(&name);
        }
    };
    let inside = rest.get(1..rest.len().saturating_sub(1));
    let mut parts = parts(inside.unwrap_or_default()).into_iter().skip(skipped);
    parts.all(|part| part.is_empty() || is_barren(part))
}

/// The path that words start with, its last name, and what follows.
fn path(words: &[String]) -> (&[String], &str, &[String]) {
    let end = words.iter().position(|word| !is_word(word) && word != ":");
    let (path, rest) = words.split_at(end.unwrap_or(words.len()));
    (path, path.last().map_or("", String::as_str), rest)
}

/// What stands between commas, those in brackets left alone.
fn parts(words: &[String]) -> Vec<&[String]> {
    let mut depth = 0;
    let parts = words.split(|word| {
        depth += i32::from(matches!(word.as_str(), "(" | "[" | "{"));
        depth -= i32::from(matches!(word.as_str(), ")" | "]" | "}"));
        depth == 0 && word == ","
    });
    parts.collect()
}

/// Whether these words start with the call of a macro that may make an item of any name.
fn may_make(words: &[String]) -> bool {
    let (path, name, call) = path(words);
    let sign = |at| call.get(at).map(String::as_str);
    let is_call =
        !path.is_empty() && sign(0) == Some("!") && matches!(sign(1), Some("(" | "[" | "{"));
    let takes_a_file = matches!(sign(2), Some(")" | "]" | "}" | "\""));
    let is_ours = OURS.contains(&name) && takes_a_file;
    is_call && !is_ours && !BARREN_MACROS.contains(&name)
}

fn is_word(text: &str) -> bool {
    text.starts_with(is_part_of_word)
}

fn sign(text: &str) -> [String; 1] {
    [text.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::Names;
    use crate::type_path::parse;

    fn shows(text: &str, path: &str) -> bool {
        Names::of(&[text.to_owned()]).shows(&parse(path).expect("a path"))
    }

    #[test]
    fn what_macros_make_stands_in_no_text() {
        for text in [
            "include!(concat!(env!(\"OUT_DIR\"), \"/inbox.rs\"));",
            "mod proto { tonic::include_proto!(\"inbox\"); }",
            "struct A; pub mod proto { // {\n pub(crate) mod two { service! { A } } }",
            "paste::paste! { struct [<In box>]; }",
            "#[doc = \"[\"] my::plugin!(In);",
            "#[automock] pub trait In {}",
            "#[derive(Debug, pest_derive::Parser)] struct In;",
            "#[cfg_attr(any(test, x), derive(Clone), mockall::automock)] trait In {}",
            "#[path = r\"../inbox.rs\"] mod inbox;",
            "fn broken() { } }",
            "mod broken {",
        ] {
            assert!(!shows(text, "mail::Inbox"), "{text}");
        }
    }

    #[test]
    fn what_makes_no_name_hides_nothing() {
        for text in [
            "#![allow(missing_docs)] treenail::plugin!(); treenail::compose! { \"other.toml\" }",
            "macro_rules! double { () => { include!(\"x.rs\"); } }",
            "#[derive(Debug, serde::Deserialize)] #[serde(default)] struct In { #[arg] a: u8 }",
            "#[cfg_attr(docsrs, doc(cfg(x)), derive(Clone))] #[rustfmt::skip] struct In;",
            "fn build() -> ! { println!(\"{\"); vec![1]; loop {} } impl !Send for In {}",
            "#[cfg(test)] mod tests { use proptest::prelude::*; proptest! { } }",
            "static IN: u8 = max!(1, 2); const C: char = '{';",
        ] {
            assert!(shows(text, "crate::Inbox"), "{text}");
        }
    }

    #[test]
    fn another_crate_brings_in_what_stands_in_no_text() {
        for text in [
            "pub use other::*;",
            "pub(crate) mod inner { pub use other::{a, b::*}; }",
            "mod inner { pub use other as more; } pub use inner::more::*;",
            "extern crate other as inner; mod a { mod inner {} } pub use inner::*;",
        ] {
            assert!(!shows(text, "mail::Inbox"), "{text}");
        }
        let files = ["mod other;", "pub use other::*;"].map(str::to_owned);
        assert!(!Names::of(&files).shows(&parse("mail::Inbox").expect("a path")));
        for text in [
            "mod inner; pub use inner::*;",
            "mod a { pub mod b {} } pub use self::a::{b::*, C};",
            "enum Kind { A } mod tests { use super::*; pub use super::Kind::*; }",
        ] {
            assert!(shows(text, "crate::Inbox"), "{text}");
        }
    }

    #[test]
    fn what_a_crate_brings_in_for_itself_only_itself_sees() {
        for text in [
            "use other::*;",
            "mod inner { use other::*; treenail::compose!(); }",
        ] {
            assert!(!shows(text, "crate::Inbox"), "{text}");
            assert!(shows(text, "mail::Inbox"), "{text}");
        }
        assert!(shows("mod inner { use other::*; }", "crate::Inbox"));
    }

    #[test]
    fn a_path_through_another_crate_is_not_followed() {
        for text in [
            "pub use other::api;",
            "pub use other as api;",
            "pub extern crate other as api; mod inner { mod api {} }",
            "pub use other::api::{self, Clock}; mod inner { mod api {} }",
            "",
        ] {
            assert!(!shows(text, "dyn mail::api::Inbox"), "{text}");
        }
        let text = "pub mod api { mod tests { use crate::api::Clock; } }";
        assert!(shows(text, "dyn mail::api::Inbox"));
        assert!(shows(text, "dyn mail::api::Inbox<Vec<time::other::Day>>"));
    }
}
