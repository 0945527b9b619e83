//! The filters and tests that a template uses, read from its text: the engine itself notices an unknown one only when it
//! gets there.

use std::collections::BTreeSet;

use treenail_core::nearest::distance;

use super::functions::FUNCTIONS;
use super::scope::NAMES;

/// A name and what it is used as.
pub(super) struct NameUse<'t> {
    pub(super) kind: NameKind,
    pub(super) name: &'t str,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum NameKind {
    Filter,
    Test,
}

/// Names to suggest for a wrong filter.
pub(super) const FILTERS: &[&str] = &[
    "abs",
    "attr",
    "batch",
    "capitalize",
    "center",
    "default",
    "dictsort",
    "escape",
    "filesizeformat",
    "first",
    "float",
    "format",
    "groupby",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "random",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "select",
    "selectattr",
    "slice",
    "sort",
    "string",
    "striptags",
    "sum",
    "title",
    "tojson",
    "trim",
    "truncate",
    "unique",
    "upper",
    "urlencode",
    "wordcount",
    "wordwrap",
];

/// Names to suggest for a wrong test.
pub(super) const TESTS: &[&str] = &[
    "boolean",
    "defined",
    "divisibleby",
    "eq",
    "even",
    "false",
    "float",
    "ge",
    "gt",
    "in",
    "integer",
    "iterable",
    "le",
    "lower",
    "lt",
    "mapping",
    "ne",
    "none",
    "number",
    "odd",
    "sequence",
    "string",
    "true",
    "undefined",
    "upper",
];

/// Every filter and test in the expressions of a template that parses.
pub(super) fn used(source: &str) -> Vec<NameUse<'_>> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(tag) = next_tag(rest) {
        rest = tag.after;
        let words = Tokens(tag.inside);
        if tag.block && Tokens(tag.inside).next() == Some("raw") {
            rest = after_raw(tag.after);
            continue;
        }
        let mut before = "";
        let mut used_as = None;
        for word in words {
            let name = is_name(word);
            match used_as.take() {
                Some(NameKind::Test) if word == "not" => used_as = Some(NameKind::Test),
                Some(kind) if name => found.push(NameUse { kind, name: word }),
                _ if word == "|" => used_as = Some(NameKind::Filter),
                // A block may begin with `filter`, and an attribute may be called `is`.
                _ if word == "filter" && tag.block && before.is_empty() => {
                    used_as = Some(NameKind::Filter);
                }
                _ if word == "is" && before != "." => used_as = Some(NameKind::Test),
                _ => {}
            }
            before = word;
        }
    }
    found
}

/// Words of the language that an expression or a block may have.
const KEYWORDS: &[&str] = &[
    "and",
    "block",
    "call",
    "else",
    "elif",
    "endblock",
    "endcall",
    "endfilter",
    "endfor",
    "endif",
    "endmacro",
    "endset",
    "endwith",
    "filter",
    "for",
    "if",
    "is",
    "loop",
    "macro",
    "not",
    "or",
    "set",
    "with",
];

/// The names in a template that are none of those that templates know, nor one of them but for a slip.
pub(crate) fn unknown_names(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = source;
    while let Some(tag) = next_tag(rest) {
        let known = [FUNCTIONS, NAMES, FILTERS, TESTS, KEYWORDS];
        let is_known = |word: &&str| {
            let mut known = known.iter().copied().flatten();
            known.any(|known| distance(word, known) <= 1)
        };
        let unknown = Tokens(tag.inside).filter(|word| is_name(word) && !is_known(word));
        found.extend(unknown.map(str::to_owned));
        rest = tag.after;
    }
    found
}

/// A `{{ }}` or a `{% %}`.
struct Tag<'t> {
    block: bool,
    inside: &'t str,
    after: &'t str,
}

/// The next tag. Comments are passed over.
fn next_tag(mut text: &str) -> Option<Tag<'_>> {
    loop {
        let start = text.find('{')?;
        let (block, end) = match text[start + 1..].chars().next()? {
            '{' => (false, "}}"),
            '%' => (true, "%}"),
            '#' => {
                let end = text[start..].find("#}")?;
                text = &text[start + end + 2..];
                continue;
            }
            _ => {
                text = &text[start + 1..];
                continue;
            }
        };
        let inside = &text[start + 2..];
        let end = end_of_tag(inside, end)?;
        return Some(Tag {
            block,
            inside: &inside[..end],
            after: &inside[end + 2..],
        });
    }
}

/// Where a tag ends; a quoted text may hold what looks like its end, and braces may be those of a map.
fn end_of_tag(inside: &str, end: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    let mut open = 0usize;
    for (at, letter) in inside.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if letter == '\\' => escaped = true,
            Some(mark) if letter == mark => quote = None,
            Some(_) => {}
            None if open == 0 && inside[at..].starts_with(end) => return Some(at),
            None => match letter {
                '\'' | '"' => quote = Some(letter),
                '{' => open += 1,
                '}' => open = open.saturating_sub(1),
                _ => {}
            },
        }
    }
    None
}

fn after_raw(text: &str) -> &str {
    let end = text.find("endraw").map_or(text.len(), |at| at + 6);
    let rest = &text[end..];
    rest.find("%}").map_or("", |at| &rest[at + 2..])
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, numbers and single signs; quoted texts come out as their first sign.
struct Tokens<'t>(&'t str);

impl<'t> Iterator for Tokens<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let text = self
            .0
            .trim_start_matches(|c: char| c.is_whitespace() || c == '-' || c == '+');
        let first = text.chars().next()?;
        let end = match first {
            '\'' | '"' => quoted(text, first),
            _ if first.is_alphanumeric() || first == '_' => text
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(text.len()),
            _ => first.len_utf8(),
        };
        self.0 = &text[end..];
        match first {
            '\'' | '"' => Some(&text[..1]),
            _ => Some(&text[..end]),
        }
    }
}

fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{NameKind, unknown_names, used};

    #[test]
    fn names_that_nobody_knows_are_found_and_slips_are_not() {
        let source = "{% if get_evn('A') is definde %}{{ hunter2.b | uper ~ 'c' }}{% endif %} d {{ params.token }}";
        let found: Vec<String> = unknown_names(source).into_iter().collect();
        assert_eq!(found, ["b", "hunter2", "token"]);
    }

    #[test]
    fn filters_and_tests_are_found_and_nothing_else() {
        let source = "{{ a | b('| no }}') | c }} | no {% if x is not d and y.is | e %}{# {{ 1 | no }} #}\
            {% raw %}{{ 1 | no }}{% endraw %}{% filter f %}x{% endfilter %}{{ {'k': {}} | g }}{{ filter is h }}{% for i in j|k if i is l %}{% endfor %}";
        let found: Vec<String> = used(source)
            .iter()
            .map(|used| match used.kind {
                NameKind::Filter => used.name.to_owned(),
                NameKind::Test => format!("is {}", used.name),
            })
            .collect();
        assert_eq!(
            found,
            ["b", "c", "is d", "e", "f", "g", "is h", "k", "is l"]
        );
    }
}
