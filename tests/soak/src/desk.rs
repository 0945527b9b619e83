//! The ticket systems that a helpdesk works on: its store, and services that keep state while helpdesks come and go.

use helpdesk_api::{Entity, Ticket};
use helpdesk_fakes::{Desk, Server};
use rusqlite::{Connection, OpenFlags};

use crate::folder::Folder;
use crate::program::CONFIGURATION;

/// The password or token of every service.
const SECRET: &str = "hush-4711";
/// The queue that tickets come into.
pub(crate) const INBOX: &str = "Inbox";
/// The store, in the folder of a run.
pub(crate) const STORE: &str = "helpdesk.db";
const SEED: &str = "tickets.json";

/// Which ticket system, and how a configuration uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum System {
    /// A store; a ticket is moved and noted in one step.
    Store,
    /// A store; the note has an id and a step of its own.
    StoreInTwoSteps,
    /// OTOBO's interface; a ticket is moved and noted in one request.
    Otobo,
    /// Zammad's interface; a ticket is moved in one request and noted in a second one.
    Zammad,
}

pub(crate) const SYSTEMS: [System; 4] = [
    System::Store,
    System::StoreInTwoSteps,
    System::Otobo,
    System::Zammad,
];

/// What was done to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) moved: bool,
    pub(crate) notes: usize,
}

/// Nothing yet.
pub(crate) const UNTOUCHED: Done = Done {
    moved: false,
    notes: 0,
};

/// A ticket system with tickets in its inbox, and a folder with the configuration for it.
pub(crate) struct Work {
    pub(crate) system: System,
    pub(crate) folder: Folder,
    tickets: usize,
    service: Option<(Desk, Server)>,
}

impl Work {
    pub(crate) fn new(system: System, tickets: usize) -> Result<Self, String> {
        let folder = Folder::new()?;
        let inbox: Vec<Ticket> = (1..=tickets).map(ticket).collect();
        let json = serde_json::to_string(&inbox).map_err(|error| error.to_string())?;
        folder.write(SEED, &json)?;
        let service = match system {
            System::Store | System::StoreInTwoSteps => None,
            System::Otobo | System::Zammad => {
                let desk = Desk::with(&inbox);
                let server = match system {
                    System::Otobo => desk.otobo(SECRET),
                    _ => desk.zammad(SECRET),
                };
                Some((desk, server))
            }
        };
        let url = service.as_ref().map(|(_, server)| server.url());
        folder.write(CONFIGURATION, &configuration(system, url.as_deref()))?;
        Ok(Self {
            system,
            folder,
            tickets,
            service,
        })
    }

    /// What was done to each ticket, in their order.
    pub(crate) fn done(&self) -> Result<Vec<Done>, String> {
        match &self.service {
            Some((desk, server)) => {
                // It remembers what it was asked, which nobody wants to know.
                server.take();
                Ok(desk.tickets().iter().map(in_service).collect())
            }
            None => self
                .in_store()
                .map_err(|error| format!("the store: {error}")),
        }
    }

    fn in_store(&self) -> rusqlite::Result<Vec<Done>> {
        // One that was killed early has made no store, or has not filled it.
        let all = vec![UNTOUCHED; self.tickets];
        let path = self.folder.file(STORE);
        if !path.exists() {
            return Ok(all);
        }
        let store = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let sound: String = store.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        if sound != "ok" {
            return Err(rusqlite::Error::InvalidColumnName(sound));
        }
        let tables = "SELECT count(*) FROM sqlite_schema WHERE name IN ('ticket', 'note')";
        if store.query_row(tables, [], |row| row.get::<_, i64>(0))? < 2 {
            return Ok(all);
        }
        let done = "SELECT queue_name <> 'Inbox', (SELECT count(*) FROM note WHERE note.ticket = ticket.position) \
                    FROM ticket ORDER BY position";
        let mut statement = store.prepare(done)?;
        let done = statement.query_map([], |row| {
            let notes = u32::try_from(row.get::<_, i64>(1)?).unwrap_or(u32::MAX);
            Ok(Done {
                moved: row.get(0)?,
                notes: notes as usize,
            })
        })?;
        let done: Vec<Done> = done.collect::<Result<_, _>>()?;
        Ok(if done.is_empty() { all } else { done })
    }

