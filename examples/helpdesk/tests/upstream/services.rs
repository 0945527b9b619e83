//! The real program against web services: fake ones on loopback, which keep state. A case ends there as
//! it does with the doubles.

#[cfg(unix)]
mod signals;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use helpdesk_api::Ticket;
use helpdesk_fakes::{Desk, Seen};
use serde_json::{Value, json};
use serde_yaml::Value as Yaml;

use crate::case::{self, Case, Expect};
use crate::check;
use crate::compare::{same, strip, without_nulls};
use crate::folder::{Folder, text};

/// The recorded cases that come to an end: after the last ticket they find nothing more to do.
const ENDING: [&str; 4] = ["001_", "005_", "007_", "013_"];
/// The password or token of every service.
const SECRET: &str = "hush-4711";

/// Which product the fake service is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Product {
    Otobo,
    Zammad,
}

/// Our own case, and the recorded ones where they are.
fn cases() -> Vec<Case> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/configs");
    let mut cases = case::all(&own, &own);
    cases.retain(|case| case.name == "two_models");
    let (recorded, root) = crate::recorded();
    if recorded.is_dir() {
        let all = case::all(&recorded, &root).into_iter();
        cases.extend(all.filter(|case| ENDING.iter().any(|name| case.name.starts_with(name))));
    } else {
        let required = std::env::var_os("TREENAIL_REQUIRE_SHARED").is_some();
        assert!(!required, "there is no folder {}", recorded.display());
        println!(
            "without the recorded cases: there is no folder {}",
            recorded.display()
        );
    }
    cases
}

fn own_case() -> Case {
    cases().remove(0)
}

/// The configuration of a case with its services exchanged: the classifier follows the case's rules, the
/// ticket system is the one at `url`, or as it was written.
fn configured(case: &Case, product: Product, url: Option<&str>) -> Folder {
    let folder = check::folder(case, "services");
    let file = folder.0.join("config.yml");
    let mut config = read(&file);
    let root = &mut config["open_ticket_ai"];
    for (_, service) in root["services"].as_mapping_mut().expect("services") {
        let used = service["use"].as_str().unwrap_or_default().to_owned();
        let exchanged = if used.starts_with("hf-local:") {
            let rules = &case.script.classifier_rules;
            json!({"use": "memory:StubClassificationService", "params": {"rules": rules}})
        } else if used.starts_with("otobo-znuny:") && product == Product::Zammad {
            let base_url = url.expect("an address");
            let params = json!({"base_url": base_url, "access_token": "{{ get_env('SECRET') }}"});
            json!({"use": "zammad:ZammadTicketsystemService", "params": params})
        } else if let (true, Some(url)) = (used.starts_with("otobo-znuny:"), url) {
            let base_url = format!("{url}/otobo/nph-genericinterface.pl");
            service["params"]["base_url"] = base_url.into();
            continue;
        } else {
            continue;
        };
        *service = serde_yaml::to_value(exchanged).expect("a service");
    }
    // Five seconds of sleep are five seconds of test.
    root["orchestrator"]["params"]["orchestrator_sleep"] = "PT0.01S".into();
    root["components"] =
        serde_yaml::to_value(json!({"http:Client": {"backoff": "10ms"}})).expect("a value");
    std::fs::write(&file, serde_yaml::to_string(&config).expect("YAML")).expect("written");
    folder
}

fn read(file: &PathBuf) -> Yaml {
    let text = std::fs::read_to_string(file).expect("a configuration");
    serde_yaml::from_str(&text).expect("YAML")
}

