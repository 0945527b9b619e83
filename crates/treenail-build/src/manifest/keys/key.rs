//! What a table of keys is made of.

use ValueKind::{Either, Lines, List, Setting, Table, TableOfSettings, Tables};

/// A table of a manifest.
#[derive(Debug)]
pub(crate) struct KeyTable {
    /// As people write it, or what they call it.
    pub(crate) title: &'static str,
    /// How it is written, where it has no header.
    pub(crate) example: &'static str,
    /// Its keys; two tables may share some of them.
    pub(super) groups: &'static [&'static [Key]],
}

/// What may hold of a key in a table.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Held {
    /// It is there. `false` where there may be `true` is as good as nothing.
    Key(&'static str),
    /// It is this word.
    Word(&'static str, &'static str),
    /// It is a text.
    Text(&'static str),
    /// It is `false`, where that says something.
    Off(&'static str),
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
    /// One of the keys that are like this has to be there, and no other.
    OneOfThese,
    /// At least one of the keys that are like this has to be there.
    SomeOfThese,
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
    /// The name of a lint, its code, or a group of lints.
    Lint,
    /// The key of an entry: any text that is not empty, nor longer than [`LONGEST_KEY`](super::LONGEST_KEY).
    EntryKey,
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
    /// A duration that is not nothing.
    Deadline,
    /// A path to a type, or `dyn` and one to a trait.
    Type,
    /// A path to a function, a constant or a static.
    Item,
    /// A path that begins with `crate`.
    OwnType,
    /// `dyn path::Trait`
    Trait,
    /// One of these strings.
    Word(fn() -> Vec<&'static str>),
    /// `true` or `false`.
    Truth,
    /// `false`.
    Off,
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
    /// A dependency as Cargo.toml has it: a version, or a table.
    Dependency,
    /// A dependency as Cargo.toml has it, that says which package it is.
    PackageDependency,
    /// A table that Cargo reads.
    CargoTable,
    /// The value, or a table with it, its priority and its condition.
    Setting(&'static ValueKind),
    /// One of the two.
    Either(&'static ValueKind, &'static ValueKind),
}

pub(super) const fn key(
    name: &'static str,
    value: ValueKind,
    presence: Presence,
    about: &'static str,
) -> Key {
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
    pub(crate) fn line(&self, name: &str) -> &'static str {
        match self.key(name).map(|key| &key.value) {
            Some(Lines(_, _, line)) => line,
            _ => "",
        }
    }

    /// The tables that its keys hold.
    pub(super) fn inner(&self) -> impl Iterator<Item = &'static KeyTable> + use<> {
        self.keys().flat_map(|key| key.value.tables())
    }
}

impl ValueKind {
    /// The tables that may stand there, however they are written.
    pub(super) fn tables(&self) -> Vec<&'static KeyTable> {
        match self {
            Table(table) | TableOfSettings(table) | Tables(table) => vec![*table],
            List(of) | Lines(_, of, _) | Setting(of) => of.tables(),
            Either(one, other) => [one.tables(), other.tables()].concat(),
            _ => Vec::new(),
        }
    }
}
