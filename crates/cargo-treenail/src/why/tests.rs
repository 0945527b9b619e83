//! Runs every case in `tests/why`: a composition, and `answers.txt` with questions, `$ why WHAT`, each with its answer.

use std::fs;
use std::path::Path;

use super::why;
use crate::cases::{describe, difference, files};

#[test]
fn every_question_has_the_expected_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/why");
    for case in fs::read_dir(folder).expect("the cases") {
        let case = case.expect("a case").path();
        let mut files = files(&case);
        let answers = files.remove("answers.txt").expect("questions");
        let composition = describe(&files);
        let mut told = String::new();
        for question in answers
            .lines()
            .filter_map(|line| line.strip_prefix("$ why "))
        {
            let (what, setting) = match question.split_once(" -- ") {
                Some((what, setting)) => (what, Some(setting)),
                None => (question, None),
            };
            let answer = why(&composition, what, setting);
            let answer = answer.unwrap_or_else(|error| format!("error: {error}\n"));
            told.push_str(&format!("$ why {question}\n{answer}"));
        }
        assert_eq!(difference(&case.join("answers.txt"), &told), None);
    }
}
