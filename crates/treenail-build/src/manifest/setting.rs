//! Values that layers may state with a priority or a condition, and edits of lists.

use toml::de::DeValue;

use super::reader::Reader;
use super::value::Entry;
use crate::diagnostic::Problem;
use crate::model::{ListEdit, Setting};
use crate::source::Located;

/// Keys of a value that is written as a table.
pub(super) const KEYS: &[&str] = &["value", "priority", "when"];

/// Keys of a list that is written as a table.
pub(super) const LIST_KEYS: &[&str] = &["value", "append", "remove", "priority", "when"];

/// As NixOS's `mkDefault` and `mkForce`.
const PRIORITIES: &[(&str, u32)] = &[("default", 1000), ("force", 50)];

impl Reader<'_> {
    /// A value: plain, or `{ value = …, priority = …, when = … }`.
    pub(super) fn setting<T>(
        &mut self,
        entry: &Entry<'_>,
        example: &str,
        read: impl FnOnce(&mut Self, &Entry<'_>) -> Option<Located<T>>,
    ) -> Option<Setting<T>> {
        self.setting_or_value(entry, example, read).ok()
    }

    /// The same. Of one with a mistake, the value and its condition, as far as they can be known.
    pub(super) fn setting_or_value<T>(
        &mut self,
        entry: &Entry<'_>,
        example: &str,
        read: impl FnOnce(&mut Self, &Entry<'_>) -> Option<Located<T>>,
    ) -> Result<Setting<T>, Option<Setting<T>>> {
        if !matches!(entry.value, DeValue::Table(_)) {
            return read(self, entry).map(Setting::plain).ok_or(None);
        }
        let mut table = self
            .table(entry, &format!("`{}`", entry.key), "a table")
            .ok_or(None)?;
        let before = self.problems.len();
        let priority = self.priority(table.take("priority"));
        let has_when = table.entries.contains_key("when");
        let when = self.when(table.take("when"));
        let is_known = !table.broken && (when.is_some() || !has_when);
        let value = match table.take("value") {
            // Messages are about what it is the value of.
            Some(value) => read(
                self,
                &Entry {
                    key: entry.key,
                    ..value
                },
            ),
            None => {
                self.missing(&table, "value", &format!("value = {example}"));
                None
            }
        };
        self.finish(&table, KEYS);
        let whole = !table.broken && self.problems.len() == before;
        let setting = value.filter(|_| is_known).map(|value| Setting {
            value,
            priority,
            when,
        });
        match setting {
            Some(setting) if whole => Ok(setting),
            setting => Err(setting),
        }
    }

    /// `"default"`, `"force"`, or a number.
    fn priority(&mut self, entry: Option<Entry<'_>>) -> Option<u32> {
        let entry = entry?;
        let expected = "`\"default\"`, `\"force\"` or a number";
        match entry.value {
            DeValue::String(_) => self.choice(&entry, PRIORITIES),
            DeValue::Integer(_) => {
                let number = self.integer(&entry)?;
                let priority = u32::try_from(number).ok();
                if priority.is_none() {
                    let problem = Problem::UnknownValue {
                        key: entry.key.to_owned(),
                        value: number.to_string(),
                        expected: ["default", "force", "100"].map(str::to_owned).to_vec(),
                        suggestion: None,
                    };
                    self.problems.report(problem, entry.at);
                }
                priority
            }
            _ => self.wrong_type(&entry, expected),
        }
    }

    /// A list: plain, which replaces it, or `{ append = […], remove = […] }`. `None` where anything in it is wrong.
    pub(super) fn list_edit<T>(
        &mut self,
        entry: Option<Entry<'_>>,
        expected: &str,
        mut read: impl FnMut(&mut Self, &Entry<'_>) -> Option<Located<T>>,
    ) -> Option<ListEdit<T>> {
        let entry = entry?;
        let before = self.problems.len();
        let mut list = |reader: &mut Self, entry: Option<Entry<'_>>| {
            let entries = reader.array(&entry?, expected)?;
            Some(
                entries
                    .iter()
                    .filter_map(|entry| read(reader, entry))
                    .collect::<Vec<_>>(),
            )
        };
        let mut edit = ListEdit {
            at: entry.key_at,
            value: None,
            append: Vec::new(),
            remove: Vec::new(),
            priority: None,
            when: None,
        };
        if matches!(entry.value, DeValue::Table(_)) {
            let mut table = self.table(&entry, &format!("`{}`", entry.key), "a table")?;
            edit.value = list(self, table.take("value"));
            edit.append = list(self, table.take("append")).unwrap_or_default();
            edit.remove = list(self, table.take("remove")).unwrap_or_default();
            edit.priority = self.priority(table.take("priority"));
            edit.when = self.when(table.take("when"));
            let says = edit.value.is_some() || !edit.append.is_empty() || !edit.remove.is_empty();
            if !self.finish(&table, LIST_KEYS) && self.problems.len() == before && !says {
                self.missing(&table, "append", "append = […]");
            }
            if table.broken {
                return None;
            }
        } else {
            edit.value = list(self, Some(entry));
        }
        (self.problems.len() == before).then_some(edit)
    }

    /// Reports what a list of an edit holds more than once.
    pub(super) fn once_each<T: Clone + Ord + ToString>(
        &mut self,
        key: &str,
        edit: Option<&mut ListEdit<T>>,
    ) {
        let Some(edit) = edit else {
            return;
        };
        if let Some(value) = &mut edit.value {
            self.once(key, value);
        }
        self.once(&format!("{key}.append"), &mut edit.append);
        self.once(&format!("{key}.remove"), &mut edit.remove);
    }
}
