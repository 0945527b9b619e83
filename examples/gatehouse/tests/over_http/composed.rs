//! What the composed program does beyond the one by hand: it knows every component, and all mistakes of a configuration.

use std::fs;
use std::process::Command;

use serde_json::json;

use crate::program::{TOKEN, Told};

#[test]
fn every_component_shows_its_state() {
    let mut told = Told::new("status");
    told.metrics = Some("/nowhere/gatehouse.prom".to_owned());
    told.webhooks = vec!["http://127.0.0.1:1/gate".to_owned()];
    let gate = told.listening();
    let status = gate.get("/admin/status").json();
    let status = status.as_array().expect("a list");
    let state = |name: &str| {
        let one = status.iter().find(|one| one["component"] == name);
        one.unwrap_or_else(|| panic!("no {name} in {status:?}"))
    };
    for name in [
        "file:Store",
        "cache:Cache(file:Store)",
        "desk:Desk",
        "notify:Log",
        "hook-0",
        "http:Server",
    ] {
        assert_eq!(state(name)["state"], "ok", "{name}");
    }
    assert_eq!(state("metrics:Counters")["state"], "permanent");
    assert_eq!(state("metrics:Counters")["optional"], true);
    assert!(
        !status.iter().any(|one| one["component"] == "memory:Store"),
        "it is left out"
    );
    let absent = gate.get("/metrics");
    assert_eq!(
        absent.json(),
        json!({"error": "`/metrics` is not there: its optional plugin `metrics` failed"})
    );
    assert_eq!(gate.stop().code, Some(0));
}

#[test]
fn the_report_says_what_the_start_waited_for() {
    let gate = Told::new("report").listening();
    let report = gate.get("/admin/report").json();
    assert_eq!(report["host"], "gatehouse");
    let critical = report["timings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|one| one["critical"] == true);
    assert!(critical.count() > 0, "{report}");
    assert_eq!(gate.stop().code, Some(0));
}

#[test]
fn all_mistakes_of_a_configuration_are_told_at_once() {
    let left = Told::new("mistakes")
        .with(&format!(
            "gatehouse:
  components:
    \"http:Server\": {{ lisen: \"127.0.0.1:0\", token: [{TOKEN}] }}
    \"memory:Store\": {{ path: visitors.jsonl }}
    \"cache:Cache\": {{ refresh: soon }}
  services:
    chat: {{ use: \"notify:Webook\" }}
"
        ))
        .end();
    assert_eq!((left.code, &*left.out), (Some(1), ""), "{left:?}");
    for said in [
        "unknown key `lisen`",
        "did you mean `listen`?",
        "expected a text, found a list",
        "`file:Store` takes its place (examples/gatehouse/plugins.toml:12)",
        "`path` of `file:Store` is missing",
        "`soon` is no duration",
        "did you mean `notify:Webhook`?",
    ] {
        assert!(left.err.contains(said), "no {said} in {}", left.err);
    }
    assert!(!left.err.contains(TOKEN), "{}", left.err);
}

#[test]
fn a_token_that_nobody_has_set_is_a_mistake_of_the_configuration() {
    let left = Told::new("no-token")
        .with(include_str!("../../gatehouse.yml"))
        .end();
    assert_eq!((left.code, &*left.out), (Some(1), ""), "{left:?}");
    assert!(left.err.contains("`token` is missing"), "{}", left.err);
}

#[test]
fn without_a_configuration_the_program_says_which_file_it_wants() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let _ = fs::remove_file(format!("{folder}/gatehouse.yml"));
    let left = Command::new(crate::PROGRAM)
        .current_dir(folder)
        .output()
        .expect("a process");
    assert_eq!(left.status.code(), Some(1));
    let err = String::from_utf8(left.stderr).expect("text");
    assert!(err.contains("gatehouse.yml"), "{err}");
}
