//! Warnings by name: what `[lints]` may turn off, or into errors.

use super::Code;

/// Every warning: its code and its name.
pub(crate) const LINTS: &[(Code, &str)] = &[
    (Code::TN0111, "undeclared_plugin"),
    (Code::TN0310, "unused_bind"),
    (Code::TN0901, "left_out"),
    (Code::TN0902, "unused_plugin"),
    (Code::TN0903, "unused_component"),
    (Code::TN0904, "unused_alias"),
    (Code::TN0905, "unused_overlay"),
    (Code::TN0906, "unknown_lint"),
    (Code::TN0907, "unused_lint"),
    (Code::TN0908, "unused_order"),
    (Code::TN0909, "unused_table"),
    (Code::TN0910, "unused_all"),
];

/// Every group: its name, and what the names of its lints start with.
const GROUPS: &[(&str, &str)] = &[("warnings", ""), ("unused", "unused_")];

/// The name of the warning with this code; `None` for an error.
pub(crate) fn name(code: Code) -> Option<&'static str> {
    let found = LINTS.iter().find(|(one, _)| *one == code);
    found.map(|(_, name)| *name)
}

/// The codes that a line of `[lints]` is about, from the name of a lint, its code, or a group; and whether it is a group.
/// None where there is no such lint.
pub(crate) fn meant(written: &str) -> (Vec<Code>, bool) {
    let written = written.replace('-', "_");
    if let Some((_, prefix)) = GROUPS.iter().find(|(group, _)| *group == written) {
        let all = LINTS.iter().filter(|(_, name)| name.starts_with(prefix));
        return (all.map(|(code, _)| *code).collect(), true);
    }
    let one = LINTS
        .iter()
        .find(|(code, name)| *name == written || code.name().eq_ignore_ascii_case(&written));
    (one.map(|(code, _)| *code).into_iter().collect(), false)
}

/// Every name that a line of `[lints]` may have, codes aside.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let groups = GROUPS.iter().map(|(group, _)| *group);
    LINTS.iter().map(|(_, name)| *name).chain(groups)
}
