//! What a manifest says about the lifecycle: `deadline` and `restart` of a component, and `[lifecycle]` of a host.

use std::time::Duration;

use toml::de::DeValue;
use treenail_core::duration;

use super::keys;
use super::reader::Reader;
use super::section::key;
use super::value::{Entry, Table};
use super::words::POLICIES;
use crate::diagnostic::mistake::{NameOf, WrongType};
use crate::model::{Layer, Restart, Setting, Terms, Tuning};
use crate::source::Located;

impl Reader<'_> {
    /// `deadline` and `restart`; what layers state may have a priority and a condition.
    pub(super) fn terms(&mut self, table: &mut Table<'_>, layered: bool) -> Terms {
        let deadline = table.take("deadline");
        let deadline = deadline.map(|entry| self.deadlines(&entry, layered));
        let [build, start, stop] = deadline.unwrap_or_default();
        let restart = table.take("restart");
        let restart = restart.and_then(|entry| self.restart(&entry, layered));
        Terms {
            build,
            start,
            stop,
            restart,
        }
    }

    /// `"plugin:Name" = { deadline, restart, fatal, when }`
    pub(super) fn tuning(&mut self, entry: &Entry<'_>, layer: &mut Layer) {
        let component = self.named(key(entry), NameOf::ComponentId);
        if component.is_none() && !matches!(entry.value, DeValue::Table(_)) {
            return; // Not meant as such a line.
        }
        let title = format!("[lifecycle] {:?}", entry.key);
        let expected = "a table with `deadline`, `restart` or `fatal`";
        let table = self.table(entry, &keys::TUNING, &title, expected);
        let states = table
            .as_ref()
            .is_none_or(|table| table.states(&["when", "deadline"]) || table.sets("deadline"));
        let mut table = table.unwrap_or_else(|| Table::unread(entry, &keys::TUNING));
        let terms = self.terms(&mut table, true);
        let fatal = table.take("fatal");
        let fatal = fatal.and_then(|entry| self.setting(&entry, "true", Self::boolean));
        let has_when = table.entries.contains_key("when");
        let when = self.when(table.take("when"));
        self.finish(&table);
        // It is not known where a line with a condition that could not be read counts.
        if let Some(component) =
            component.filter(|_| !table.broken && (when.is_some() || !has_when))
        {
            layer.idle.extend((!states).then_some(Located {
                value: title,
                origin: component.origin,
            }));
            layer.tunings.push(Tuning {
                component,
                terms,
                fatal,
                when,
            });
        }
    }

    /// `restart`, which may be a table by itself: with one of the keys of a setting it is one.
    fn restart(&mut self, entry: &Entry<'_>, layered: bool) -> Option<Setting<Option<Restart>>> {
        let read = |reader: &mut Self, entry: &Entry<'_>| {
            let value = reader.policy(entry)?;
            Some(Located {
                value,
                origin: entry.at,
            })
        };
        let is_setting = matches!(entry.value, DeValue::Table(table)
            if keys::SETTING.names().any(|key| table.contains_key(key)));
        if layered && is_setting {
            return self.setting(entry, "\"on-failure\"", read);
        }
        read(self, entry).map(Setting::plain)
    }

    /// `{ build = "10s", start = "30s", stop = "5s" }`
    fn deadlines(&mut self, entry: &Entry<'_>, layered: bool) -> [Option<Setting<Duration>>; 3] {
        let expected = "a table like `{ build = \"10s\", start = \"30s\", stop = \"5s\" }`";
        let Some(mut table) = self.table(entry, &keys::DEADLINE, "`deadline`", expected) else {
            return [None, None, None];
        };
        let mut of = |key| {
            let entry = table.take(key)?;
            if layered {
                self.setting(&entry, "\"30s\"", Self::duration)
            } else {
                self.duration(&entry).map(Setting::plain)
            }
        };
        let deadlines = [of("build"), of("start"), of("stop")];
        self.finish(&table);
        deadlines
    }

    /// `"never"`, `"on-failure"`, or a table with what differs from the usual. The outer `None`: it could not be read.
    fn policy(&mut self, entry: &Entry<'_>) -> Option<Option<Restart>> {
        match entry.value {
            DeValue::String(_) => self.choice(entry, POLICIES),
            DeValue::Table(_) => {
                let mut table = self.table(entry, &keys::RESTART, "`restart`", "a table")?;
                let mut restart = Restart::USUAL;
                if let Some(entry) = table.take("restarts") {
                    restart.restarts = self.count(&entry).unwrap_or(restart.restarts);
                }
                for (key, value) in [
                    ("within", &mut restart.within),
                    ("initial", &mut restart.initial),
                    ("longest", &mut restart.longest),
                ] {
                    if let Some(entry) = table.take(key) {
                        *value = self.duration(&entry).map_or(*value, |read| read.value);
                    }
                }
                self.finish(&table);
                Some(Some(restart))
            }
            _ => self.wrong_type(
                entry,
                "`\"never\"`, `\"on-failure\"`, or a table like `{ restarts = 5, within = \"1m\" }`",
            ),
        }
    }

    fn count(&mut self, entry: &Entry<'_>) -> Option<u32> {
        let number = self.integer(entry)?;
        match u32::try_from(number) {
            Ok(count) => Some(count),
            Err(_) => self.unfit(entry, "a number from 0 to 4294967295", &number.to_string()),
        }
    }

    /// A duration, in each of the forms that a configuration may use as well.
    fn duration(&mut self, entry: &Entry<'_>) -> Option<Located<Duration>> {
        const EXPECTED: &str =
            "a duration like `\"500ms\"`, `\"1m 30s\"`, `\"PT30S\"` or `\"00:01:30\"`";
        let DeValue::String(text) = entry.value else {
            return self.wrong_type(entry, EXPECTED);
        };
        match duration::parse(text) {
            Some(value) => Some(Located {
                value,
                origin: entry.at,
            }),
            None => self.unfit(entry, EXPECTED, &format!("{text:?}")),
        }
    }

    /// Reports a value of the right kind that cannot stand here.
    fn unfit<T>(&mut self, entry: &Entry<'_>, expected: &str, found: &str) -> Option<T> {
        let problem = WrongType {
            key: entry.key.to_owned(),
            expected: expected.to_owned(),
            found: format!("`{found}`"),
        };
        self.problems.report(problem, entry.at);
        None
    }
}
