//! The program as people and scripts use it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use folder::{Folder, text};

#[path = "cli/dead_letters.rs"]
mod dead_letters;
#[path = "cli/features.rs"]
mod features;
#[path = "cli/folder.rs"]
mod folder;
#[cfg(all(unix, feature = "health"))]
#[path = "cli/health.rs"]
mod health;
#[path = "cli/json.rs"]
mod json;
#[cfg(unix)]
#[path = "cli/killed.rs"]
mod killed;
#[cfg(all(unix, feature = "health", feature = "zammad"))]
#[path = "cli/load.rs"]
mod load;
#[cfg(all(unix, feature = "metrics"))]
#[path = "cli/metrics.rs"]
mod metrics;
#[path = "cli/mistakes.rs"]
mod mistakes;
#[cfg(unix)]
#[path = "cli/no_file.rs"]
mod no_file;
#[cfg(all(unix, feature = "health", feature = "zammad"))]
#[path = "cli/reload.rs"]
mod reload;
#[path = "cli/report.rs"]
mod report;
#[path = "cli/secrets.rs"]
mod secrets;
#[cfg(all(unix, feature = "health", feature = "zammad"))]
#[path = "cli/service.rs"]
mod service;
#[cfg(all(unix, not(feature = "nats")))]
#[path = "cli/shared.rs"]
mod shared;
#[cfg(unix)]
#[path = "cli/signals.rs"]
mod signals;
#[path = "cli/terminal.rs"]
mod terminal;

fn list(folder: &Folder) -> Vec<Value> {
    let output = folder.run(&["tickets", "--format", "json"]);
    serde_json::from_slice(&output.stdout).expect("a JSON array")
}

#[test]
fn the_first_run_routes_the_demonstration_and_the_second_finds_nothing_to_do() {
    let folder = Folder::new("demo");
    let first = folder.run(&[]);
    let (out, talk) = (text(&first.stdout), text(&first.stderr));
    assert!(first.status.success(), "{talk}");
    assert!(out.contains("Inbox -> Network"), "{out}");
    assert!(
        talk.contains("made the store helpdesk.db") && talk.contains("9 changes"),
        "{talk}"
    );
    assert!(
        !out.contains('\u{1b}') && !talk.contains('\u{1b}'),
        "colour in a pipe"
    );
    let tickets = list(&folder);
    assert!(
        tickets
            .iter()
            .all(|ticket| ticket["queue"]["name"] != "Inbox")
    );
    assert_eq!(tickets[0]["notes"].as_array().map(Vec::len), Some(1));

    let second = folder.run(&["run"]);
    let talk = text(&second.stderr);
    assert!(second.status.success(), "{talk}");
    assert!(
        talk.contains("no ticket was changed") && talk.contains("remove helpdesk.db"),
        "{talk}"
    );
    assert!(
        talk.contains("the inbox is empty") && !talk.contains("failed"),
        "{talk}"
    );
    assert_eq!(list(&folder), tickets);
    let files: BTreeSet<_> = std::fs::read_dir(&folder.0)
        .expect("a folder")
        .flatten()
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .collect();
    let left = BTreeSet::from(["helpdesk.db".to_owned()]);
    assert_eq!(files, left, "only the store is left");
}

#[test]
fn tickets_are_listed_by_queue() {
    let folder = Folder::new("list");
    let output = folder.run(&["tickets", "--store", "other.db", "--queue", "Billing"]);
    let out = text(&output.stdout);
    assert_eq!(out.lines().count(), 3, "{out}");
    assert!(out.contains("Refund"), "{out}");
    assert!(folder.0.join("other.db").exists() && !folder.0.join("helpdesk.db").exists());
}

#[test]
fn every_mistake_of_a_configuration_is_said_at_its_place_and_nothing_is_made() {
    let folder = Folder::new("check");
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/configs/several_mistakes/config.yml"
    );
    for command in ["check", "run"] {
        let output = folder.run(&[command, "--config", file]);
        let talk = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{talk}");
        assert!(output.stdout.is_empty());
        for words in [
            "8 problems",
            "config.yml:14:47",
            "did you mean `limit`?",
            "`sqlite:Stone` not found",
        ] {
            assert!(talk.contains(words), "no {words} in {talk}");
        }
    }
    assert_eq!(std::fs::read_dir(&folder.0).expect("a folder").count(), 0);
}

