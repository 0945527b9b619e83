//! What a manifest says about the lifecycle: `deadline`, `restart` and `fatal` of a component, and `[lifecycle]` of a host.

use std::time::Duration;

use toml::de::DeValue;
use treenail_core::duration;

use super::keys;
use super::reader::Reader;
use super::value::{Entry, Table};
use super::words::POLICIES;
use crate::diagnostic::mistake::NameOf;
use crate::model::{Layer, Restart, Setting, Terms, Tuning};
use crate::source::Located;

impl Reader<'_> {
    /// `deadline`, `restart` and `fatal`; what layers state may have a priority and a condition.
    pub(super) fn terms(&mut self, table: &mut Table<'_>, layered: bool) -> Terms {
        let mut terms = Terms::default();
        if let Some(entry) = table.take("deadline") {
            self.deadlines(&entry, layered, &mut terms);
        }
        let restart = table.take("restart");
        terms.restart = restart.and_then(|entry| self.restart(&entry, layered));
        terms.fatal = if layered {
            self.stated(table, "fatal", "true", Self::boolean)
        } else {
            self.value(table, "fatal", Self::boolean)
                .map(Setting::plain)
        };
        terms
    }

    /// `"plugin:Name" = { deadline, restart, fatal, when }`
    pub(super) fn tuning(&mut self, entry: &Entry<'_>, layer: &mut Layer) {
        if self.split_id(entry, &keys::TUNING).is_some() {
            return;
        }
        let component = self.named(entry.name(), NameOf::ComponentId);
        if component.is_none() && !matches!(entry.value, DeValue::Table(_)) {
            return; // Not meant as such a line.
        }
        let before = self.problems.len();
        let title = format!("[lifecycle] {:?}", entry.key);
        let expected = "a table with `deadline`, `restart` or `fatal`";
        let table = self.table(entry, &keys::TUNING, &title, expected);
        let mut table = table.unwrap_or_else(|| Table::unread(entry, &keys::TUNING));
        let terms = self.terms(&mut table, true);
        let when = self.when(&mut table);
        self.finish(&table);
        // It is not known where a line with a condition that could not be read counts.
        let (Some(component), Ok(when), false) = (component, when, table.broken) else {
            return;
        };
        if terms.is_empty() && self.problems.len() == before {
            layer.idle.push(Located {
                value: title,
                origin: component.origin,
            });
        }
        layer.tunings.push(Tuning {
            component,
            terms,
            when,
        });
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
    fn deadlines(&mut self, entry: &Entry<'_>, layered: bool, terms: &mut Terms) {
        let expected = "a table like `{ build = \"10s\", start = \"30s\", stop = \"5s\" }`";
        let Some(mut table) = self.table(entry, &keys::DEADLINE, "`deadline`", expected) else {
            return;
        };
        for (key, deadline) in [
            ("build", &mut terms.build),
            ("start", &mut terms.start),
            ("stop", &mut terms.stop),
        ] {
            *deadline = if layered {
                self.stated(&mut table, key, "\"30s\"", Self::deadline)
            } else {
                let plain = self.value(&mut table, key, Self::deadline);
                plain.map(Setting::plain)
            };
        }
        self.finish(&table);
    }

    /// `"never"`, `"on-failure"`, or a table with what differs from the usual. The outer `None`: it could not be read.
    fn policy(&mut self, entry: &Entry<'_>) -> Option<Option<Restart>> {
        match entry.value {
            DeValue::String(_) => self.choice(entry, POLICIES),
            DeValue::Table(_) => {
                let mut table = self.table(entry, &keys::RESTART, "`restart`", "a table")?;
                let mut restart = Restart::USUAL;
                let restarts = self.value(&mut table, "restarts", Self::count);
                restart.restarts = restarts.unwrap_or(restart.restarts);
                for (key, value) in [
                    ("within", &mut restart.within),
                    ("initial", &mut restart.initial),
                    ("longest", &mut restart.longest),
                    ("healthy_after", &mut restart.healthy_after),
                ] {
                    let read = self.value(&mut table, key, Self::duration);
                    *value = read.map_or(*value, |read| read.value);
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

    /// A duration in which something can be done.
    fn deadline(&mut self, entry: &Entry<'_>) -> Option<Located<Duration>> {
        let read = self.duration(entry)?;
        match (read.value.is_zero(), entry.value) {
            (true, DeValue::String(text)) => self.unfit(
                entry,
                "a longer time: every step takes some",
                &format!("{text:?}"),
            ),
            _ => Some(read),
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
}
