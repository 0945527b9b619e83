//! The pages are true: the wrong example of each is that mistake and no other, the right one is none.

use std::collections::BTreeMap;
use std::path::Path;

use crate::diagnostic::Code;
use crate::laws::cases::{compose_files, in_case_folders};
use crate::report::Message;
use crate::testing::Case;

/// The code blocks of a page, by the word above each.
pub(crate) fn examples(code: Code) -> BTreeMap<String, String> {
    let mut parts = code.explanation().split("```toml\n");
    let mut above = parts.next().unwrap_or_default();
    let mut examples = BTreeMap::new();
    for part in parts {
        let (example, below) = part
            .split_once("```\n")
            .unwrap_or_else(|| panic!("{}: a block without an end", code.name()));
        let word = above.trim_end().rsplit('\n').next().unwrap_or_default();
        examples.insert(word.trim_end_matches(':').to_owned(), example.to_owned());
        above = below;
    }
    examples
}

/// The files of an example that is made of some.
pub(crate) fn files(example: &str) -> BTreeMap<String, Vec<u8>> {
    let files = example.split("# file ").skip(1).map(|part| {
        let (name, text) = part.split_once('\n').unwrap_or((part, ""));
        (name.to_owned(), text.as_bytes().to_vec())
    });
    files.collect()
}

/// The messages about an example: packages in one text, or files for Cargo to look at.
fn messages(example: &str) -> Vec<Message> {
    if example.starts_with("# file ") {
        compose_files(&files(example)).messages().to_vec()
    } else {
        Case::parse(example).compose().messages().to_vec()
    }
}

fn codes(example: &str) -> Vec<&'static str> {
    let messages = messages(example);
    messages.iter().map(|message| message.code).collect()
}

#[test]
fn the_wrong_example_of_every_page_is_that_mistake_and_no_other() {
    for code in Code::ALL {
        let example = &examples(*code)["Wrong"];
        assert_eq!(codes(example), [code.name()], "{}", code.name());
    }
}

#[test]
fn the_right_example_of_every_page_is_no_mistake() {
    for code in Code::ALL {
        let found = codes(&examples(*code)["Right"]);
        assert!(found.is_empty(), "{}: {found:?}", code.name());
    }
}

#[test]
fn every_code_has_a_case_and_every_case_has_a_code_that_exists() {
    let known: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    let found: Vec<String> = in_case_folders().into_iter().collect();
    assert_eq!(found, known);
}

#[test]
fn every_page_belongs_to_a_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnostic/pages");
    for entry in std::fs::read_dir(folder).expect("the pages") {
        let name = entry
            .expect("a page")
            .file_name()
            .to_string_lossy()
            .into_owned();
        let code = name.strip_suffix(".md");
        assert!(
            code.is_none_or(|code| Code::named(code).is_some()),
            "{name}"
        );
    }
}