/// The program in this folder, with the environment of the case and everything logged.
fn program(case: &Case, folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = folder.command(&[&["run", "-c", "config.yml"], arguments].concat());
    command
        .env_clear()
        .env("SECRET", SECRET)
        .env("RUST_LOG", "trace");
    let secret = |(name, _): (&String, _)| (name.clone(), SECRET);
    command.envs(case.script.env.iter().map(secret));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What was asked of the service that changes something: a change or a note, and of which ticket.
fn writes(seen: &[Seen]) -> Vec<(&'static str, String)> {
    let write = |seen: &Seen| {
        let body = seen.json();
        match (seen.method.as_str(), seen.path()) {
            ("PUT", path) if path.ends_with("ticket-update") => {
                let what = if body["Article"].is_object() {
                    "add_note"
                } else {
                    "update_ticket"
                };
                Some((what, body["TicketID"].to_string()))
            }
            ("PUT", path) => Some(("update_ticket", path.rsplit('/').next()?.to_owned())),
            ("POST", "/api/v1/ticket_articles") => {
                Some(("add_note", body["ticket_id"].to_string()))
            }
            _ => None,
        }
    };
    seen.iter().filter_map(write).collect()
}

/// What the case expects to be asked that changes something: a change or a note, and of which ticket.
fn expected_writes(calls: &[Value]) -> Vec<(&str, String)> {
    let write = |call: &Value| Some((call[0].as_str()?.to_owned(), call[1].as_str()?.to_owned()));
    let calls = calls.iter().filter_map(write);
    calls
        .filter_map(|(name, id)| match name.as_str() {
            "add_note" => Some(("add_note", id)),
            "update_ticket" => Some(("update_ticket", id)),
            _ => None,
        })
        .collect()
}

/// The tickets as the case expects them at the end.
fn expected_tickets(case: &Case) -> Vec<Value> {
    let Expect::Ok {
        changed_tickets, ..
    } = &case.script.expect
    else {
        return Vec::new();
    };
    let after = |ticket: &Ticket| {
        let changed = ticket.id.as_ref().and_then(|id| changed_tickets.get(id));
        changed.map_or_else(|| without_nulls(ticket), |changed| strip(changed.clone()))
    };
    case.script.tickets.iter().map(after).collect()
}

/// The tickets of a desk; whether a note is internal is Zammad's own affair.
fn tickets(desk: &Desk) -> Vec<Value> {
    let mut tickets = desk.tickets();
    for note in tickets
        .iter_mut()
        .filter_map(|ticket| ticket.notes.as_mut())
        .flatten()
    {
        note.additional.remove("internal");
    }
    tickets.iter().map(without_nulls).collect()
}

fn keeps_its_secrets(output: &Output) {
    for said in [text(&output.stdout), text(&output.stderr)] {
        assert!(!said.contains(SECRET), "{said}");
    }
    assert!(
        text(&output.stderr).contains("answered"),
        "what is asked is logged"
    );
}

#[test]
fn every_case_ends_with_real_requests_as_it_does_in_memory() {
    for case in cases() {
        let Expect::Ok { cycles, calls, .. } = &case.script.expect else {
            panic!("{} is no case to run", case.name);
        };
        for product in [Product::Otobo, Product::Zammad] {
            let desk = Desk::with(&case.script.tickets);
            let server = match product {
                Product::Otobo => desk.otobo(SECRET),
                Product::Zammad => desk.zammad(SECRET),
            };
            let folder = configured(&case, product, Some(&server.url()));
            let output = program(&case, &folder, &["-f", "json"])
                .output()
                .expect("it runs");
            let place = format!("{} in {product:?}", case.name);
            let talk = text(&output.stderr);
            let well = cycles.iter().all(|cycle| cycle.error.is_none());
            assert_eq!(output.status.success(), well, "{place}: {talk}");
            let seen = server.seen();
            assert_eq!(writes(&seen), expected_writes(calls), "{place}: {talk}");
            let (tickets, expected) = (tickets(&desk), expected_tickets(&case));
            assert!(
                same(&tickets.clone().into(), &expected.clone().into()),
                "{place}: {tickets:#?} instead of {expected:#?}"
            );
            keeps_its_secrets(&output);
            println!("ended as in memory: {place}, {} requests", seen.len());
        }
    }
}

#[test]
fn a_proxy_of_the_environment_is_used_and_no_name_is_resolved() {
    let case = own_case();
    let desk = Desk::with(&case.script.tickets);
    let proxy = desk.otobo(SECRET);
    let folder = configured(&case, Product::Otobo, None);
    let mut command = program(&case, &folder, &[]);
    let output = command
        .env("HTTP_PROXY", proxy.url())
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(tickets(&desk), expected_tickets(&case));
    let seen = proxy.seen();
    assert!(
        seen.iter()
            .all(|seen| seen.target.starts_with("http://helpdesk.invalid/otobo/"))
    );
}
