//! `[[assert]]`: what a composition has to be like.

use std::ops::RangeInclusive;

use toml::de::DeValue;

use super::keys::{self, KeyTable};
use super::reader::Reader;
use super::value::Entry;
use crate::diagnostic::mistake::{NameOf, NotACondition};
use crate::model::{Assertion, Claim, Layer};

impl Reader<'_> {
    /// `[[assert]]`. One with a mistake is left out.
    pub(super) fn assertions(&mut self, entry: &Entry<'_>, layer: &mut Layer, prefix: &str) {
        let title = format!("[[{prefix}assert]]");
        let expected = format!("tables headed `{title}`");
        for entry in self.array(entry, &expected).unwrap_or_default() {
            let assertion = self.assertion(&entry, &title, &expected);
            layer.assertions.extend(assertion);
        }
    }

    fn assertion(&mut self, entry: &Entry<'_>, title: &str, expected: &str) -> Option<Assertion> {
        let mut table = self.table(entry, &keys::ASSERT, title, expected)?;
        let before = self.problems.len();
        // Where its keys stand beside it by mistake, they are told so.
        let stands_beside = |entry: &Entry<'_>| keys::THAT.key(entry.key).is_some();
        let that = if table.entries.iter().any(stands_beside) {
            table.take("that")
        } else {
            self.require(&mut table, "that")
        };
        let (mut all, mut not) = (Vec::new(), Vec::new());
        let inner = that
            .as_ref()
            .map(|that| self.claims(that, &keys::THAT, &mut all));
        if let Some(inner) = inner.flatten() {
            self.claims(&inner, &keys::NOT, &mut not);
        }
        let message = self.required(&mut table, "message", Self::text);
        let when = self.when(&mut table).unwrap_or_default();
        self.finish(&table);
        let is_whole = !table.broken && self.problems.len() == before;
        let assertion = Assertion {
            all,
            not,
            at: that?.at,
            message: message?,
            when,
        };
        is_whole.then_some(assertion)
    }

    /// Reads a table of claims; what is left is its `not`.
    fn claims<'t>(
        &mut self,
        entry: &Entry<'t>,
        keys: &'static KeyTable,
        claims: &mut Vec<Claim>,
    ) -> Option<Entry<'t>> {
        let example = "{ plugin = \"id\" }";
        let title = format!("`{}`", entry.key);
        let mut table = self.table(entry, keys, &title, &format!("a table, like `{example}`"))?;
        if table.entries.is_empty() && !table.broken {
            self.empty(entry, example);
        }
        let plugin = self.value(&mut table, "plugin", |reader, id| {
            reader.name(id, NameOf::Plugin)
        });
        claims.extend(plugin.map(Claim::Plugin));
        let component = self.value(&mut table, "component", Self::component_id);
        claims.extend(component.map(Claim::Component));
        let (service, count) = (table.take("service"), table.take("count"));
        if service.is_none() && count.is_some() {
            self.missing(&table, "service", "service = \"dyn path::Trait\"");
        }
        let count = count.map_or(Some(1..=usize::MAX), |count| self.count_of(&count));
        let service = service.and_then(|service| self.service(&service));
        let service = service.zip(count);
        claims.extend(service.map(|(service, count)| Claim::Service(service, count)));
        let not = keys.key("not").and_then(|not| table.take(not.name));
        self.finish(&table);
        not
    }

    /// `2`, `">=1"`, `">=1, <4"`
    fn count_of(&mut self, entry: &Entry<'_>) -> Option<RangeInclusive<usize>> {
        let text = match entry.value {
            DeValue::Integer(_) => self.integer(entry)?.to_string(),
            DeValue::String(_) => self.string(entry)?.value,
            _ => return self.wrong_type(entry, "a number, or a range like `\">=1, <4\"`"),
        };
        let range = range(&text);
        if range.is_none() {
            self.problems.report(NotACondition::Count(text), entry.at);
        }
        range
    }
}

/// What all parts of a range allow.
fn range(text: &str) -> Option<RangeInclusive<usize>> {
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
    (least <= most).then_some(least..=most)
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn a_count_is_a_number_or_a_range() {
        assert_eq!(range("2"), Some(2..=2));
        assert_eq!(range(">= 1, <4"), Some(1..=3));
        assert_eq!(range(">0"), Some(1..=usize::MAX));
        for text in ["", "x", "<0", ">3, <2", "=>1", "1 2", "-1"] {
            assert_eq!(range(text), None, "{text}");
        }
    }
}
