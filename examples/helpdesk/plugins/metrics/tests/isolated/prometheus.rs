//! The text format of Prometheus, version 0.0.4, read letter by letter as its description has it.

use std::collections::{BTreeMap, BTreeSet};

/// Numbers by name and labels.
pub(crate) type Numbers = BTreeMap<(String, BTreeMap<String, String>), f64>;

/// All numbers of a text.
///
/// # Panics
/// If it is no such text, with the line.
pub(crate) fn read(text: &str) -> Numbers {
    assert!(text.ends_with('\n'), "the last line ends");
    let (mut numbers, mut types) = (Numbers::new(), BTreeMap::new());
    let mut helped = BTreeSet::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').expect(line);
            assert!(helped.insert(name) && !words.is_empty(), "{line}");
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').expect(line);
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert_eq!(types.insert(name, kind), None, "{line}");
        } else {
            let (name, labels, value) = number(line);
            let has_a_type = |end: &str| {
                let name = name.strip_suffix(end);
                name.and_then(|name| types.get(name)) == Some(&"histogram")
            };
            let ends = ["_bucket", "_sum", "_count"];
            let is_typed = types.contains_key(name.as_str()) || ends.into_iter().any(has_a_type);
            assert!(is_typed, "no type before {line}");
            assert_eq!(numbers.insert((name, labels), value), None, "twice: {line}");
        }
    }
    numbers
}

fn number(line: &str) -> (String, BTreeMap<String, String>, f64) {
    let mut letters = line.chars().peekable();
    let word = |letters: &mut std::iter::Peekable<std::str::Chars<'_>>| {
        let mut word = String::new();
        while let Some(letter) = letters.next_if(|l| l.is_ascii_alphanumeric() || *l == '_') {
            word.push(letter);
        }
        let begins = word.starts_with(|letter: char| !letter.is_ascii_digit());
        assert!(begins, "no name in {line}");
        word
    };
    let name = word(&mut letters);
    let mut labels = BTreeMap::new();
    if letters.next_if_eq(&'{').is_some() {
        loop {
            let label = word(&mut letters);
            assert_eq!(
                (letters.next(), letters.next()),
                (Some('='), Some('"')),
                "{line}"
            );
            let mut value = String::new();
            loop {
                match letters.next().expect(line) {
                    '"' => break,
                    '\\' => value.push(match letters.next() {
                        Some('n') => '\n',
                        Some(letter @ ('"' | '\\')) => letter,
                        other => panic!("\\{other:?} in {line}"),
                    }),
                    letter => value.push(letter),
                }
            }
            assert_eq!(labels.insert(label, value), None, "{line}");
            match letters.next() {
                Some(',') => {}
                Some('}') => break,
                other => panic!("{other:?} in {line}"),
            }
        }
    }
    assert_eq!(letters.next(), Some(' '), "{line}");
    let value: String = letters.collect();
    (name, labels, value.parse().expect(line))
}
