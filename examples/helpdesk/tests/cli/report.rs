//! How long a start took, in every form.

use serde_json::Value;

use crate::folder::{Folder, text};

#[test]
fn a_report_for_people_is_a_table_with_every_component() {
    let folder = Folder::new("report-table");
    let output = folder.run(&["run", "--report"]);
    let (out, talk) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{talk}");
    for words in ["build  tickets", "start  tickets", "build  classifier"] {
        assert!(out.contains(words), "no {words} in {out}");
    }
    assert!(out.lines().any(|line| line.starts_with("* ")), "{out}");
}

#[test]
fn a_report_in_a_file_has_the_form_that_its_name_says() {
    let folder = Folder::new("report-file");
    for (name, begin) in [("start.svg", "<svg"), ("start.html", "<!DOCTYPE html>")] {
        let output = folder.run(&["run", &format!("--report={name}")]);
        let talk = text(&output.stderr);
        assert!(output.status.success(), "{talk}");
        assert!(
            talk.contains(&format!("wrote the report to {name}")),
            "{talk}"
        );
        let file = std::fs::read_to_string(folder.0.join(name)).expect("the file");
        assert!(
            file.starts_with(begin) && file.contains("classifier"),
            "{file}"
        );
    }
}

#[test]
fn a_report_for_programs_is_the_first_event() {
    let folder = Folder::new("report-json");
    let output = folder.run(&["run", "--format", "json", "--report=start.svg"]);
    assert!(output.status.success() && output.stderr.is_empty());
    assert!(folder.0.join("start.svg").exists());
    let first = text(&output.stdout).lines().next().expect("events");
    let first: Value = serde_json::from_str(first).expect("JSON");
    assert_eq!(
        (&first["event"], &first["report"]["host"]),
        (&"report".into(), &"helpdesk".into())
    );
    let timings = first["report"]["timings"].as_array().expect("a list");
    let of = |phase: &str| {
        timings
            .iter()
            .any(|one| one["component"] == "tickets" && one["phase"] == phase)
    };
    assert!(of("build") && of("start"), "{first:#}");
    assert!(
        timings.iter().any(|one| one["critical"] == true),
        "{first:#}"
    );
}

#[test]
fn a_report_that_cannot_be_written_is_named_and_everything_is_stopped() {
    let folder = Folder::new("report-nowhere");
    let output = folder.run(&["run", "--report=nowhere/start.svg"]);
    assert_eq!(output.status.code(), Some(1));
    let talk = text(&output.stderr);
    assert!(
        talk.contains("cannot write the report to nowhere/start.svg"),
        "{talk}"
    );
    assert!(
        !folder.0.join("helpdesk.db-wal").exists(),
        "the store was settled"
    );

    let output = folder.run(&["run", "--report=start.txt"]);
    assert_eq!(output.status.code(), Some(2));
    let talk = text(&output.stderr);
    assert!(talk.contains("has to end in .svg or .html"), "{talk}");
}
