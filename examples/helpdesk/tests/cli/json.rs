//! What the program says to programs.

use std::process::Output;

use serde_json::Value;

use crate::folder::{Folder, text};

#[test]
fn a_check_for_programs_is_one_document_with_every_problem_at_its_place() {
    let folder = Folder::new("check-json");
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/configs/several_mistakes/config.yml"
    );
    let output = folder.run(&["check", "--format", "json", "--config", file]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(document["ok"], false);
    let problems = document["problems"].as_array().expect("a list");
    assert_eq!(problems.len(), 8, "{document:#}");
    let limit = problems
        .iter()
        .find(|problem| problem["help"] == "did you mean `limit`?");
    let limit = limit.expect("the misspelt key");
    assert_eq!((&limit["line"], &limit["column"]), (&14.into(), &47.into()));
    assert_eq!(
        (&limit["file"], &limit["code"]),
        (&file.into(), &"unknown-key".into())
    );

    let output = folder.run(&["check", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0));
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(
        (&document["ok"], &document["problems"]),
        (&true.into(), &serde_json::json!([]))
    );
}

/// The events that a run writes, one on each line.
fn events(output: &Output) -> Vec<Value> {
    let lines = text(&output.stdout).lines();
    lines
        .map(|line| serde_json::from_str(line).expect("a JSON object on each line"))
        .collect()
}

#[test]
fn a_run_for_programs_is_an_event_on_each_line() {
    let folder = Folder::new("run-json");
    let output = folder.run(&["run", "--format", "json"]);
    assert!(output.status.success() && output.stderr.is_empty());
    let events = events(&output);
    assert_eq!(
        events[0],
        serde_json::json!({"event": "cycle", "number": 1, "state": "started"})
    );
    let stop = events.last().expect("events");
    assert_eq!(
        (&stop["event"], &stop["ok"], &stop["changes"]),
        (&"stop".into(), &true.into(), &9.into())
    );
    let of = |event: &str, step: &str| {
        let mut found = events
            .iter()
            .filter(|one| one["event"] == event && one["step"] == step);
        found.next().cloned().expect("such an event")
    };
    assert_eq!(
        of("started", "update")["component"],
        "tickets:UpdateTicketPipe"
    );
    let ended = of("ended", "update");
    assert_eq!(
        (&ended["outcome"], &ended["message"]),
        (&"ok".into(), &"".into())
    );
    assert!(
        ended["elapsed"]
            .as_f64()
            .is_some_and(|seconds| seconds < 60.0)
    );
}

#[test]
fn a_run_that_is_refused_says_so_in_its_last_event() {
    let folder = Folder::new("refused-json");
    std::fs::write(folder.0.join("c.yml"), "open_ticket_ai: { colour: 1 }\n").expect("written");
    let output = folder.run(&["run", "--format", "json", "-c", "c.yml"]);
    assert_eq!(output.status.code(), Some(1));
    let events = events(&output);
    assert_eq!((events.len(), &events[0]["event"]), (1, &"stop".into()));
    assert_eq!(events[0]["problems"][0]["path"], "open_ticket_ai.colour");
    assert!(output.stderr.is_empty());
}
