//! The lists are current: nothing becomes public, or other than it was, by mistake. `BLESS=1` writes them.

use std::fs;

use public_api_lists::{api, list_of};

#[track_caller]
fn is_as_listed(package: &str, features: &str) {
    let (api, list) = (api(package, features), list_of(package));
    if std::env::var_os("BLESS").is_some() {
        fs::write(&list, &api).expect("a list that can be written");
        return;
    }
    let listed = fs::read_to_string(&list).unwrap_or_default();
    let only_in = |one: &str, other: &str, sign: &str| -> Vec<String> {
        let lines = one
            .lines()
            .filter(|line| !other.lines().any(|it| it == *line));
        lines.map(|line| format!("{sign} {line}")).collect()
    };
    let lost = only_in(&listed, &api, "-");
    let new = only_in(&api, &listed, "+");
    assert!(
        listed == api,
        "the public API of {package} is not what {} lists; if that is meant, BLESS=1 writes it\n{}\n{}",
        list.display(),
        lost.join("\n"),
        new.join("\n"),
    );
}

#[test]
fn the_api_of_what_contract_crates_need_is_as_listed() {
    is_as_listed("treenail-core", "");
}

#[test]
fn the_api_of_the_compiler_is_as_listed() {
    is_as_listed("treenail-build", "inspect");
}

#[test]
fn the_api_of_the_macros_is_as_listed() {
    is_as_listed("treenail-macros", "");
}

#[test]
fn the_api_of_the_reference_page_is_as_listed() {
    is_as_listed("treenail-reference", "");
}

#[test]
fn the_api_of_the_runtime_is_as_listed() {
    is_as_listed("treenail", "factories,reference,testing");
}
