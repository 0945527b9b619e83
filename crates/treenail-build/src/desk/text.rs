//! Which names a crate declares, as far as its text tells: to find the path in a manifest that is misspelt before rustc does.
//!
//! A macro may declare what no text shows. So a name is only missed where it stands nowhere in the text, comments included. Where
//! a macro is seen at work, or has a declared name to make it of, it is only missed if it is close to another name.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::code::words;
use crate::files;
use crate::model::TypeExpr;
use crate::suggest::suggest;

/// What is wrong with a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The crate has nothing of this name; perhaps one was meant that it has.
    Absent(Option<String>),
    /// A trait stands where a type is named.
    Trait,
}

/// The text of a crate.
#[derive(Debug, Default)]
pub(super) struct Text {
    files: Vec<String>,
    /// Made for the first name that is not simply there.
    names: OnceCell<Names>,
}

/// What a text says of names.
#[derive(Debug, Default)]
struct Names {
    /// Names after `struct` and the like, and whether each is a trait's alone.
    declared: BTreeMap<String, bool>,
    /// Names that are brought in from elsewhere.
    used: BTreeSet<String>,
    /// Brings in what stands in no text.
    opaque: bool,
    /// Has a module in a file that is somewhere else: nothing is missed then.
    scattered: bool,
}

impl Text {
    /// Of the package in this folder. `None` where there is no code to be seen.
    pub(super) fn of(package: &Path) -> Option<Self> {
        let files = files(package).into_iter().map(|file| {
            let bytes = files::read(&file).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        });
        let files: Vec<String> = files.collect::<Option<_>>()?;
        let is_written = files.iter().any(|text| !text.trim().is_empty());
        is_written.then(|| Self {
            files,
            names: OnceCell::new(),
        })
    }

    /// What is wrong with the last name of a path into this crate.
    pub(super) fn fault(&self, ty: &TypeExpr) -> Option<Fault> {
        let name = ty.last_ident();
        let stands_in = |text: &String| {
            text.match_indices(name).any(|(at, _)| {
                let (before, after) = (&text[..at], &text[at + name.len()..]);
                !before.ends_with(is_part_of_word) && !after.starts_with(is_part_of_word)
            })
        };
        let stands = self.files.iter().any(stands_in);
        if stands && ty.is_dyn() {
            return None;
        }
        let names = self.names.get_or_init(|| {
            let mut names = Names::default();
            self.files.iter().for_each(|text| names.add(text));
            names
        });
        if stands {
            let is_trait = names.declared.get(name) == Some(&true) && !names.used.contains(name);
            return is_trait.then_some(Fault::Trait);
        }
        names.absent(name, ty.is_dyn())
    }
}

impl Names {
    fn add(&mut self, text: &str) {
        let words = words(text);
        for pair in words.windows(2) {
            let is_trait = match pair[0].as_str() {
                "trait" => true,
                "struct" | "enum" | "union" | "type" => false,
                _ => continue,
            };
            let name = self.declared.entry(pair[1].clone()).or_insert(is_trait);
            *name &= is_trait;
        }
        for (at, _) in words.iter().enumerate().filter(|(_, word)| *word == "use") {
            let end = words[at..].iter().position(|word| word == ";");
            let names = &words[at..at + end.unwrap_or_default()];
            let is_public = at > 0 && matches!(words[at - 1].as_str(), "pub" | ")");
            self.opaque |= is_public && names.iter().any(|word| word == "*");
            self.used.extend(names.iter().cloned());
        }
        let mut triples = words.windows(3);
        self.scattered |= triples.any(|it| it == ["path", "=", "\""]);
        // A macro at the place of an item.
        self.opaque |= text.lines().any(|line| {
            let name = line.split_once('!').map_or("", |(name, _)| name);
            let is_path = !name.is_empty() && name.chars().all(|c| is_part_of_word(c) || c == ':');
            let ours = ["plugin", "compose", "macro_rules"];
            is_path && !ours.iter().any(|our| name.ends_with(our))
        });
    }

