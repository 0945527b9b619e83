//! What the recorder has, read from its text: it gives nothing else out.

use std::collections::{BTreeMap, BTreeSet};

/// Numbers with their names and labels.
#[derive(Debug, Default)]
pub(crate) struct Exposition(Vec<Sample>);

#[derive(Debug, PartialEq)]
struct Sample {
    name: String,
    labels: BTreeMap<String, String>,
    value: f64,
}

impl Exposition {
    /// The numbers of a text; lines that are none are left out.
    pub(crate) fn of(text: &str) -> Self {
        Self(text.lines().filter_map(sample).collect())
    }

    /// The sum of all numbers of a metric with these labels, and any others; `None` where there are none.
    pub(crate) fn sum(&self, metric: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let has = |sample: &&Sample| {
            sample.name == metric
                && labels
                    .iter()
                    .all(|(label, value)| sample.labels.get(*label).is_some_and(|has| has == value))
        };
        let found = self.0.iter().filter(has).map(|sample| sample.value);
        found.reduce(|sum, value| sum + value)
    }

    /// What a label of a metric can be.
    pub(crate) fn values<'e>(&'e self, metric: &str, label: &str) -> BTreeSet<&'e str> {
        let samples = self.0.iter().filter(|sample| sample.name == metric);
        samples
            .filter_map(|sample| sample.labels.get(label))
            .map(String::as_str)
            .collect()
    }
}

/// The number on this line: `name{label="value"} 1`.
fn sample(line: &str) -> Option<Sample> {
    let end = line.find(['{', ' '])?;
    let (name, mut rest) = line.split_at(end);
    let mut labels = BTreeMap::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        while !rest.starts_with('}') {
            let (label, text) = rest.trim_start_matches(',').split_once("=\"")?;
            let (value, after) = quoted(text)?;
            labels.insert(label.to_owned(), value);
            rest = after;
        }
        rest = rest.strip_prefix('}')?;
    }
    Some(Sample {
        name: name.to_owned(),
        labels,
        value: rest.trim().parse().ok()?,
    })
}

/// The text before the next quotation mark that is one, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(match letters.next()?.1 {
                'n' => '\n',
                other => other,
            }),
            letter => value.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_names_and_labels() {
        let text = "# TYPE a counter\na{x=\"1\",y=\"p\"} 2\na{x=\"2\",y=\"p\"} 0.5\n\nab 7\n";
        let exposition = Exposition::of(text);
        assert_eq!(exposition.sum("a", &[]), Some(2.5));
        assert_eq!(exposition.sum("a", &[("x", "2"), ("y", "p")]), Some(0.5));
        assert_eq!(exposition.sum("a", &[("x", "3")]), None);
        assert_eq!(exposition.sum("ab", &[]), Some(7.0));
        assert_eq!(exposition.values("a", "x"), BTreeSet::from(["1", "2"]));
    }

    #[test]
    fn a_label_may_be_any_text() {
        let found = sample("a{x=\"} 1,\\\"\\\\\\n{\",y=\"\"} 3e2").expect("a number");
        assert_eq!(found.labels["x"], "} 1,\"\\\n{");
        assert_eq!((found.labels["y"].as_str(), found.value), ("", 300.0));
    }

    #[test]
    fn what_is_no_number_is_left_out() {
        for line in [
            "",
            "a",
            "a{",
            "a{x=\"1",
            "a{x=\"1\"",
            "a{x} 1",
            "a{x=\"1\"} one",
            "# HELP a b",
        ] {
            assert_eq!(sample(line), None, "{line}");
        }
    }
}
