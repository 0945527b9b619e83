//! `[[assert]]`: what a composition has to be like.

use std::ops::RangeInclusive;

use toml::de::DeValue;

use super::keys;
use super::reader::Reader;
use super::value::Entry;
use crate::diagnostic::{ConditionFault, NameOf, Problem};
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
        let stands_beside = |key: &&str| keys::THAT.key(key).is_some();
        let that = if table.entries.keys().any(stands_beside) {
            table.take("that")
        } else {
            self.require(&mut table, "that")
        };
        let mut not = Vec::new();
        let all = that.as_ref().map(|that| self.claims(that, Some(&mut not)));
        let message = self.require(&mut table, "message");
        let message = self.text(message);
        let when = self.when(table.take("when"));
        self.finish(&table);
        let is_whole = !table.broken && self.problems.len() == before;
        let assertion = Assertion {
            all: all??,
            not,
            at: that?.at,
            message: message?,
            when,
        };
        is_whole.then_some(assertion)
    }

    /// A table of claims. `not` of `that` holds more of them, and there is no `not` in it.
    fn claims(&mut self, entry: &Entry<'_>, not: Option<&mut Vec<Claim>>) -> Option<Vec<Claim>> {
        let expected = "a table, like `{ plugin = \"id\" }`";
        let keys = match not {
            Some(_) => &keys::THAT,
            None => &keys::NOT,
        };
        let mut table = self.table(entry, keys, &format!("`{}`", entry.key), expected)?;
        let before = self.problems.len();
        let is_empty = table.entries.is_empty();
        let mut claims = Vec::new();
        if let Some(plugin) = table.take("plugin") {
            let id = self.string(&plugin);
            let id = id.and_then(|id| self.named(id, NameOf::Plugin));
            claims.extend(id.map(Claim::Plugin));
        }
        if let Some(component) = table.take("component") {
            claims.extend(self.component_id(&component).map(Claim::Component));
        }
        let count = table.take("count");
        let has_count = count.is_some();
        let count = count.map_or(Some(1..=usize::MAX), |count| self.count_of(&count));
        if let Some(service) = table.take("service") {
            let claim = self.ty(&service).zip(count);
            claims.extend(claim.map(|(service, count)| Claim::Service(service, count)));
        } else if has_count {
            self.missing(&table, "service", "service = \"dyn path::Trait\"");
        }
        if let Some(not) = not {
            let inner = table.take("not");
            not.extend(
                inner
                    .and_then(|inner| self.claims(&inner, None))
                    .into_iter()
                    .flatten(),
            );
        }
        self.finish(&table);
        if is_empty && !table.broken {
            let example = "{ plugin = \"id\" }";
            let fault = ConditionFault::Empty { example };
            self.problems
                .report(Problem::NotACondition { fault }, entry.at);
        }
        (!table.broken && self.problems.len() == before).then_some(claims)
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
            let fault = ConditionFault::Count(text);
            self.problems
                .report(Problem::NotACondition { fault }, entry.at);
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
