//! Every key of every table of a manifest, with what may stand there and a sentence about it.
//!
//! The reader has its lists of keys from here, and what it says of a key that is not in them; the JSON Schema and the
//! reference in docs/manifest.md are made of this.

#[rustfmt::skip]
mod tables;

use treenail_core::nearest::nearest;

use crate::diagnostic::mistake::KeyCure;
use ValueKind::{Either, Format, Lines, List, Setting, Table, TableOfSettings, Tables};
use tables::REMOVED;
pub(super) use tables::{
    ALL, ASSERT, COMPONENT, CONDITION, DEADLINE, HOST, LINES, MANIFEST, NEED, NOT, OVERLAY,
    OVERRIDE, PLUGIN, RESTART, RULE, SETTING, THAT, TUNING,
};

/// A table of a manifest.
#[derive(Debug)]
pub(crate) struct KeyTable {
    /// As people write it, or what they call it.
    pub(crate) title: &'static str,
    /// How it is written, where it has no header.
    pub(crate) example: &'static str,
    /// Its keys; two tables may share some of them.
    groups: &'static [&'static [Key]],
}

/// A key of a table.
#[derive(Debug)]
pub(crate) struct Key {
    /// Its name.
    pub(crate) name: &'static str,
    /// What may stand there.
    pub(crate) value: ValueKind,
    /// Whether it has to be there.
    pub(crate) presence: Presence,
    /// A sentence about it.
    pub(crate) about: &'static str,
}

/// Whether a key has to be there.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Presence {
    /// It has to. The line to write where it is missing.
    Required(&'static str),
    /// It may be left out. What holds then.
    Default(&'static str),
    /// It may be left out.
    Optional,
    /// It may stand only beside this key.
    Beside(&'static str),
    /// One of the keys that are like this has to be there.
    OneOfThese,
}

/// What may stand behind a key.
#[derive(Debug)]
pub(crate) enum ValueKind {
    /// A string.
    Text,
    /// An identifier of Rust.
    Name,
    /// A name in which there may be `-`.
    DashedName,
    /// A string that is not empty.
    AnyName,
    /// The id of a plugin, and the name of an overlay.
    PluginId,
    /// `plugin:Name`
    ComponentId,
    /// `1.4.0`
    Version,
    /// `>=1.2, <2`
    Versions,
    /// `30s`
    Duration,
    /// A path to a type, or `dyn` and one to a trait.
    Type,
    /// A path that begins with `crate`.
    OwnType,
    /// `dyn path::Trait`
    Trait,
    /// One of these strings.
    Word(fn() -> Vec<&'static str>),
    /// `true` or `false`.
    Truth,
    /// A number from zero to this one.
    Number(Option<u32>),
    /// The number of the format.
    Format,
    /// `{ feature = "name" }`, or `'cfg(…)'`.
    Condition,
    /// What a setting is about.
    Stated,
    /// A list that holds an element once.
    List(&'static ValueKind),
    /// A table whose keys are the author's: what they are, their values, and a line of it.
    Lines(&'static ValueKind, &'static ValueKind, &'static str),
    /// A table.
    Table(&'static KeyTable),
    /// A table whose values may be written as settings.
    TableOfSettings(&'static KeyTable),
    /// Tables, each under a header in two brackets.
    Tables(&'static KeyTable),
    /// The value, or a table with it, its priority and its condition.
    Setting(&'static ValueKind),
    /// One of the two.
    Either(&'static ValueKind, &'static ValueKind),
}

const fn key(name: &'static str, value: ValueKind, presence: Presence, about: &'static str) -> Key {
    Key {
        name,
        value,
        presence,
        about,
    }
}

impl KeyTable {
    /// Its keys.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &'static Key> + Clone + use<> {
        self.groups.iter().copied().flatten()
    }

    /// The names of its keys.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> + Clone + use<> {
        self.keys().map(|key| key.name)
    }

    /// The key of this name.
    pub(crate) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys().find(|key| key.name == name)
    }

    /// A line of the table that is the value of this key.
    pub(super) fn line(&self, name: &str) -> &'static str {
        match self.key(name).map(|key| &key.value) {
            Some(Lines(_, _, line)) => line,
            _ => "",
        }
    }

    /// The tables that its keys hold.
    fn inner(&self) -> impl Iterator<Item = &'static KeyTable> + use<> {
        self.keys().flat_map(|key| key.value.tables())
    }

    /// What to do about a key that it does not have. A key of a table within it, or around it, stands in the wrong table.
    pub(super) fn cure(&self, written: &str) -> KeyCure {
        let mut removed = REMOVED.iter();
        if let Some((.., instead)) =
            removed.find(|(table, name, _)| std::ptr::eq(*table, self) && *name == written)
        {
            return KeyCure::Gone(instead);
        }
        let has_written = |table: &&KeyTable| table.key(written).is_some();
        if let Some(table) = self.inner().find(|table| has_written(table)) {
            return table.home();
        }
        let is_this = |table: &KeyTable| std::ptr::eq(table, self);
        let has_header = is_this(&MANIFEST) || MANIFEST.inner().any(is_this);
        if let Some(key) = MANIFEST.key(written).filter(|_| has_header) {
            return key.header();
        }
        let is_near = |table: &&KeyTable| match has_header {
            true => table.example.is_empty(),
            false => table.inner().any(is_this),
        };
        let mut near = ALL.iter().copied().filter(is_near).filter(has_written);
        match (near.next(), near.next()) {
            (Some(only), None) => only.home(),
            _ => nearest(written, self.names()).map_or(KeyCure::Unknown, KeyCure::Meant),
        }
    }

    /// Says that a key belongs here.
    fn home(&self) -> KeyCure {
        KeyCure::KeyOf {
            table: self.title,
            example: self.example,
        }
    }
}

impl Key {
    /// Where a key of the manifest itself is to be written.
    fn header(&self) -> KeyCure {
        match &self.value {
            Format => KeyCure::FirstLine,
            Tables(_) => KeyCure::Header(format!("[[{}]]", self.name)),
            Lines(_, _, line) if line.starts_with('[') => KeyCure::Header((*line).to_owned()),
            _ => KeyCure::Header(format!("[{}]", self.name)),
        }
    }
}

impl ValueKind {
    /// The tables that may stand there, however they are written.
    fn tables(&self) -> Vec<&'static KeyTable> {
        match self {
            Table(table) | TableOfSettings(table) | Tables(table) => vec![*table],
            List(of) | Lines(_, of, _) | Setting(of) => of.tables(),
            Either(one, other) => [one.tables(), other.tables()].concat(),
            _ => Vec::new(),
        }
    }
}
