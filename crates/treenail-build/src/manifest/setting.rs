//! Values that layers may state with a priority or a condition.

use toml::de::DeValue;

use super::keys;
use super::reader::Reader;
use super::value::Entry;
use super::words::PRIORITIES;
use crate::diagnostic::mistake::UnknownValue;
use crate::model::Setting;
use crate::source::Located;

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
        let mut table = self
            .table(
                entry,
                &keys::SETTING,
                &format!("`{}`", entry.key),
                "a table",
            )
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
        self.finish(&table);
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
            _ => self.wrong_type(&entry, expected),
        }
    }
}
