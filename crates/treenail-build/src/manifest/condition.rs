//! `when`: what has to hold for something to be there.

use toml::de::DeValue;

use super::reader::Reader;
use super::value::Entry;
use super::{cfg, keys};
use crate::diagnostic::mistake::NotACondition;
use crate::model::Condition;

impl Reader<'_> {
    /// `{ feature = "name" }`, or `'cfg(…)'`.
    pub(super) fn when(&mut self, entry: Option<Entry<'_>>) -> Option<Condition> {
        let entry = entry?;
        let condition = match entry.value {
            DeValue::String(_) => self.cfg(&entry),
            DeValue::Table(_) => self.feature(&entry),
            _ => self.wrong_type(
                &entry,
                "a condition, like `{ feature = \"name\" }` or `'cfg(unix)'`",
            ),
        };
        let features = condition.iter().flat_map(Condition::features);
        self.features.extend(features.cloned());
        condition
    }

    fn feature(&mut self, entry: &Entry<'_>) -> Option<Condition> {
        let mut table = self.table(
            entry,
            &keys::CONDITION,
            &format!("`{}`", entry.key),
            "a table",
        )?;
        let feature = table.take("feature");
        let has_unknown = self.finish(&table);
        if feature.is_none() && !has_unknown && !table.broken {
            let example = "{ feature = \"name\" }";
            let problem = NotACondition::Empty { example };
            self.problems.report(problem, entry.at);
        }
        let feature = self.string(&feature?)?;
        (!has_unknown && !table.broken).then_some(Condition::Feature(feature))
    }

    fn cfg(&mut self, entry: &Entry<'_>) -> Option<Condition> {
        let text = self.string(entry)?;
        let place = |part| self.within(text.origin, &text.value, part);
        match cfg::parse(&text.value, &place) {
            Ok(condition) => Some(condition),
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
