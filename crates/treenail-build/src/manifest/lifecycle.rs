//! What a manifest says about the lifecycle: `deadline` and `restart` of a component, and `[lifecycle]` of a host.

use std::time::Duration;

use toml::de::DeValue;

use super::reader::Reader;
use super::section::key;
use super::value::{Entry, Table};
use crate::diagnostic::{NameOf, Problem};
use crate::model::{Deadlines, Layer, Restart, Tending, Tuning};

/// Keys of `deadline`.
pub(super) const DEADLINES: &[&str] = &["build", "start", "stop"];

/// Keys of `restart`, where it is a table.
pub(super) const RESTART: &[&str] = &["restarts", "within", "initial", "longest"];

/// Keys of a line of `[lifecycle]`.
pub(super) const TUNING: &[&str] = &["deadline", "restart", "fatal"];

/// The words that `restart` may be.
const POLICIES: &[(&str, Option<Restart>)] =
    &[("never", None), ("on-failure", Some(Restart::USUAL))];

impl Reader<'_> {
    /// `deadline` and `restart`, of whatever table.
    pub(super) fn tending(&mut self, table: &mut Table<'_>) -> Tending {
        let deadline = table.take("deadline").map(|entry| self.deadlines(&entry));
        let restart = table.take("restart").and_then(|entry| self.restart(&entry));
        Tending {
            deadline: deadline.unwrap_or_default(),
            restart,
        }
    }

    /// `"plugin:Name" = { deadline, restart, fatal }`
    pub(super) fn tuning(&mut self, entry: &Entry<'_>, layer: &mut Layer) {
        let component = self.named(key(entry), NameOf::ComponentId);
        let title = format!("[lifecycle] \"{}\"", entry.key);
        let expected = "a table with `deadline`, `restart` or `fatal`";
        let Some(mut table) = self.table(entry, &title, expected) else {
            return;
        };
        let tending = self.tending(&mut table);
        let fatal = table.take("fatal").and_then(|entry| self.boolean(&entry));
        self.finish(&table, TUNING);
        if let Some(component) = component {
            layer.tunings.push(Tuning {
                component,
                tending,
                fatal: fatal.map(|fatal| fatal.value),
            });
        }
    }

    /// `{ build = "10s", start = "30s", stop = "5s" }`
    fn deadlines(&mut self, entry: &Entry<'_>) -> Deadlines {
        let expected = "a table like `{ build = \"10s\", start = \"30s\", stop = \"5s\" }`";
        let Some(mut table) = self.table(entry, "`deadline`", expected) else {
            return Deadlines::default();
        };
        let mut read = |key| table.take(key).and_then(|entry| self.duration(&entry));
        let deadlines = Deadlines {
            build: read("build"),
            start: read("start"),
            stop: read("stop"),
        };
        self.finish(&table, DEADLINES);
        deadlines
    }

    /// `"never"`, `"on-failure"`, or a table with what differs from the usual. The outer `None`: it could not be read.
    fn restart(&mut self, entry: &Entry<'_>) -> Option<Option<Restart>> {
        match entry.value {
            DeValue::String(_) => self.choice(entry, POLICIES),
            DeValue::Table(_) => {
                let mut table = self.table(entry, "`restart`", "a table")?;
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
                        *value = self.duration(&entry).unwrap_or(*value);
                    }
                }
                self.finish(&table, RESTART);
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

    /// A duration: `"30s"`, `"500ms"`, `"1m 30s"`.
    fn duration(&mut self, entry: &Entry<'_>) -> Option<Duration> {
        const EXPECTED: &str = "a duration like `\"500ms\"`, `\"30s\"` or `\"1m 30s\"`";
        let DeValue::String(text) = entry.value else {
            return self.wrong_type(entry, EXPECTED);
        };
        match humantime::parse_duration(text) {
            Ok(duration) => Some(duration),
            Err(_) => self.unfit(entry, EXPECTED, &format!("{text:?}")),
        }
    }

    /// Reports a value of the right kind that cannot stand here.
    fn unfit<T>(&mut self, entry: &Entry<'_>, expected: &str, found: &str) -> Option<T> {
        let problem = Problem::WrongType {
            key: entry.key.to_owned(),
            expected: expected.to_owned(),
            found: format!("`{found}`"),
        };
        self.problems.report(problem, entry.at);
        None
    }
}
