//! Warnings by name: what `[lints]` may turn off, or into errors.

use super::Code;

/// Every group: its name, and what the names of its lints start with.
const GROUPS: &[(&str, &str)] = &[("warnings", ""), ("unused", "unused_")];

/// Every warning: its code and its name.
fn lints() -> impl Iterator<Item = (Code, &'static str)> {
    let all = Code::ALL.iter();
    all.filter_map(|code| Some((*code, code.lint()?)))
}

/// The codes that a line of `[lints]` is about, from the name of a lint, its code, or a group; and whether it is a group.
/// None where there is no such lint.
pub(crate) fn meant(written: &str) -> (Vec<Code>, bool) {
    let written = written.replace('-', "_");
    if let Some((_, prefix)) = GROUPS.iter().find(|(group, _)| *group == written) {
        let all = lints().filter(|(_, name)| name.starts_with(prefix));
        return (all.map(|(code, _)| code).collect(), true);
    }
    let one =
        lints().find(|(code, name)| *name == written || code.name().eq_ignore_ascii_case(&written));
    (one.map(|(code, _)| code).into_iter().collect(), false)
}

/// Every name that a line of `[lints]` may have, codes aside.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let groups = GROUPS.iter().map(|(group, _)| *group);
    lints().map(|(_, name)| name).chain(groups)
}

/// Every name that a line of `[lints]` may have, codes aside, with a sentence about it.
pub(crate) fn described() -> impl Iterator<Item = (&'static str, String)> {
    let described = lints().map(|(code, name)| (name, format!("{}: {}", code.name(), about(code))));
    let groups = GROUPS.iter().map(|(group, prefix)| {
        let about = match *prefix {
            "" => "All warnings.".to_owned(),
            prefix => format!("All warnings whose names begin with `{prefix}`."),
        };
        (*group, about)
    });
    described.chain(groups)
}

/// What matches whatever [`meant`] knows, as a regular expression.
pub(crate) fn pattern() -> String {
    let names = names().map(|name| name.replace('_', "[-_]"));
    let digits = lints().map(|(code, _)| code.name().trim_start_matches("TN"));
    let digits: Vec<&str> = digits.collect();
    let names: Vec<String> = names.collect();
    format!("{}|[Tt][Nn]({})", names.join("|"), digits.join("|"))
}

/// What a lint warns about: the first sentence of the page of its code.
fn about(code: Code) -> String {
    let page = code.explanation();
    let paragraph = page.split("\n\n").next().unwrap_or(page);
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    let text = words.join(" ");
    let text = text.strip_prefix("A warning: ").unwrap_or(&text);
    let sentence = text.split(". ").next().unwrap_or(text);
    format!("{}.", sentence.trim_end_matches('.'))
}
