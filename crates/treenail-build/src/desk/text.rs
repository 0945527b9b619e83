//! The text of a crate, and what it lacks of a path in a manifest: to find a misspelt name before rustc does.
//!
//! A name is only missed where it stands nowhere in the text, comments included, and where [`Names`] say that nothing else can
//! bring it in. What is overlooked is left to rustc; an error here that rustc does not give would be wrong.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::names::Names;
use super::words::is_part_of_word;
use crate::files;
use crate::model::TypeExpr;

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
        if stands && ty.is_dyn {
            return None;
        }
        let names = self.names.get_or_init(|| Names::of(&self.files));
        if !names.shows(ty) {
            return None;
        }
        if stands {
            return names.is_trait(name).then_some(Fault::Trait);
        }
        Some(Fault::Absent(names.like(name, ty.is_dyn)))
    }
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
        assert_eq!(fault(MAIL, "crate::Smtps"), meant("Smtp"));
        assert_eq!(fault(MAIL, "dyn mail::Trasport"), meant("Transport"));
        assert_eq!(fault(MAIL, "crate::Inbox"), Some(Fault::Absent(None)));
        assert_eq!(fault(MAIL, "crate::Smtp"), None);
    }

    #[test]
    fn a_trait_is_no_type() {
        assert_eq!(fault(MAIL, "mail::Transport"), Some(Fault::Trait));
        assert_eq!(fault(MAIL, "dyn mail::Transport"), None);
        let brought_in = "pub use other::Transport;\nmod inner { trait Transport {} }";
        assert_eq!(fault(brought_in, "mail::Transport"), None);
        let opened = format!("{MAIL} pub use other::*;");
        assert_eq!(fault(&opened, "mail::Transport"), None);
    }

    #[test]
    fn a_name_that_a_crate_may_have_from_elsewhere_is_not_missed_however_near_another_is() {
        for brings_in in [
            "pub use other::*;",
            "service! { Smtp }",
            "#[automock]\ntrait Inbox {}",
        ] {
            let text = format!("{MAIL} {brings_in}");
            assert_eq!(fault(&text, "mail::Smtps"), None, "{text}");
            assert_eq!(fault(&text, "dyn mail::Trasport"), None, "{text}");
        }
    }

    #[test]
    fn a_name_in_a_comment_is_not_missed() {
        let text = "// Inbox is made by a macro.";
        assert_eq!(fault(text, "crate::Inbox"), None);
    }
}
