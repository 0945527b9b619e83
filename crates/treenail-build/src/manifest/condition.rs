//! `when`: what has to hold for something to be there.

use std::collections::BTreeSet;

use toml::de::DeValue;

use super::reader::Reader;
use super::value::{Entry, Table};
use super::{cfg, keys};
use crate::diagnostic::mistake::NotACondition;
use crate::model::Condition;
use crate::source::{Origin, Sources};

/// What a platform in a Cargo.toml asks of the target; `None` where it names one by its triple.
pub(crate) fn platform(text: &str) -> Option<BTreeSet<String>> {
    let nowhere = |_| Origin::new(Sources::default().next(), 0..0);
    let condition = cfg::parse(text, &nowhere, &mut Vec::new()).ok()?;
    Some(condition.of_target())
}

/// There is a condition, which could not be read: that has been reported.
pub(super) struct UnreadCondition;

impl Reader<'_> {
    /// The table's `when`. Where it could not be read, it is not known when anything in the table counts.
    pub(super) fn when(
        &mut self,
        table: &mut Table<'_>,
    ) -> Result<Option<Condition>, UnreadCondition> {
        let Some(entry) = table.take("when") else {
            return Ok(None);
        };
        let condition = self.condition(&entry).ok_or(UnreadCondition)?;
        let features = condition.features().into_iter();
        self.features.extend(features.cloned());
        self.target.extend(condition.of_target());
        Ok(Some(condition))
    }

    /// `{ feature = "name" }`, or `'cfg(…)'`.
    fn condition(&mut self, entry: &Entry<'_>) -> Option<Condition> {
        match entry.value {
            DeValue::String(_) => self.cfg(entry),
            DeValue::Table(_) => self.feature(entry),
            _ => self.wrong_type(
                entry,
                "a condition, like `{ feature = \"name\" }` or `'cfg(unix)'`",
            ),
        }
    }

    fn feature(&mut self, entry: &Entry<'_>) -> Option<Condition> {
        let title = format!("`{}`", entry.key);
        let mut table = self.table(entry, &keys::CONDITION, &title, "a table")?;
        let feature = table.take("feature");
        let has_unknown = self.finish(&table);
        if feature.is_none() && !has_unknown && !table.broken {
            self.empty(entry, "{ feature = \"name\" }");
        }
        let feature = self.string(&feature?)?;
        (!has_unknown && !table.broken).then_some(Condition::Feature(feature))
    }

    fn cfg(&mut self, entry: &Entry<'_>) -> Option<Condition> {
        let text = self.string(entry)?;
        let place = |part| self.within(text.origin, &text.value, part);
        let mut never = Vec::new();
        match cfg::parse(&text.value, &place, &mut never) {
            Ok(condition) => {
                for (at, problem) in never {
                    self.problems.report(problem, at);
                }
                Some(condition)
            }
            Err((at, fault)) => {
                let problem = NotACondition::Cfg {
                    text: text.value,
                    fault,
                };
                self.problems.report(problem, at);
                None
            }
        }
    }
}
