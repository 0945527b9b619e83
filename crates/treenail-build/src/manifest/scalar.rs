//! Plain values: texts, numbers, words, versions, types.
//!
//! A function that returns `None` has reported why, or keeps silent because the TOML parser did.

use semver::{Version, VersionReq};
use toml::de::DeValue;
use treenail_core::nearest::nearest;

use super::reader::Reader;
use super::value::Entry;
use crate::diagnostic::mistake::{
    NameFault, NameOf, NotAName, NotATypePath, NotAVersion, UnknownValue, WrongType,
};
use crate::model::type_path::PathFault;
use crate::model::{TypeExpr, type_path};
use crate::source::{Located, Origin, quoted};

impl Reader<'_> {
    /// The value as a string.
    pub(super) fn string(&mut self, entry: &Entry<'_>) -> Option<Located<String>> {
        match entry.value {
            DeValue::String(text) if !entry.broken => Some(Located {
                value: text.to_string(),
                origin: entry.at,
            }),
            _ => self.wrong_type(entry, "a string"),
        }
    }

    /// A text for people.
    pub(super) fn text(&mut self, entry: &Entry<'_>) -> Option<String> {
        self.string(entry).map(|text| text.value)
    }

    /// The value as `true` or `false`.
    pub(super) fn boolean(&mut self, entry: &Entry<'_>) -> Option<Located<bool>> {
        match entry.value {
            DeValue::Boolean(value) if !entry.broken => Some(Located {
                value: *value,
                origin: entry.at,
            }),
            _ => self.wrong_type(entry, "`true` or `false`"),
        }
    }

    /// The value as a number.
    pub(super) fn integer(&mut self, entry: &Entry<'_>) -> Option<i64> {
        match entry.value {
            DeValue::Integer(number) if !entry.broken => {
                Some(i64::from_str_radix(number.as_str(), number.radix()).unwrap_or(i64::MAX))
            }
            _ => self.wrong_type(entry, "a number"),
        }
    }

    /// The value as a number that is not negative, nor larger than any count.
    pub(super) fn count(&mut self, entry: &Entry<'_>) -> Option<u32> {
        let number = self.integer(entry)?;
        match u32::try_from(number) {
            Ok(count) => Some(count),
            Err(_) => self.unfit(entry, "a number from 0 to 4294967295", &number.to_string()),
        }
    }

    /// Reports a value of the right kind that cannot stand here.
    pub(super) fn unfit<T>(&mut self, entry: &Entry<'_>, expected: &str, found: &str) -> Option<T> {
        let problem = WrongType {
            key: entry.key.to_owned(),
            expected: expected.to_owned(),
            found: format!("`{found}`"),
        };
        self.problems.report(problem, entry.at);
        None
    }

    /// One of several words. A slip of the hand is reported, and taken for what was meant.
    pub(super) fn choice<T: Copy>(
        &mut self,
        entry: &Entry<'_>,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let word = self.string(entry)?.value;
        let named = |word: &str| {
            let mut choices = choices.iter();
            choices
                .find(|(name, _)| *name == word)
                .map(|(_, value)| *value)
        };
        if let Some(value) = named(&word) {
            return Some(value);
        }
        let suggestion = nearest(&word, choices.iter().map(|(name, _)| *name));
        let meant = suggestion.as_deref().and_then(named);
        let problem = UnknownValue {
            key: entry.key.to_owned(),
            suggestion,
            value: word,
            expected: choices.iter().map(|(name, _)| (*name).to_owned()).collect(),
        };
        self.problems.report(problem, entry.at);
        meant
    }

    /// A version: `1.4.0`.
    pub(super) fn version(&mut self, entry: &Entry<'_>) -> Option<Located<Version>> {
        self.parsed(entry, Version::parse, false)
    }

    /// A version requirement: `>=1.2, <2`.
    pub(super) fn requirement(&mut self, entry: &Entry<'_>) -> Option<Located<VersionReq>> {
        self.parsed(entry, VersionReq::parse, true)
    }

    fn parsed<T>(
        &mut self,
        entry: &Entry<'_>,
        parse: fn(&str) -> Result<T, semver::Error>,
        requirement: bool,
    ) -> Option<Located<T>> {
        let Located {
            value: text,
            origin,
        } = self.string(entry)?;
        match parse(&text) {
            Ok(value) => Some(Located { value, origin }),
            Err(error) => {
                let problem = NotAVersion {
                    text,
                    requirement,
                    words: error.to_string(),
                };
                self.problems.report(problem, origin);
                None
            }
        }
    }

    /// A type, in the value.
    pub(super) fn ty(&mut self, entry: &Entry<'_>) -> Option<Located<TypeExpr>> {
        let text = self.string(entry)?;
        self.type_in(&text.value, text.origin)
    }

    /// A type, written at this place.
    pub(super) fn type_in(&mut self, text: &str, at: Origin) -> Option<Located<TypeExpr>> {
        match type_path::parse(text) {
            Ok(value) => Some(Located { value, origin: at }),
            Err(refusal) => {
                let part = self.within(at, text, refusal.range);
                self.not_a_path(text, refusal.fault, part)
            }
        }
    }

    /// Reports a type that cannot stand where it does.
    pub(super) fn not_a_path<T>(&mut self, text: &str, fault: PathFault, at: Origin) -> Option<T> {
        self.problems.report(
            NotATypePath {
                text: text.to_owned(),
                fault,
            },
            at,
        );
        None
    }

    /// Part of a string, where the file spells the string letter by letter; else the whole string.
    pub(super) fn within(&self, at: Origin, value: &str, part: std::ops::Range<usize>) -> Origin {
        let (start, end) = (at.start as usize, at.end as usize);
        let written = self.text.get(start..end).and_then(quoted);
        if value.is_empty() || written.is_none_or(|(inner, _)| inner != value) {
            return at;
        }
        Origin::new(self.source, start + 1 + part.start..start + 1 + part.end)
    }

    /// Reports a name that is none.
    pub(super) fn not_a_name<T>(
        &mut self,
        text: &str,
        of: NameOf,
        fault: NameFault,
        at: Origin,
    ) -> Option<T> {
        self.problems.report(
            NotAName {
                text: text.to_owned(),
                of,
                fault,
            },
            at,
        );
        None
    }
}
