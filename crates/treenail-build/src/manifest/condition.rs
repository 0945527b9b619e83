//! `when`, and the condition of an `[[assert]]`: what has to hold.

use toml::de::DeValue;

use super::cfg;
use super::reader::Reader;
use super::section::key;
use super::value::{Entry, Table};
use crate::diagnostic::{ConditionFault, NameOf, Problem};
use crate::model::{Assertion, Condition, Count, Layer};

/// Keys of `when`: what is known before anything is composed.
pub(super) const WHEN_KEYS: &[&str] = &["feature", "target", "all", "any", "not"];

/// Keys of the condition of an assertion: also what is known afterwards.
pub(super) const ASSERT_KEYS: &[&str] = &[
    "feature",
    "target",
    "all",
    "any",
    "not",
    "plugin",
    "version",
    "component",
    "service",
    "count",
    "overlay",
];

/// Keys of `[[assert]]`.
pub(super) const KEYS: &[&str] = &["that", "message", "when"];

impl Reader<'_> {
    /// `when`
    pub(super) fn when(&mut self, entry: Option<Entry<'_>>) -> Option<Condition> {
        self.condition(&entry?, WHEN_KEYS)
    }

    /// `[[assert]]`
    pub(super) fn assertions(&mut self, entry: &Entry<'_>, layer: &mut Layer, prefix: &str) {
        let title = format!("[[{prefix}assert]]");
        let expected = format!("tables headed `{title}`");
        for entry in self.array(entry, &expected).unwrap_or_default() {
            layer
                .assertions
                .extend(self.assertion(&entry, &title, &expected));
        }
    }

    fn assertion(&mut self, entry: &Entry<'_>, title: &str, expected: &str) -> Option<Assertion> {
        let mut table = self.table(entry, title, expected)?;
        let before = self.problems.len();
        let that = table.take("that");
        let at = that.as_ref().map(|that| that.at);
        // Its keys stand beside it by mistake, and are told so.
        let any_key = table.entries.keys().any(|key| ASSERT_KEYS.contains(&key));
        if that.is_none() && !any_key {
            self.missing(&table, "that", "that = { plugin = \"id\" }");
        }
        let that = that.and_then(|that| self.condition(&that, ASSERT_KEYS));
        let message = table.take("message");
        if message.is_none() {
            self.missing(&table, "message", "message = \"why it has to hold\"");
        }
        let message = self.text(message);
        let when = self.when(table.take("when"));
        self.finish(&table, KEYS);
        let whole = !table.broken && self.problems.len() == before;
        Some(Assertion {
            that: that.filter(|_| whole)?,
            at: at?,
            message: message?,
            when,
        })
    }

    /// `'cfg(…)'`, or a table; several keys of one table have to hold together.
    fn condition(&mut self, entry: &Entry<'_>, keys: &[&str]) -> Option<Condition> {
        match entry.value {
            DeValue::String(_) => self.target(entry),
            DeValue::Table(_) => {
                let mut table = self.table(entry, &format!("`{}`", entry.key), "a table")?;
                let before = self.problems.len();
                let mut all = self.known_before(&mut table, keys);
                if keys.contains(&"plugin") {
                    self.known_after(&mut table, &mut all);
                }
                self.finish(&table, keys);
                if self.problems.len() > before || table.broken {
                    return None;
                }
                if all.len() > 1 {
                    return Some(Condition::All(all));
                }
                let only = all.pop();
                if only.is_none() {
                    let fault = ConditionFault::Empty;
                    self.problems
                        .report(Problem::NotACondition { fault }, entry.at);
                }
                only
            }
            _ => self.wrong_type(
                entry,
                "a condition, like `{ feature = \"name\" }` or `'cfg(unix)'`",
            ),
        }
    }

    fn known_before(&mut self, table: &mut Table<'_>, keys: &[&str]) -> Vec<Condition> {
        let mut all = Vec::new();
        if let Some(feature) = table.take("feature") {
            all.extend(self.string(&feature).map(Condition::Feature));
        }
        if let Some(target) = table.take("target") {
            all.extend(self.target(&target));
        }
        for (name, join) in [
            ("all", Condition::All as fn(Vec<Condition>) -> Condition),
            ("any", Condition::Any),
        ] {
            let Some(entry) = table.take(name) else {
                continue;
            };
            let expected = "an array of conditions, like `[{ feature = \"name\" }, 'cfg(unix)']`";
            let parts = self.array(&entry, expected).unwrap_or_default();
            let parts = parts.iter().filter_map(|part| self.condition(part, keys));
            all.push(join(parts.collect()));
        }
        if let Some(not) = table.take("not") {
            let inner = self.condition(&not, keys);
            all.extend(inner.map(|inner| Condition::Not(Box::new(inner))));
        }
        all
    }

    fn known_after(&mut self, table: &mut Table<'_>, all: &mut Vec<Condition>) {
        let version = table.take("version");
        if let Some(plugin) = table.take("plugin") {
            let id = self.string(&plugin);
            let id = id.and_then(|id| self.named(id, NameOf::Plugin));
            let version = version.and_then(|version| self.requirement(&version));
            all.extend(id.map(|id| Condition::Plugin(id, version)));
        } else if version.is_some() {
            self.missing(table, "plugin", "plugin = \"id\"");
        }
        if let Some(component) = table.take("component") {
            all.extend(self.component_id(&component).map(Condition::Component));
        }
        let count = table.take("count");
        if let Some(service) = table.take("service") {
            let service = self.ty(&service);
            let count = count.and_then(|count| self.number_of_providers(&count));
            all.extend(service.map(|service| Condition::Service(service, count)));
        } else if count.is_some() {
            self.missing(table, "service", "service = \"dyn path::Trait\"");
        }
        if let Some(overlay) = table.take("overlay") {
            all.extend(self.string(&overlay).map(Condition::Overlay));
        }
    }

    /// `'cfg(…)'`
    fn target(&mut self, entry: &Entry<'_>) -> Option<Condition> {
        let text = self.string(entry)?;
        match cfg::parse(&text.value) {
            Ok(predicate) => Some(predicate.place(text.origin)),
            Err((range, words)) => {
                let at = self.within(text.origin, &text.value, range);
                let fault = ConditionFault::Cfg {
                    text: text.value,
                    words,
                };
                self.problems.report(Problem::NotACondition { fault }, at);
                None
            }
        }
    }

    /// `2`, `">=1"`
    fn number_of_providers(&mut self, entry: &Entry<'_>) -> Option<Count> {
        let text = match entry.value {
            DeValue::Integer(_) => self.integer(entry)?.to_string(),
            DeValue::String(_) => self.string(entry)?.value,
            _ => return self.wrong_type(entry, "a number, or a range like `\">=1, <4\"`"),
        };
        let count = Count::parse(&text);
        if count.is_none() {
            let fault = ConditionFault::Count(text);
            self.problems
                .report(Problem::NotACondition { fault }, entry.at);
        }
        count
    }

    /// The lines of `[lints]`: `name = "allow"`.
    pub(super) fn lint(&mut self, entry: &Entry<'_>, layer: &mut Layer) {
        let level = self.setting(entry, "\"allow\"", |reader, entry| {
            if !matches!(entry.value, DeValue::String(_)) {
                return reader.wrong_type(entry, "`\"allow\"`, `\"warn\"` or `\"deny\"`");
            }
            let named = Entry {
                key: "level",
                ..entry.clone()
            };
            let level = reader.choice(&named, super::LEVELS)?;
            Some(crate::source::Located {
                value: level,
                origin: entry.at,
            })
        });
        layer
            .lints
            .extend(level.map(|level| crate::model::LintLine {
                name: key(entry),
                level,
            }));
    }
}

