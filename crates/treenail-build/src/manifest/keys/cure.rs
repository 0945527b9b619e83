//! What to do about a key that a table does not have.

use treenail_core::nearest::nearest;

use super::key::{Key, KeyTable, ValueKind};
use super::tables::{ALL, MANIFEST, OVERLAY_HOST, REMOVED, WORDS};
use crate::diagnostic::mistake::KeyCure;

impl KeyTable {
    /// What to do about a key that it does not have. A key of a table within it, or around it, stands in the wrong table.
    pub(crate) fn cure(&self, written: &str) -> KeyCure {
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
            // In the table of its own name it is of no use.
            return match key.value {
                ValueKind::TableOfSettings(table) | ValueKind::Table(table) if is_this(table) => {
                    KeyCure::Unknown
                }
                _ => key.header(),
            };
        }
        let is_near = |table: &&KeyTable| match has_header {
            true => table.example.is_empty(),
            false => table.inner().any(is_this),
        };
        // An overlay's has keys of the manifest's own.
        let all = ALL.iter().copied();
        let all = all.filter(|table| !std::ptr::eq(*table, &OVERLAY_HOST));
        let mut near = all.filter(is_near).filter(has_written);
        match (near.next(), near.next()) {
            (Some(only), None) => only.home(),
            _ => {
                let meant = nearest(written, self.names()).or_else(|| self.other_word(written));
                meant.map_or(KeyCure::Unknown, KeyCure::Meant)
            }
        }
    }

    /// The key for which people have another word.
    fn other_word(&self, written: &str) -> Option<String> {
        let mut words = WORDS.iter();
        let found = words.find(|(table, word, _)| std::ptr::eq(*table, self) && *word == written);
        found.map(|(.., key)| (*key).to_owned())
    }

    /// For each of the keys that are written in a table: the one that was meant, where it has none of this name.
    pub(crate) fn meant(&'static self, written: &[&str]) -> Vec<Option<&'static str>> {
        let mut meant: Vec<Option<&'static str>> = Vec::new();
        for name in written {
            let is_unknown = !self.groups.is_empty() && self.key(name).is_none();
            let found = match is_unknown.then(|| self.cure(name)) {
                Some(KeyCure::Meant(found)) => self.key(&found).map(|key| key.name),
                _ => None,
            };
            let is_free = |key: &&str| !written.contains(key) && !meant.contains(&Some(*key));
            meant.push(found.filter(is_free));
        }
        meant
    }

    /// Where a key of the lines of a table belongs, which stands in that table instead.
    pub(crate) fn key_of_line(&self, table: &str, written: &str) -> Option<KeyCure> {
        let mut lines = self.key(table)?.value.tables().into_iter();
        let line = lines.find(|line| line.key(written).is_some())?;
        Some(line.home())
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
            ValueKind::Format => KeyCure::FirstLine,
            ValueKind::Tables(_) => KeyCure::Header(format!("[[{}]]", self.name)),
            ValueKind::Lines(_, _, line) if line.starts_with('[') => {
                KeyCure::Header((*line).to_owned())
            }
            _ => KeyCure::Header(format!("[{}]", self.name)),
        }
    }
}
