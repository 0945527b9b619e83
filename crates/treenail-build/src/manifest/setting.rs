//! Values that layers may state with a priority or a condition.

use toml::de::DeValue;

use super::keys;
use super::reader::Reader;
use super::value::{Entry, Table};
use super::words::PRIORITIES;
use crate::diagnostic::mistake::UnknownValue;
use crate::model::{Condition, Setting};
use crate::source::Located;

/// A setting that is a table, with its value unread.
struct Detailed<'t> {
    value: Option<Entry<'t>>,
    priority: Option<u32>,
    /// `None` where the condition cannot be known.
    when: Option<Option<Condition>>,
    /// The TOML parser found a mistake in the table.
    broken: bool,
}

impl Reader<'_> {
    /// Takes out a key, whose value may be written as a setting.
    pub(super) fn stated<T>(
        &mut self,
        table: &mut Table<'_>,
        key: &str,
        example: &str,
        read: impl FnOnce(&mut Self, &Entry<'_>) -> Option<Located<T>>,
    ) -> Option<Setting<T>> {
        self.setting(&table.take(key)?, example, read)
    }

    /// A value: plain, or `{ value = …, priority = …, when = … }`.
    pub(super) fn setting<T>(
        &mut self,
        entry: &Entry<'_>,
        example: &str,
        read: impl FnOnce(&mut Self, &Entry<'_>) -> Option<Located<T>>,
    ) -> Option<Setting<T>> {
        self.setting_or_value(entry, example, read).ok()
    }

    /// A setting; of one with a mistake, its value and its condition as far as they can be known.
    pub(super) fn setting_or_value<T>(
        &mut self,
        entry: &Entry<'_>,
        example: &str,
        read: impl FnOnce(&mut Self, &Entry<'_>) -> Option<Located<T>>,
    ) -> Result<Setting<T>, Option<Setting<T>>> {
        if !matches!(entry.value, DeValue::Table(_)) {
            return read(self, entry).map(Setting::plain).ok_or(None);
        }
        let before = self.problems.len();
        let detailed = self.detailed_setting(entry, example).ok_or(None)?;
        let value = detailed.value.and_then(|value| read(self, &value));
        let is_whole = !detailed.broken && self.problems.len() == before;
        let setting = value.zip(detailed.when).map(|(value, when)| Setting {
            value,
            priority: detailed.priority,
            when,
        });
        match setting {
            Some(setting) if is_whole => Ok(setting),
            setting => Err(setting),
        }
    }

    /// Reads a setting that is a table, all but its value.
    fn detailed_setting<'t>(&mut self, entry: &Entry<'t>, example: &str) -> Option<Detailed<'t>> {
        let title = format!("`{}`", entry.key);
        let mut table = self.table(entry, &keys::SETTING, &title, "a table")?;
        let priority = self.value(&mut table, "priority", Self::priority);
        let when = self.when(&mut table);
        let value = table.take("value");
        if value.is_none() {
            self.missing(&table, "value", &format!("value = {example}"));
        }
        self.finish(&table);
        // Messages are about what it is the value of.
        let key = entry.key;
        Some(Detailed {
            value: value.map(|value| Entry { key, ..value }),
            priority,
            when: when.ok().filter(|_| !table.broken),
            broken: table.broken,
        })
    }

    /// `"default"`, `"force"`, or a number.
    pub(super) fn priority(&mut self, entry: &Entry<'_>) -> Option<u32> {
        match entry.value {
            DeValue::String(_) => self.choice(entry, PRIORITIES),
            DeValue::Integer(_) => {
                let number = self.integer(entry)?;
                let priority = u32::try_from(number).ok();
                if priority.is_none() {
                    let problem = UnknownValue {
                        key: entry.key.to_owned(),
                        value: number.to_string(),
                        expected: ["default", "force", "100"].map(str::to_owned).to_vec(),
                        suggestion: None,
                    };
                    self.problems.report(problem, entry.at);
                }
                priority
            }
            _ => self.wrong_type(entry, "`\"default\"`, `\"force\"` or a number"),
        }
    }
}
