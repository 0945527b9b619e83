//! What all parts of a manifest are read with: tables, keys that are missing or unknown, and values of each kind.
//!
//! A function that returns `None` has reported why, or keeps silent because the TOML parser did.

use std::borrow::Cow;
use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use semver::{Version, VersionReq};
use treenail_core::nearest::nearest;

use super::keys::{KeyTable, MANIFEST, Presence};
use super::syntax::{self, Syntax};
use super::value::{Entries, Entry, Table};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{
    MissingKey, NameFault, NameOf, NotAName, NotATypePath, NotAVersion, Repeated, UnknownKey,
    UnknownValue, WrongType,
};
use crate::model::TypeExpr;
use crate::model::type_path;
use crate::model::type_path::PathFault;
use crate::source::{Located, Origin, SourceId, quoted};

/// One manifest on its way in.
pub(super) struct Reader<'a> {
    /// The file.
    pub(super) source: SourceId,
    /// Its text.
    pub(super) text: &'a str,
    /// What the TOML parser found wrong.
    pub(super) syntax: Syntax,
    /// Features that conditions name, as far as they have been read.
    pub(super) features: Vec<Located<String>>,
    /// Where mistakes go.
    pub(super) problems: &'a mut Diagnostics,
}

impl Reader<'_> {
    /// The manifest as a table.
    pub(super) fn root<'t>(&self, table: &'t DeTable<'t>) -> Table<'t> {
        let at = Origin::new(self.source, 0..0);
        Table {
            title: "the manifest".to_owned(),
            at,
            broken: self.syntax.touches(&self.syntax.section(0)),
            keys: &MANIFEST,
            entries: self.entries(table),
        }
    }

    fn entries<'t>(&self, table: &'t DeTable<'t>) -> Entries<'t> {
        let entry = |(key, value): (&'t Spanned<_>, _)| {
            let key_at = Origin::new(self.source, key.span());
            let key: &'t Cow<'t, str> = key.get_ref();
            (key.as_ref(), self.entry(key, key_at, value))
        };
        table.iter().map(entry).collect()
    }

    fn entry<'t>(
        &self,
        key: &'t str,
        key_at: Origin,
        value: &'t Spanned<DeValue<'t>>,
    ) -> Entry<'t> {
        let range = value.span();
        // What the TOML parser puts where it could not read a value has no place.
        let nowhere =
            range.end <= key_at.start as usize && !range.contains(&(key_at.start as usize));
        let broken = self.syntax.touches(&range) || self.syntax.is_broken() && nowhere;
        Entry {
            key,
            key_at,
            value: value.get_ref(),
            at: Origin::new(self.source, range),
            broken,
        }
    }

    /// The value as a table with these keys; `title` is how people write it.
    pub(super) fn table<'t>(
        &mut self,
        entry: &Entry<'t>,
        keys: &'static KeyTable,
        title: &str,
        expected: &str,
    ) -> Option<Table<'t>> {
        let range = entry.at.start as usize..entry.at.end as usize;
        let has_header = syntax::is_header(self.text, entry.value, &range);
        match entry.value {
            DeValue::Table(table) if has_header || !entry.broken => {
                let extent = if has_header {
                    self.syntax.section(range.start)
                } else {
                    range
                };
                let broken = self.syntax.touches(&extent);
                Some(Table {
                    title: title.to_owned(),
                    at: entry.at,
                    broken,
                    keys,
                    entries: self.entries(table),
                })
            }
            _ => self.wrong_type(entry, expected),
        }
    }

    /// The elements of an array; they carry its key.
    pub(super) fn array<'t>(
        &mut self,
        entry: &Entry<'t>,
        expected: &str,
    ) -> Option<Vec<Entry<'t>>> {
        match entry.value {
            DeValue::Array(values) if !entry.broken => Some(
                values
                    .iter()
                    .map(|value| self.entry(entry.key, entry.key_at, value))
                    .collect(),
            ),
            _ => self.wrong_type(entry, expected),
        }
    }

    /// Reports a value that is of another kind than expected, unless the TOML parser has.
    pub(super) fn wrong_type<T>(&mut self, entry: &Entry<'_>, expected: &str) -> Option<T> {
        if !entry.broken {
            let problem = WrongType {
                key: entry.key.to_owned(),
                expected: expected.to_owned(),
                found: entry.kind().to_owned(),
            };
            self.problems.report(problem, entry.at);
        }
        None
    }

    /// Takes out a key that has to be there.
    pub(super) fn require<'t>(&mut self, table: &mut Table<'t>, key: &str) -> Option<Entry<'t>> {
        let entry = table.take_meant(key);
        if let (None, Some(Presence::Required(line))) =
            (&entry, table.keys.key(key).map(|key| key.presence))
        {
            self.missing(table, key, line);
        }
        entry
    }

    /// Reports a key that is not there, unless a mistake of TOML may have hidden it, or it is there with a slip in its name.
    pub(super) fn missing(&mut self, table: &Table<'_>, key: &str, example: &str) {
        let misspelt = table
            .entries
            .keys()
            .any(|written| nearest(written, [key]).is_some());
        if !table.broken && !misspelt {
            let problem = MissingKey {
                key: key.to_owned(),
                table: table.title.clone(),
                example: example.to_owned(),
            };
            self.problems.report(problem, table.at);
        }
    }

    /// Reports the keys that nothing has taken; says whether there are any.
    pub(super) fn finish(&mut self, table: &Table<'_>) -> bool {
        for entry in table.in_order() {
            let problem = UnknownKey {
                key: entry.key.to_owned(),
                table: table.title.clone(),
                expected: table.keys.names().map(str::to_owned).collect(),
                cure: table.keys.cure(entry.key),
            };
            self.problems.report(problem, entry.key_at);
        }
        !table.entries.is_empty()
    }

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
    pub(super) fn text(&mut self, entry: Option<Entry<'_>>) -> Option<String> {
        entry
            .and_then(|entry| self.string(&entry))
            .map(|text| text.value)
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

    /// A list without what stands in it before; that is reported.
    pub(super) fn once<T: Clone + Ord + ToString>(
        &mut self,
        key: &str,
        list: &mut Vec<Located<T>>,
    ) {
        let mut known: BTreeMap<T, Origin> = BTreeMap::new();
        list.retain(|one| {
            let first = *known.entry(one.value.clone()).or_insert(one.origin);
            let is_first = first == one.origin;
            if !is_first {
                let problem = Repeated {
                    entry: one.value.to_string(),
                    key: key.to_owned(),
                    first,
                };
                self.problems.report(problem, one.origin);
            }
            is_first
        });
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
        let fault = if text.is_empty() {
            NameFault::Empty
        } else {
            fault
        };
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
