//! TOML values with their places, as the reader walks them.

use toml::de::DeValue;

use super::keys::KeyTable;
use crate::model::Poison;
use crate::source::{Located, Origin};

/// A key with its value.
#[derive(Debug, Clone)]
pub(super) struct Entry<'t> {
    /// The key; for an element of an array, the key of the array.
    pub(super) key: &'t str,
    /// Place of the key.
    pub(super) key_at: Origin,
    /// The value.
    pub(super) value: &'t DeValue<'t>,
    /// Place of the value; the header for a table that has one.
    pub(super) at: Origin,
    /// The TOML parser found a mistake within the value: it may not be what was written.
    pub(super) broken: bool,
    /// The key that was probably meant, where the table has none of this name.
    pub(super) meant: Option<&'static str>,
}

impl Entry<'_> {
    /// The key, as a name with its place.
    pub(super) fn name(&self) -> Located<String> {
        Located {
            value: self.key.to_owned(),
            origin: self.key_at,
        }
    }

    /// Whether it is `[]`.
    pub(super) fn is_empty_array(&self) -> bool {
        matches!(self.value, DeValue::Array(elements) if elements.is_empty()) && !self.broken
    }

    /// Every string in the value, however deep.
    pub(super) fn strings(&self) -> Vec<String> {
        let mut found = Vec::new();
        each_text(self.value, false, &mut |text| found.push(text.to_owned()));
        found
    }

    /// Everything in the value that has a name or is a text.
    pub(super) fn absorb_into(&self, poison: &mut Poison) {
        each_text(self.value, true, &mut |text| poison.absorb(text));
    }

    /// What kind of value it is, with its article.
    pub(super) fn kind(&self) -> &'static str {
        match self.value {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        }
    }
}

/// Tells of every string in a value, and of every key where that is asked.
fn each_text(value: &DeValue<'_>, keys: bool, tell: &mut dyn FnMut(&str)) {
    match value {
        DeValue::String(text) => tell(text),
        DeValue::Array(values) => {
            for value in values.iter() {
                each_text(value.get_ref(), keys, tell);
            }
        }
        DeValue::Table(table) => {
            for (key, value) in table.iter() {
                if keys {
                    tell(key.get_ref());
                }
                each_text(value.get_ref(), keys, tell);
            }
        }
        _ => {}
    }
}

/// A table that is being read: keys are taken out of it, and what is left at the end is unknown.
#[derive(Debug)]
pub(super) struct Table<'t> {
    /// As people write it: `[plugin]`.
    pub(super) title: String,
    /// Its header, or the table itself where it is inline.
    pub(super) at: Origin,
    /// The TOML parser found a mistake in it: a key that is missing may be there.
    pub(super) broken: bool,
    /// The keys that it may have.
    pub(super) keys: &'static KeyTable,
    /// What has not been taken, in the order of the file.
    pub(super) entries: Vec<Entry<'t>>,
}

impl<'t> Table<'t> {
    /// What is known of a table where something else stands.
    pub(super) fn unread(entry: &Entry<'t>, keys: &'static KeyTable) -> Self {
        Self {
            title: String::new(),
            at: entry.at,
            broken: entry.broken,
            keys,
            entries: Vec::new(),
        }
    }

    /// What stands at a key and has not been taken.
    pub(super) fn get(&self, key: &str) -> Option<&Entry<'t>> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// What nothing has taken, and was not read as what it was meant for.
    pub(super) fn untaken(&self) -> impl Iterator<Item = &Entry<'t>> {
        let is_read = |entry: &&Entry<'_>| entry.meant.is_some() && !entry.broken;
        self.entries.iter().filter(move |entry| !is_read(entry))
    }

    /// Takes out a key, which is one of its own. Where it is not there, but one that was meant for it: what that says; it stays,
    /// to be reported as unknown.
    pub(super) fn take(&mut self, key: &str) -> Option<Entry<'t>> {
        debug_assert!(
            self.keys.key(key).is_some(),
            "{key} is no key of {}",
            self.keys.title
        );
        if let Some(place) = self.entries.iter().position(|entry| entry.key == key) {
            return Some(self.entries.remove(place));
        }
        let mut entries = self.entries.iter();
        entries.find(|entry| entry.meant == Some(key)).cloned()
    }
}
