//! Each rule, on sources that break it.

use super::*;

fn faults_of(sources: &[(&str, &str)], order: &[&str]) -> Vec<String> {
    let sources = sources
        .iter()
        .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()))
        .collect();
    faults(&sources, order)
}

const LIB: (&str, &str) = (
    "lib.rs",
    "mod top; mod low; pub use top::Top; pub use low::Low;",
);

#[test]
fn names_that_lead_down_are_fine_and_a_list_of_what_a_folder_has_is_none() {
    let low = "mod part; mod whole; pub use part::*; pub use whole::Whole; pub struct Low;";
    let whole = "use super::part::Part; pub struct Whole(Part, super::Low);";
    let sources = [
        LIB,
        (
            "top.rs",
            "use crate::low::Low; pub struct Top(Low, crate::low::Whole);",
        ),
        ("low.rs", low),
        ("low/part.rs", "pub struct Part;"),
        ("low/whole.rs", whole),
    ];
    assert_eq!(faults_of(&sources, &["lib", "top", "low"]), [""; 0]);
}

#[test]
fn a_circle_is_found_through_a_path_in_the_code_and_in_a_macro() {
    let sources = [
        LIB,
        ("top.rs", "use crate::low::Low; pub struct Top(Low);"),
        (
            "low.rs",
            "pub struct Low; fn up() { vec![crate::top::Top] }",
        ),
    ];
    assert_eq!(
        faults_of(&sources, &["lib", "top", "low"]),
        [
            "low.rs names `top::Top`, which is above it in the order of folders",
            "a circle: low.rs names `top::Top`, top.rs names `low::Low`",
        ]
    );
}

#[test]
fn a_name_that_is_handed_on_leads_to_where_it_is_declared() {
    let sources = [
        LIB,
        ("top.rs", "use crate::{Low as L}; pub struct Top(L);"),
        ("low.rs", "pub struct Low(crate::Top);"),
    ];
    assert_eq!(
        faults_of(&sources, &["lib", "top", "low"]),
        [
            "low.rs names `Top`, which is above it in the order of folders",
            "a circle: low.rs names `Top`, top.rs names `Low`",
        ]
    );
}

#[test]
fn two_folders_in_a_circle_are_told_whatever_their_files() {
    let sources = [
        ("lib.rs", "mod low;"),
        ("low.rs", "mod left; mod right;"),
        ("low/left.rs", "mod one; mod two; pub(super) use two::Two;"),
        ("low/left/one.rs", "use crate::low::right::Right;"),
        ("low/left/two.rs", "pub struct Two;"),
        ("low/right.rs", "pub struct Right; use super::left::Two;"),
    ];
    assert_eq!(
        faults_of(&sources, &["lib", "low"]),
        [
            "a circle: low/left/one.rs names `low::right::Right`, low/right.rs names `low::left::Two`"
        ]
    );
}

#[test]
fn a_circle_inside_a_folder_is_found() {
    let sources = [
        LIB,
        ("top.rs", "pub struct Top;"),
        (
            "low.rs",
            "mod part; pub use part::Part; pub struct Low(Part);",
        ),
        (
            "low/part.rs",
            "pub struct Part; fn up() -> Option<super::Low> { None }",
        ),
    ];
    assert_eq!(
        faults_of(&sources, &["lib", "top", "low"]),
        ["a circle: low.rs names `low::part::Part`, low/part.rs names `low::Low`"]
    );
}

#[test]
fn what_tests_name_leads_nowhere() {
    let low = "pub struct Low; #[cfg(test)] mod tests; #[cfg(test)] mod inner { use crate::Top; }";
    let sources = [
        LIB,
        ("top.rs", "use crate::low::Low; pub struct Top(Low);"),
        ("low.rs", low),
        ("low/tests.rs", "use crate::Top;"),
    ];
    assert_eq!(faults_of(&sources, &["lib", "top", "low"]), [""; 0]);
}

#[test]
fn a_folder_without_a_place_a_long_file_and_a_leaning_comment_are_told() {
    let long =
        "//! All of it.\n//!\n//! It is longer than others.\n".to_owned() + &"\n".repeat(LONG);
    let reasoned = "//! All of it, longer than others: a table.\n".to_owned() + &"\n".repeat(LONG);
    let leaning = "/// One.\n/// The same words inside are fine.\nfn a() {}\n/// The same for two.\nfn b() {}";
    let sources = [
        ("lib.rs", "mod high; mod low; mod long;"),
        ("high.rs", &*reasoned),
        ("long.rs", &*long),
        ("low.rs", leaning),
    ];
    assert_eq!(
        faults_of(&sources, &["lib", "high", "low"]),
        [
            "long.rs has no place in the order of folders",
            "long.rs has 403 lines: split it, or say in its first paragraph why it is longer than others",
            "low.rs:4: `The same for two.` leans on what stands before it: say what it is",
        ]
    );
}

#[test]
fn a_name_of_two_types_is_told_and_one_for_tests_alone_is_not() {
    let sources = [
        LIB,
        (
            "top.rs",
            "#[cfg(test)]\nmod tests;\npub struct Top;\nenum Part<'a> {}\ntype Alone = ();",
        ),
        ("top/tests.rs", "struct Alone;"),
        (
            "low.rs",
            "pub struct Low;\npub(crate) struct Part(Settings);\nstruct Settings;",
        ),
        ("top/other.rs", "pub(super) struct Settings;"),
    ];
    let faults = faults_of(&sources, &["lib", "top", "low"]);
    assert!(
        faults.contains(&"`Part` is a type in low.rs and in top.rs".to_owned()),
        "{faults:?}"
    );
    assert!(
        !faults
            .iter()
            .any(|fault| fault.contains("`Settings`") || fault.contains("`Alone`")),
        "{faults:?}"
    );
}

#[test]
fn syntax_of_a_newer_rust_is_found_and_what_looks_like_it_is_not() {
    let newer = "fn f() { match a { Some(A { b }) if let Some(C { d }) = b => [0; _], _ => g() } }";
    assert_eq!(
        syntax::newer(newer),
        [
            "a guard of a pattern has a `let`: `if let Some (C { d }) = b`",
            "the length of an array is left out: `[0 ; _]`",
        ]
    );
    let older = "fn f() { if let A { b } = a && let Some(c) = b { match c { 1 if d => [0; 4], _ => [_; 4] } } }";
    assert_eq!(syntax::newer(older), [""; 0]);
}
