//! The program with Hugging Face models on this machine, which it has with its feature `hf`.

use std::fs;

use helpdesk_fakes::{Encoder, TinyModel};
use serde_json::{Value, json};

use folder::{Folder, text};

#[path = "cli/folder.rs"]
mod folder;

/// Takes one ticket after the other out of the inbox and puts it where the model `tiny` says.
const ROUTING: &str = r#"
open_ticket_ai:
  plugins:
    - { name: otai-hf-local, version: ">=1.0.0" }
    - { name: hf-local }
  services:
    tickets: { use: "sqlite:Store", params: { path: tickets.db, seed: tickets.json } }
    hf_local: { use: "hf-local:HFClassificationService", params: { api_token: null, model_name: tiny } }
  orchestrator:
    use: "base:SimpleSequentialOrchestrator"
    params:
      orchestrator_sleep: PT0.01S
      steps:
        - id: route
          use: "base:CompositePipe"
          params:
            steps:
              - id: fetch
                use: "tickets:FetchTicketsPipe"
                injects: { ticket_system: tickets }
                params: { ticket_search_criteria: { queue: { name: Inbox }, limit: 1 } }
              - id: ticket
                use: "base:ExpressionPipe"
                params:
                  expression: "{{ get_pipe_result('fetch', 'fetched_tickets') | first or fail('the inbox is empty') }}"
              - id: queue
                use: "tickets:ClassificationPipe"
                injects: { classification_service: hf_local }
                params: { model_name: tiny, text: "{{ get_pipe_result('ticket').subject }}" }
              - id: update
                use: "tickets:UpdateTicketPipe"
                injects: { ticket_system: tickets }
                params:
                  ticket_id: "{{ get_pipe_result('ticket').id }}"
                  updated_ticket: { queue: { name: "{{ get_pipe_result('queue', 'label') }}" } }
"#;

#[test]
fn tickets_go_where_a_model_on_this_machine_says() {
    let folder = Folder::new("hf");
    let ticket = |id: &str, subject: &str| json!({ "id": id, "subject": subject, "queue": { "name": "Inbox" } });
    let tickets = json!([
        ticket("1", "The VPN is broken"),
        ticket("2", "printers"),
        ticket("3", "the salary"),
    ]);
    fs::write(folder.0.join("tickets.json"), tickets.to_string()).expect("written");
    fs::write(folder.0.join("config.yml"), ROUTING).expect("written");
    fs::create_dir(folder.0.join("tiny")).expect("a folder");
    TinyModel::pointing(Encoder::DistilBert).save(&folder.0.join("tiny"));

    let output = folder.run(&["check", "--config", "config.yml"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let output = folder.run(&["run", "--config", "config.yml"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let output = folder.run(&["tickets", "--store", "tickets.db", "--format", "json"]);
    let after: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let queues: Vec<_> = after
        .as_array()
        .expect("a list")
        .iter()
        .map(|ticket| (ticket["id"].as_str(), ticket["queue"]["name"].as_str()))
        .collect();
    assert_eq!(
        queues,
        [
            (Some("1"), Some("Network")),
            (Some("2"), Some("Hardware")),
            (Some("3"), Some("Payroll")),
        ]
    );
}

#[test]
fn a_model_that_cannot_be_had_fails_its_step_with_the_reason_and_the_program_ends_in_order() {
    let folder = Folder::new("hf-none");
    let tickets = json!([{ "id": "1", "subject": "vpn", "queue": { "name": "Inbox" } }]);
    fs::write(folder.0.join("tickets.json"), tickets.to_string()).expect("written");
    fs::write(folder.0.join("config.yml"), ROUTING).expect("written");
    let mut command = folder.command(&["run", "--config", "config.yml"]);
    command
        .env("HF_HUB_OFFLINE", "1")
        .env("HF_HUB_CACHE", folder.0.join("cache"));
    let output = command.output().expect("the program runs");
    let talk = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert!(talk.contains("model `tiny` cannot be used"), "{talk}");
    assert!(talk.contains("`config.json` is not in the cache"), "{talk}");
}