    /// What SQLite has not yet written into the one file, in bytes.
    pub(crate) fn unsettled(&self) -> u64 {
        let log = self.folder.file(&format!("{STORE}-wal"));
        log.metadata().map_or(0, |log| log.len())
    }

    /// Puts these tickets in the place of all others. Only a service can.
    pub(crate) fn replace(&self, tickets: impl Iterator<Item = usize>) {
        if let Some((desk, server)) = &self.service {
            server.take();
            desk.replace(tickets.map(ticket).collect());
        }
    }

    /// The service, where it is one.
    pub(crate) fn service(&self) -> Option<&Desk> {
        self.service.as_ref().map(|(desk, _)| desk)
    }
}

/// The ticket of this number, in the inbox.
pub(crate) fn ticket(number: usize) -> Ticket {
    Ticket {
        id: Some(number.to_string()),
        subject: Some(format!("VPN drops every few minutes, {number}")),
        body: Some("Cannot work since this morning.".to_owned()),
        queue: Some(Entity::named(INBOX)),
        priority: Some(Entity::named("medium")),
        ..Ticket::default()
    }
}

fn in_service(ticket: &Ticket) -> Done {
    let queue = ticket
        .queue
        .as_ref()
        .and_then(|queue| queue.name.as_deref());
    Done {
        moved: queue != Some(INBOX),
        notes: ticket.notes.as_ref().map_or(0, Vec::len),
    }
}

fn configuration(system: System, url: Option<&str>) -> String {
    let url = url.unwrap_or_default();
    let tickets = match system {
        System::Store | System::StoreInTwoSteps => {
            format!("{{ use: \"sqlite:Store\", params: {{ path: {STORE}, seed: {SEED} }} }}")
        }
        System::Otobo => format!(
            "{{ use: \"otobo-znuny:OTOBOZnunyTicketSystemService\", params: {{ base_url: \"{url}/otobo/nph-genericinterface.pl\", password: {SECRET} }} }}"
        ),
        System::Zammad => format!(
            "{{ use: \"zammad:ZammadTicketsystemService\", params: {{ base_url: \"{url}\", access_token: {SECRET} }} }}"
        ),
    };
    let (step, note) = match system {
        System::StoreInTwoSteps => (NOTE_STEP, ""),
        _ => (
            "",
            "\n                    notes: [{ subject: Routed, body: \"Network, 90 % sure\" }]",
        ),
    };
    TEMPLATE
        .replace("TICKETS", &tickets)
        .replace("NOTE_STEP", step)
        .replace("NOTE", note)
}

const NOTE_STEP: &str = r#"
              - id: note
                use: "tickets:AddNotePipe"
                injects: { ticket_system: tickets }
                params:
                  ticket_id: "{{ get_pipe_result('ticket').id }}"
                  note: { id: routed, subject: Routed, body: "Network, 90 % sure" }"#;

const TEMPLATE: &str = r#"
open_ticket_ai:
  infrastructure: { logging: { level: CRITICAL } }
  services:
    tickets: TICKETS
    classifier:
      use: "memory:StubClassificationService"
      params: { rules: [{ contains: VPN, label: Network, confidence: 0.9 }] }
  orchestrator:
    use: "base:SimpleSequentialOrchestrator"
    params:
      orchestrator_sleep: 0ms
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
                params: { model_name: queue, text: "{{ get_pipe_result('ticket').subject }}" }NOTE_STEP
              - id: update
                use: "tickets:UpdateTicketPipe"
                injects: { ticket_system: tickets }
                params:
                  ticket_id: "{{ get_pipe_result('ticket').id }}"
                  updated_ticket:
                    queue: { name: "{{ get_pipe_result('queue', 'label') }}" }NOTE
"#;
