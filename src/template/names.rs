//! The names that templates know, to suggest one of them for a wrong one.

use std::collections::BTreeSet;

use treenail_core::nearest::distance;

use super::tokens::{TokenKind, tokens};

/// The names that a template finds, besides functions.
pub(super) const NAMES: &[&str] = &[
    #[cfg(feature = "pipes")]
    "pipe_results",
    "params",
    #[cfg(feature = "pipes")]
    "parent_params",
];

/// The functions that templates call, besides those of Jinja.
pub(super) const FUNCTIONS: &[&str] = &[
    #[cfg(feature = "pipes")]
    "get_pipe_result",
    #[cfg(feature = "pipes")]
    "has_failed",
    #[cfg(feature = "pipes")]
    "get_parent_param",
    "get_env",
    "at_path",
    "fail",
];

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

/// The names and numbers in the tags of a template that are no names which templates know, or one of them but for a slip.
pub(crate) fn unknown_names(source: &str) -> BTreeSet<String> {
    let known = [FUNCTIONS, NAMES, FILTERS, TESTS, KEYWORDS];
    let is_known = |word: &str| {
        let mut known = known.iter().copied().flatten();
        known.any(|known| distance(word, known) <= 1)
    };
    let words = tokens(source).into_iter();
    let words = words.filter(|token| matches!(token.kind, TokenKind::Name | TokenKind::Number));
    let unknown = words.filter(|token| !is_known(token.text));
    unknown.map(|token| token.text.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::unknown_names;

    #[test]
    fn names_that_nobody_knows_are_found_and_slips_are_not() {
        let source = "{% if get_evn('A') is definde %}{{ hunter2.b | uper ~ 'c' }}{% endif %} d {{ params.token + 4711 }}";
        let found: Vec<String> = unknown_names(source).into_iter().collect();
        assert_eq!(found, ["4711", "b", "hunter2", "token"]);
    }
}