#[test]
fn a_configuration_that_is_not_there_is_named() {
    let output = Folder::new("missing").run(&["check", "-c", "nowhere.yml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("nowhere.yml"));
}

#[test]
fn a_configuration_without_an_orchestrator_is_fine_and_cannot_be_run() {
    let folder = Folder::new("no-orchestrator");
    let yaml = "open_ticket_ai:\n  services:\n    tickets: { use: \"sqlite:Store\", params: { path: \":memory:\" } }\n";
    std::fs::write(folder.0.join("c.yml"), yaml).expect("written");
    assert!(folder.run(&["check", "-c", "c.yml"]).status.success());
    let output = folder.run(&["run", "-c", "c.yml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("has no `orchestrator`"));
}

/// Whoever compares two releases reads what their configurations are from this file. `BLESS=1` writes it anew.
#[cfg(not(any(feature = "hf", feature = "metrics")))]
#[test]
fn the_schema_beside_the_manifest_is_that_of_this_program() {
    let output = Folder::new("schema").run(&["schema"]);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/config.schema.json");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(file, &output.stdout).expect("written");
    }
    let json = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).expect("JSON");
    let known = std::fs::read(file).expect("the schema");
    assert!(
        json(&known) == json(&output.stdout),
        "config.schema.json is of another program: BLESS=1 writes it anew"
    );
}

/// Operators read them. `BLESS=1` writes them anew.
#[cfg(not(any(feature = "hf", feature = "metrics")))]
#[test]
fn the_reference_pages_beside_the_manifest_are_those_of_this_program() {
    for (format, name) in [("markdown", "reference.md"), ("html", "reference.html")] {
        let output = Folder::new("docs").run(&["docs", "--format", format]);
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&file, &output.stdout).expect("written");
        }
        let known = std::fs::read(&file).expect("the page");
        assert!(
            known == output.stdout,
            "{name} is of another program: BLESS=1 writes it anew"
        );
    }
}

#[test]
fn the_examples_of_the_reference_are_what_the_schema_accepts() {
    let folder = Folder::new("examples");
    let schema = folder.run(&["schema"]).stdout;
    let schema: Value = serde_json::from_slice(&schema).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a valid schema");
    let output = folder.run(&["docs"]);
    let blocks = text(&output.stdout).split("```yaml\n").skip(1);
    let examples: Vec<&str> = blocks.filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() > 10, "{}", examples.len());
    for example in examples {
        let value: Value = serde_yaml::from_str(example).expect("YAML");
        let refused = schema
            .iter_errors(&value)
            .next()
            .map(|error| error.to_string());
        assert!(refused.is_none(), "{example}{refused:?}");
    }
}

#[test]
fn the_log_goes_where_the_configuration_says() {
    let folder = Folder::new("log");
    let yaml = "\
open_ticket_ai:
  infrastructure:
    logging:
      level: DEBUG
      log_to_file: true
      log_file_path: desk.log
      format: { message_format: '[%(levelname)s] %(message)s' }
  services:
    tickets: { use: \"sqlite:Store\", params: { path: \":memory:\" } }
  orchestrator:
    use: \"base:CompositePipe\"
    params:
      steps:
        - { id: one, use: \"base:ExpressionPipe\", params: { expression: 1 } }
";
    std::fs::write(folder.0.join("c.yml"), yaml).expect("written");
    let output = folder.run(&["-c", "c.yml"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let log = std::fs::read_to_string(folder.0.join("desk.log")).expect("a log");
    assert!(
        log.lines().any(|line| line.starts_with("[DEBUG] ")),
        "{log}"
    );
}

#[cfg(unix)]
#[test]
fn a_watching_helpdesk_takes_new_tickets_and_ends_well_at_a_signal() {
    let folder = Folder::new("watch");
    let mut command = folder.command(&["--watch"]);
    let mut watching = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let begun = Instant::now();
    let routed = || {
        let file = folder.0.join("helpdesk.db");
        file.exists()
            && list(&folder)
                .iter()
                .all(|ticket| ticket["queue"]["name"] != "Inbox")
    };
    while !routed() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "the tickets were not routed"
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    let second = folder.run(&["run"]);
    let talk = text(&second.stderr);
    assert_eq!(second.status.code(), Some(0), "{talk}");
    assert!(talk.contains("no ticket was changed"), "{talk}");
    assert!(
        watching.try_wait().expect("a process").is_none(),
        "it goes on"
    );
    let id = watching.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .expect("kill")
            .success()
    );
    let status = watching.wait().expect("it ends");
    assert!(status.success(), "{status}");
    assert!(!Path::new(&folder.0).join("helpdesk.db-wal").exists());
}
