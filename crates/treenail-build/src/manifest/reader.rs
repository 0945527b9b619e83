//! What all parts of a manifest are read with: tables and lists, and keys that are missing, unknown, or one too many.
//!
//! A function that returns `None` has reported why, or keeps silent because the TOML parser did.

use std::borrow::Cow;
use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use treenail_core::nearest::nearest;

use super::keys::{FORMAT_KEY, KeyTable, LINES, MANIFEST, Presence};
use super::syntax::{self, Syntax};
use super::value::{Entry, Table};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{
    Excluding, KeyCure, MissingKey, NotACondition, Repeated, UnknownKey, WrongType,
};
use crate::key_map::KeyMap;
use crate::sort::sort_by;
use crate::source::{Located, Origin, SourceId};

/// One manifest on its way in.
pub(super) struct Reader<'a> {
    /// The file.
    pub(super) source: SourceId,
    /// Its text.
    pub(super) text: &'a str,
    /// What the TOML parser found wrong.
    pub(super) syntax: Syntax,
    /// The format is not stated where it belongs.
    pub(super) lacks_format: bool,
    /// Keys that have to be there and are not.
    pub(super) missing: Vec<(MissingKey, Origin)>,
    /// Keys that stand in a wrong table.
    pub(super) elsewhere: Vec<String>,
    /// Features that conditions name, as far as they have been read.
    pub(super) features: Vec<Located<String>>,
    /// What conditions ask of the target, as far as they have been read.
    pub(super) target: BTreeSet<String>,
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
            entries: self.entries(table, &MANIFEST),
        }
    }

    fn entries<'t>(&self, table: &'t DeTable<'t>, keys: &'static KeyTable) -> Vec<Entry<'t>> {
        let entry = |(key, value): (&'t Spanned<Cow<'t, str>>, _)| {
            let key_at = Origin::new(self.source, key.span());
            self.entry(key.get_ref(), key_at, value)
        };
        let mut entries: Vec<Entry<'t>> = table.iter().map(entry).collect();
        entries.retain(|entry| !self.syntax.is_taken_in(entry.key_at.start as usize));
        sort_by(&mut entries, |a, b| a.key_at.cmp(&b.key_at));
        let written: Vec<&str> = entries.iter().map(|entry| entry.key).collect();
        let meant = keys.meant(&written);
        for (entry, meant) in entries.iter_mut().zip(meant) {
            entry.meant = meant;
        }
        entries
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
            meant: None,
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
                    entries: self.entries(table, keys),
                })
            }
            _ => self.wrong_type(entry, expected),
        }
    }

    /// The lines of a table whose keys are the author's, in the order of the file.
    pub(super) fn lines<'t>(
        &mut self,
        entry: &Entry<'t>,
        title: &str,
        expected: &str,
    ) -> Option<Vec<Entry<'t>>> {
        let mut table = self.table(entry, &LINES, title, expected)?;
        table.entries.retain(|line| {
            let cure = misplaced(entry.key, line, self.lacks_format);
            let is_line = cure.is_none();
            if let Some(cure) = cure {
                self.unknown(line, title, Vec::new(), cure);
            }
            is_line
        });
        Some(table.entries)
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

    /// Reports a value that is of another kind than expected, unless the TOML parser has, or the key is reported.
    pub(super) fn wrong_type<T>(&mut self, entry: &Entry<'_>, expected: &str) -> Option<T> {
        if !entry.broken && entry.meant.is_none() {
            let problem = WrongType {
                key: entry.key.to_owned(),
                expected: expected.to_owned(),
                found: entry.kind().to_owned(),
            };
            self.problems.report(problem, entry.at);
        }
        None
    }

    /// Takes out a key, and reads what stands there.
    pub(super) fn value<'t, T>(
        &mut self,
        table: &mut Table<'t>,
        key: &str,
        read: impl FnOnce(&mut Self, &Entry<'t>) -> Option<T>,
    ) -> Option<T> {
        let entry = table.take(key)?;
        read(self, &entry)
    }

    /// Takes out a key that has to be there, and reads what stands there.
    pub(super) fn required<'t, T>(
        &mut self,
        table: &mut Table<'t>,
        key: &str,
        read: impl FnOnce(&mut Self, &Entry<'t>) -> Option<T>,
    ) -> Option<T> {
        let entry = self.require(table, key)?;
        read(self, &entry)
    }

    /// Takes out a key that has to be there.
    pub(super) fn require<'t>(&mut self, table: &mut Table<'t>, key: &str) -> Option<Entry<'t>> {
        let entry = table.take(key);
        if let (None, Some(Presence::Required(line))) =
            (&entry, table.keys.key(key).map(|key| key.presence))
        {
            let problem = missing(table, &[(key, line)]);
            self.missing
                .extend(problem.map(|problem| (problem, table.at)));
        }
        entry
    }

    /// Reports a key that is not there, unless a mistake of TOML may have hidden it, or it is there with a slip in its name.
    pub(super) fn missing(&mut self, table: &Table<'_>, key: &str, example: &str) {
        self.missing_all(table, &[(key, example)]);
    }

    /// Reports that none of these keys is there, as [`Self::missing`] does one.
    pub(super) fn missing_all(&mut self, table: &Table<'_>, keys: &[(&str, &str)]) {
        if let Some(problem) = missing(table, keys) {
            self.problems.report(problem, table.at);
        }
    }

    /// Reports the keys that have to be there and are not, but for those that stand elsewhere, which is told there.
    pub(super) fn report_missing(&mut self) {
        for (problem, at) in std::mem::take(&mut self.missing) {
            let mut keys = problem.keys.iter();
            if !keys.any(|(key, _)| self.elsewhere.contains(key)) {
                self.problems.report(problem, at);
            }
        }
    }

    /// Reports the keys that nothing has taken; says whether there are any.
    pub(super) fn finish(&mut self, table: &Table<'_>) -> bool {
        for entry in &table.entries {
            let names = table.keys.names().map(str::to_owned);
            let cure = match entry.meant {
                Some(meant) => KeyCure::Meant(meant.to_owned()),
                None => match table.keys.cure(entry.key) {
                    // That one is written as well.
                    KeyCure::Meant(_) => KeyCure::Unknown,
                    cure => cure,
                },
            };
            self.unknown(entry, &table.title, names.collect(), cure);
        }
        !table.entries.is_empty()
    }

    /// Reports a key that its table does not have, unless the TOML parser has found a mistake in it.
    pub(super) fn unknown(
        &mut self,
        entry: &Entry<'_>,
        table: &str,
        expected: Vec<String>,
        cure: KeyCure,
    ) {
        let key = entry.key_at.start as usize..entry.key_at.end as usize;
        if self.syntax.begins_in(&key) {
            return;
        }
        if matches!(
            cure,
            KeyCure::FirstLine | KeyCure::Header(_) | KeyCure::KeyOf { .. }
        ) {
            self.elsewhere.push(entry.key.to_owned());
        }
        let problem = UnknownKey {
            key: entry.key.to_owned(),
            table: table.to_owned(),
            expected,
            cure,
        };
        self.problems.report(problem, entry.key_at);
    }

    /// Reports keys that may not stand together: the first two of them, in the order of the file.
    pub(super) fn excluding(&mut self, mut keys: Vec<(Origin, &str)>) {
        sort_by(&mut keys, Ord::cmp);
        if let [(first_at, first), (second_at, second), ..] = keys[..] {
            let problem = Excluding {
                first: first.to_owned(),
                second: second.to_owned(),
                first_at,
            };
            self.problems.report(problem, second_at);
        }
    }

    /// Reports a table that has to say something and is empty.
    pub(super) fn empty(&mut self, entry: &Entry<'_>, example: &'static str) {
        let problem = NotACondition::Empty { example };
        self.problems.report(problem, entry.at);
    }

    /// Takes out of a list what stands in it before; that is reported.
    pub(super) fn once<T: ToString>(&mut self, key: &str, list: &mut Vec<Located<T>>) {
        let mut known = KeyMap::new();
        list.retain(|one| {
            let first = *known.entry(one.value.to_string()).get_or_insert(one.origin);
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
}

/// What to say of a key that is not there, or of several of which one would do, each with a line of it.
fn missing(table: &Table<'_>, keys: &[(&str, &str)]) -> Option<MissingKey> {
    let mut entries = table.entries.iter();
    // A text under a name that does not exist may be what the key should say.
    let may_be_it = |entry: &Entry<'_>| {
        let is_text = matches!(entry.value, DeValue::String(_));
        nearest(entry.key, keys.iter().map(|(key, _)| *key)).is_some()
            || is_text && matches!(table.keys.cure(entry.key), KeyCure::Gone(_))
    };
    let is_there = table.broken || entries.any(may_be_it);
    let keys = keys.iter();
    (!is_there).then(|| MissingKey {
        keys: keys
            .map(|(key, line)| ((*key).to_owned(), (*line).to_owned()))
            .collect(),
        table: table.title.clone(),
    })
}

/// Where a line of a table whose keys are the author's belongs, if it cannot be one of this table.
fn misplaced(table: &str, line: &Entry<'_>, lacks_format: bool) -> Option<KeyCure> {
    if lacks_format && line.key == FORMAT_KEY && matches!(line.value, DeValue::Integer(_)) {
        return Some(KeyCure::FirstLine);
    }
    let is_line = match table {
        "lifecycle" | "override" => false,
        "plugins" => matches!(line.value, DeValue::String(_) | DeValue::Table(_)),
        _ => true,
    };
    MANIFEST.key_of_line(table, line.key).filter(|_| !is_line)
}
