//! Tickets that failed as often as they may: who sees them, and how they are worked on again.

use crate::folder::{Folder, text};

/// Nothing can be done with the ticket whose subject has no words.
const CONFIG: &str = r#"
open_ticket_ai:
  components:
    "work-local:LocalWork": { attempts: 1 }
  services:
    tickets: { use: "sqlite:Store", params: { path: "helpdesk.db", seed: "tickets.json" } }
  orchestrator:
    use: "base:SimpleSequentialOrchestrator"
    params:
      exception_sleep: 1ms
      steps:
        - id: route
          use: "base:CompositePipe"
          params:
            steps:
              - id: fetch
                use: "tickets:FetchTicketsPipe"
                injects: { ticket_system: tickets }
                params: { ticket_search_criteria: { queue: { name: "Inbox" }, limit: 1 } }
              - id: ticket
                use: "base:ExpressionPipe"
                params:
                  expression: "{{ get_pipe_result('fetch', 'fetched_tickets') | first or fail('the inbox is empty') }}"
              - id: word
                use: "base:ExpressionPipe"
                params:
                  expression: "{{ 'words' if get_pipe_result('ticket').subject else 1 / 0 }}"
              - id: update
                use: "tickets:UpdateTicketPipe"
                injects: { ticket_system: tickets }
                params:
                  ticket_id: "{{ get_pipe_result('ticket').id }}"
                  updated_ticket: { queue: { name: "Done" } }
"#;

const TICKETS: &str = r#"[
  { "id": "7", "subject": "", "queue": { "name": "Inbox" } },
  { "id": "8", "subject": "Printer", "queue": { "name": "Inbox" } }
]"#;

#[test]
fn a_dead_letter_is_listed_with_its_reason_and_holds_nobody_up_until_it_is_revived() {
    let folder = Folder::new("dead-letters");
    std::fs::write(folder.0.join("c.yml"), CONFIG).expect("written");
    std::fs::write(folder.0.join("tickets.json"), TICKETS).expect("written");
    let dead = |arguments: &[&str]| {
        let output = folder.run(&[&["dead-letters", "-c", "c.yml"], arguments].concat());
        (
            output.status.code(),
            text(&output.stdout).to_owned(),
            text(&output.stderr).to_owned(),
        )
    };
    let (code, listed, said) = dead(&[]);
    assert_eq!((code, &*listed), (Some(0), ""));
    assert!(said.contains("there are no dead letters"), "{said}");

    let ran = folder.run(&["run", "-c", "c.yml"]);
    assert_eq!(ran.status.code(), Some(1), "one cycle had an error");
    let (code, listed, _) = dead(&[]);
    assert_eq!(code, Some(0));
    let row = listed.lines().nth(2).unwrap_or_default();
    assert!(row.starts_with("7       1         step `word`"), "{listed}");
    assert_eq!(listed.lines().count(), 3, "{listed}");
    let (_, json, _) = dead(&["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (&json[0]["ticket"], &json[0]["attempts"]),
        (&"7".into(), &1.into())
    );
    let done = folder.run(&["tickets", "-c", "c.yml", "--queue", "Done"]);
    assert!(
        text(&done.stdout).contains("Printer"),
        "the other ticket went on"
    );

    let (code, _, said) = dead(&["--revive", "7", "8", "9"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("ticket 7 can be worked on again"), "{said}");
    assert!(said.contains("no dead letters: `8`, `9`"), "{said}");
    let (_, listed, _) = dead(&[]);
    assert_eq!(listed, "");
}