    fn absent(&self, name: &str, is_dyn: bool) -> Option<Fault> {
        let is_part = |known: &str| name.starts_with(known) || name.ends_with(known);
        let fitting = self
            .declared
            .iter()
            .filter(|(known, is_trait)| **is_trait == is_dyn && !is_part(known));
        if self.scattered {
            return None;
        }
        let suggestion = suggest(name, fitting.map(|(known, _)| known.as_str()));
        let may_be_made = self.opaque || self.declared.keys().any(|known| is_part(known));
        (suggestion.is_some() || !may_be_made).then_some(Fault::Absent(suggestion))
    }
}

fn is_part_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The files with the code of the package in this folder, where a crate stands there in the usual place.
pub(super) fn files(package: &Path) -> Vec<PathBuf> {
    let root = package.join("src");
    match ["lib.rs", "main.rs"]
        .iter()
        .any(|it| root.join(it).is_file())
    {
        true => files::below(&root, "rs"),
        false => Vec::new(),
    }
}

/// The texts of crates, each read once.
#[derive(Debug, Default)]
pub(super) struct Texts(BTreeMap<PathBuf, Option<Text>>);

impl Texts {
    /// That of the package in this folder.
    pub(super) fn of(&mut self, package: &Path) -> Option<&Text> {
        let read = self.0.entry(package.to_owned());
        read.or_insert_with(|| Text::of(package)).as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Text};
    use crate::type_path::parse;

    fn fault(text: &str, path: &str) -> Option<Fault> {
        let read = Text {
            files: vec![text.to_owned()],
            ..Text::default()
        };
        read.fault(&parse(path).expect("a path"))
    }

    const MAIL: &str = "pub trait Transport {}\npub struct Smtp;\nimpl Transport for Smtp {}\n";

    #[test]
    fn a_misspelt_name_is_missed_and_the_one_that_was_meant_is_named() {
        let meant = |name: &str| Some(Fault::Absent(Some(name.to_owned())));
        assert_eq!(fault(MAIL, "crate::Smpt"), meant("Smtp"));
        assert_eq!(fault(MAIL, "dyn mail::Trasport"), meant("Transport"));
        assert_eq!(fault(MAIL, "crate::Inbox"), Some(Fault::Absent(None)));
        assert_eq!(fault(MAIL, "crate::Smtp"), None);
        let two = "pub struct Smtp;\npub struct SmtpConfig;";
        assert_eq!(fault(two, "crate::SmtpConfg"), meant("SmtpConfig"));
        assert_eq!(fault(two, "crate::Smtps"), None);
    }

    #[test]
    fn a_trait_is_no_type() {
        assert_eq!(fault(MAIL, "mail::Transport"), Some(Fault::Trait));
        assert_eq!(fault(MAIL, "dyn mail::Transport"), None);
        let brought_in = "pub use other::Transport;\nmod inner { trait Transport {} }";
        assert_eq!(fault(brought_in, "mail::Transport"), None);
    }

    #[test]
    fn what_a_macro_may_declare_is_not_missed() {
        for text in [
            "include!(concat!(env!(\"OUT_DIR\"), \"/inbox.rs\"));",
            "tonic::include_proto!(\"inbox\");",
            "pub use mail_core::*;",
            "#[automock] pub trait In {}", // As `MockVoice` of `Voice`.
            "// Inbox is made by a macro.",
            "pub struct Imbox;\n#[path = \"../inbox.rs\"] mod inbox;",
        ] {
            assert_eq!(fault(text, "crate::Inbox"), None, "{text}");
        }
        let macros = "macro_rules! double { () => {} }\nmod tests { use super::*; }";
        assert_eq!(fault(macros, "crate::Inbox"), Some(Fault::Absent(None)));
    }
}