impl Count {
    /// `2`, `>=1`, `>=1, <4`: what all of these allow.
    fn parse(text: &str) -> Option<Self> {
        let (mut least, mut most) = (0, usize::MAX);
        for part in text.split(',').map(str::trim) {
            let digits = part.trim_start_matches(['<', '>', '=']);
            let number: usize = digits.trim().parse().ok()?;
            match &part[..part.len() - digits.len()] {
                "" | "=" => (least, most) = (least.max(number), most.min(number)),
                ">=" => least = least.max(number),
                "<=" => most = most.min(number),
                ">" => least = least.max(number.checked_add(1)?),
                "<" => most = most.min(number.checked_sub(1)?),
                _ => return None,
            }
        }
        (least <= most).then(|| Self {
            text: text.to_owned(),
            least,
            most,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Count;

    #[test]
    fn a_count_is_a_number_or_a_range() {
        let bounds = |text: &str| Count::parse(text).map(|count| (count.least, count.most));
        assert_eq!(bounds("2"), Some((2, 2)));
        assert_eq!(bounds(">= 1, <4"), Some((1, 3)));
        assert_eq!(bounds(">0"), Some((1, usize::MAX)));
        for text in ["", "x", "<0", ">3, <2", "=>1", "1 2", "-1"] {
            assert_eq!(bounds(text), None, "{text}");
        }
    }
}
