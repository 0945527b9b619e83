//! Twenty mistakes in one file, and where each of them is.

use serde_json::Value;

use crate::folder::{Folder, text};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mistakes/config.yml");

/// Line, column, the start of the message, and what is suggested, if anything is.
const MISTAKES: [(u64, u64, &str, &str); 20] = [
    (3, 16, "this program has version 1.4.0", ""),
    (5, 15, "plugin `sqlight` not found", ""),
    (6, 34, "plugin `sqlite` has version 1.0.0", ""),
    (
        7,
        35,
        "`newest` is no version requirement",
        "such as `>=1.0.0`",
    ),
    (10, 14, "expected one of `DEBUG`", "did you mean `WARNING`?"),
    (11, 3, "unknown key `service`", "did you mean `services`?"),
    (
        13,
        21,
        "component `sqlite:Stone` not found",
        "did you mean `sqlite:Store`?",
    ),
    (14, 44, "unknown key `paths`", "did you mean `path`?"),
    (15, 5, "`use` is missing", ""),
    (16, 75, "expected a text, found a list", ""),
    (17, 18, "`base:CompositePipe` is a pipe", ""),
    (
        18,
        52,
        "the template cannot be rendered: environment variable `HELPDESK_IS_NOT_SET`",
        "",
    ),
    (
        22,
        27,
        "`in a moment` is no duration",
        "write for example PT5S",
    ),
    (26, 37, "service `desks` not found", "did you mean `desk`?"),
    (27, 47, "unknown key `limits`", "did you mean `limit`?"),
    (28, 15, "duplicate step id `fetch`", ""),
    (30, 33, "template syntax error", ""),
    (
        33,
        46,
        "service `desk` is a `sqlite:Store`, which does not provide",
        "",
    ),
    (
        33,
        52,
        "`tickets:ClassificationPipe` has no inject `ticket_system`",
        "classification_service",
    ),
    (34, 19, "`text` is missing", ""),
];

#[test]
fn twenty_mistakes_are_twenty_messages_each_at_its_place() {
    let output = Folder::new("mistakes").run(&["check", "--config", FILE]);
    let talk = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{talk}");
    assert!(
        talk.starts_with("the configuration has 20 problems\n"),
        "{talk}"
    );
    let mut messages = talk.split("\nerror: ").skip(1);
    for (line, column, words, help) in MISTAKES {
        let message = messages.next().expect("as many messages as mistakes");
        let place = format!("--> {FILE}:{line}:{column}\n");
        assert!(message.starts_with(words), "{words}: {message}");
        assert!(
            message.contains(&place) && message.contains(help),
            "{place} {help}: {message}"
        );
    }
    assert_eq!(messages.next(), None);
}

#[test]
fn programs_are_told_the_same_twenty_at_the_same_places() {
    let output = Folder::new("mistakes-json").run(&["check", "-f", "json", "-c", FILE]);
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let problems = document["problems"].as_array().expect("a list");
    assert_eq!(problems.len(), MISTAKES.len());
    for ((line, column, words, _), problem) in MISTAKES.iter().zip(problems) {
        assert_eq!(
            (&problem["line"], &problem["column"]),
            (&(*line).into(), &(*column).into())
        );
        assert!(
            problem["message"]
                .as_str()
                .is_some_and(|said| said.starts_with(words))
        );
    }
}

#[test]
fn the_manual_shows_what_is_said_of_a_start_that_fails() {
    let folder = Folder::new("unopened");
    let configuration = "\
open_ticket_ai:
  services:
    tickets: { use: \"sqlite:Store\", params: { path: /nowhere/helpdesk.db } }
    classifier: { use: \"local-classifier:Classifier\" }
  orchestrator:
    use: \"base:SimpleSequentialOrchestrator\"
    params: { steps: [] }
  # Else what starts beside the store may be there by then, or not.
  lifecycle: { sequential: true }
";
    std::fs::write(folder.0.join("config.yml"), configuration).expect("written");
    let output = folder.run(&["--config", "config.yml"]);
    assert_eq!(output.status.code(), Some(1));
    let talk = text(&output.stderr);
    let error = talk.find("error: cannot build").expect(talk);
    let manual = include_str!("../../../../docs/for-operators.md");
    let beside = ["health:Endpoint, ", "orchestrator, "];
    let error = beside.iter().fold(talk[error..].to_owned(), |error, one| {
        error.replace(one, "")
    });
    let shown = format!("```text\n{}\n```", error.trim_end());
    assert!(
        manual.contains(&shown),
        "docs/for-operators.md has to show:\n{shown}"
    );
}
