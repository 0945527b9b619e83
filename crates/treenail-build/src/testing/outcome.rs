//! What came of a case, and what a test asks of it.

#![expect(
    clippy::disallowed_methods,
    reason = "expected texts lie in files, and the environment says whether to write them"
)]

use std::path::Path;
use std::{env, fs};

use crate::front::composed::Composed;
use crate::report::Message;

/// What came of a [`Case`](super::Case).
#[derive(Debug)]
pub struct Outcome {
    composed: Composed,
}

impl Outcome {
    pub(super) fn new(composed: Composed) -> Self {
        Self { composed }
    }

    /// The composition: its components in order, its plugins, its graph, the generated Rust.
    #[must_use]
    pub fn composed(&self) -> &Composed {
        &self.composed
    }

    /// Every message, by file, then place.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        self.composed.messages()
    }

    /// The codes of all messages, by file, then place.
    #[must_use]
    pub fn codes(&self) -> Vec<&'static str> {
        self.messages().iter().map(|message| message.code).collect()
    }

    /// The text of all messages, with an empty line between two.
    #[must_use]
    pub fn text(&self) -> String {
        let texts = self
            .messages()
            .iter()
            .map(|message| format!("{}\n", message.text));
        texts.collect::<Vec<_>>().join("\n")
    }

    /// There are exactly these messages, by file, then place.
    ///
    /// # Panics
    /// If there are others.
    #[track_caller]
    pub fn assert_codes<'a>(&self, codes: impl IntoIterator<Item = &'a str>) {
        let expected: Vec<&str> = codes.into_iter().collect();
        let found = self.codes();
        assert!(
            found == expected,
            "expected the messages {expected:?}, found {found:?}:\n\n{}",
            self.text()
        );
    }

    /// A message of this code stands at this place: `file:line:column`, lines and columns from 1, as the message says it.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn assert_at(&self, code: &str, place: &str) {
        let places: Vec<String> = self.of(code).filter_map(Message::place).collect();
        assert!(
            places.iter().any(|found| found == place),
            "no {code} at {place}; it is at {places:?}. All messages:\n\n{}",
            self.text()
        );
    }

    /// The text of a message of this code contains this.
    ///
    /// # Panics
    /// If none does.
    #[track_caller]
    pub fn assert_says(&self, code: &str, words: &str) {
        assert!(
            self.of(code).any(|message| message.text.contains(words)),
            "no {code} says `{words}`. All messages:\n\n{}",
            self.text()
        );
    }

    /// All messages are those in this file, or there are none and no such file. With `BLESS=1` in the environment, the file
    /// is written instead, or removed.
    ///
    /// A relative path is relative to where the test runs: for `cargo test`, the package's folder.
    ///
    /// # Panics
    /// If there are others, or the file cannot be written.
    #[track_caller]
    pub fn assert_matches(&self, file: impl AsRef<Path>) {
        let text = Some(self.text()).filter(|text| !text.is_empty());
        if let Some(failure) = compare(file.as_ref(), text.as_deref()) {
            panic!("not as expected (BLESS=1 writes what is found): {failure}");
        }
    }

    fn of<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Message> {
        self.messages()
            .iter()
            .filter(move |message| message.code == code)
    }
}

/// Compares a file with what it should hold (`None`: it should not be there), or writes it where `BLESS` is set. What is
/// wrong, in words.
///
/// # Panics
/// If the file cannot be written.
#[track_caller]
pub(crate) fn compare(file: &Path, text: Option<&str>) -> Option<String> {
    let found = fs::read_to_string(file).ok();
    if found.as_deref() == text {
        return None;
    }
    let result = match (text, env::var_os("BLESS").is_some()) {
        (Some(text), true) => fs::write(file, text),
        (None, true) => fs::remove_file(file),
        (text, false) => {
            let text = text.unwrap_or("should not be there\n");
            return Some(format!("{}:\n{text}", file.display()));
        }
    };
    if let Err(error) = result {
        panic!("cannot write {}: {error}", file.display());
    }
    None
}
