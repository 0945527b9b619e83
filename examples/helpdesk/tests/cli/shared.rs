//! Helpdesks that share the tickets of one store.

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::killed::{Desk, signal, store};

const TICKETS: usize = 60;

/// A folder with tickets and a configuration that writes down who has handled each.
fn shared() -> Folder {
    let folder = Folder::new("shared");
    let ticket = |number: usize| json!({ "id": number.to_string(), "subject": "VPN", "queue": { "name": "Inbox" } });
    let tickets: Value = (1..=TICKETS).map(ticket).collect();
    let write = |name: &str, text: &str| std::fs::write(folder.0.join(name), text);
    write("tickets.json", &tickets.to_string()).expect("written");
    write("c.yml", CONFIGURATION).expect("written");
    folder
}

/// A helpdesk that finds its name in a variable.
fn command(folder: &Folder, name: &str) -> Command {
    let mut command = folder.command(&["run", "--watch", "-c", "c.yml"]);
    command.env("DESK", name);
    command
}

/// One whose events nobody reads.
fn start(folder: &Folder, name: &str) -> Child {
    let mut command = command(folder, name);
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program runs")
}

/// How many tickets each helpdesk has handled. Every ticket has one note, or is untouched in the inbox.
fn handled(folder: &Folder) -> BTreeMap<String, usize> {
    let store = store(folder);
    let rows = "SELECT queue_name, (SELECT group_concat(body) FROM note WHERE note.ticket = ticket.position) FROM ticket";
    let mut rows = store.prepare(rows).expect("tickets");
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    let mut handled = BTreeMap::new();
    for row in rows.expect("rows") {
        let (queue, by): (String, Option<String>) = row.expect("a row");
        match (&*queue, by) {
            ("Network", Some(by)) => *handled.entry(by).or_default() += 1,
            ("Inbox", None) => {}
            half => panic!("a ticket was handled by half: {half:?}"),
        }
    }
    handled
}

#[test]
fn helpdesks_on_one_store_handle_every_ticket_once_also_where_one_is_killed_with_a_ticket_in_hand()
{
    let folder = shared();
    let mut dies = Desk::of(&folder, command(&folder, "dies"));
    dies.wait_for("ended", "update");
    let mut others = vec![start(&folder, "stays")];
    dies.wait_for("started", "queue");
    dies.kill();
    others.push(start(&folder, "comes"));
    let begun = Instant::now();
    let mut by = handled(&folder);
    while by.values().sum::<usize>() < TICKETS {
        let waited = begun.elapsed();
        assert!(waited < Duration::from_secs(60), "tickets are left: {by:?}");
        std::thread::sleep(Duration::from_millis(50));
        by = handled(&folder);
    }
    for mut other in others {
        signal(&other, "-TERM");
        let status = other.wait().expect("it ends");
        assert_eq!(status.code(), Some(0));
    }
    assert_eq!(handled(&folder), by);
    let names = ["comes", "dies", "stays"];
    assert!(
        by.keys().all(|name| names.contains(&&**name)),
        "a ticket was handled twice: {by:?}"
    );
    assert!(by["dies"] < TICKETS, "{by:?}");
    let store = store(&folder);
    let claimed = "SELECT count(*) FROM work WHERE state = 'claimed'";
    let claimed: u32 = store
        .query_row(claimed, [], |row| row.get(0))
        .expect("a number");
    assert_eq!(claimed, 0, "a claim is left");
}

const CONFIGURATION: &str = r#"
open_ticket_ai:
  components: { "tickets:Claims": { lease: 2s } }
  services:
    tickets: { use: "sqlite:Store", params: { path: helpdesk.db, seed: tickets.json } }
    classifier:
      use: "memory:StubClassificationService"
      params: { takes: 20ms, rules: [{ label: Network, confidence: 0.9 }] }
  orchestrator:
    use: "base:SimpleSequentialOrchestrator"
    params:
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
                injects: { classification_service: classifier }
                params: { model_name: queue, text: "{{ get_pipe_result('ticket').subject }}" }
              - id: update
                use: "tickets:UpdateTicketPipe"
                injects: { ticket_system: tickets }
                params:
                  ticket_id: "{{ get_pipe_result('ticket').id }}"
                  updated_ticket:
                    queue: { name: "{{ get_pipe_result('queue', 'label') }}" }
                    notes: [{ subject: Routed, body: "{{ get_env('DESK') }}" }]
"#;
