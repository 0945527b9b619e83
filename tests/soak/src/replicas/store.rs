//! The store that all replicas work on: filled by the first of them, and read from here.

use std::collections::BTreeMap;

use helpdesk_api::Ticket;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::{Engine, Replicas};
use crate::desk::{INBOX, STORE, ticket};
use crate::folder::Folder;
use crate::program::CONFIGURATION;

/// The variable in which a replica finds its name.
pub(crate) const NAME: &str = "REPLICA";
const SEED: &str = "tickets.json";

/// The tickets, as they are in the store.
pub(crate) struct Store<'f> {
    folder: &'f Folder,
    tickets: usize,
    open: Option<Connection>,
}

impl<'f> Store<'f> {
    /// Writes the tickets that the store begins with, and the configuration of all replicas.
    pub(crate) fn new(
        folder: &'f Folder,
        replicas: &Replicas,
        server: Option<&str>,
    ) -> Result<Self, String> {
        let tickets = replicas.all();
        let inbox: Vec<Ticket> = (1..=tickets).map(ticket).collect();
        let json = serde_json::to_string(&inbox).map_err(|error| error.to_string())?;
        folder.write(SEED, &json)?;
        folder.write(CONFIGURATION, &configuration(replicas, server))?;
        Ok(Self {
            folder,
            tickets,
            open: None,
        })
    }

    /// How many tickets are handled.
    pub(crate) fn handled(&mut self) -> Result<usize, String> {
        let tickets = self.tickets;
        let left =
            "SELECT count(*), (SELECT count(*) FROM ticket) FROM ticket WHERE queue_name = ?1";
        let counts = self.ask(|store| {
            store.prepare_cached(left)?.query_row([INBOX], |row| {
                Ok((row.get::<_, u32>(0)?, row.get::<_, u32>(1)?))
            })
        })?;
        match counts {
            // The first replica has not filled it yet.
            None | Some((_, 0)) => Ok(0),
            Some((left, all)) if all as usize == tickets => Ok(tickets - left as usize),
            Some((_, all)) => Err(format!("{tickets} tickets have become {all}")),
        }
    }

    /// Who has noted on a ticket first; nobody, if nobody has yet.
    pub(crate) fn noted_by(&mut self, ticket: &str) -> Result<Option<String>, String> {
        let note = "SELECT note.body FROM note JOIN ticket ON note.ticket = ticket.position \
                    WHERE ticket.id = ?1 ORDER BY note.position LIMIT 1";
        let by = self.ask(|store| {
            let mut note = store.prepare_cached(note)?;
            note.query_row([ticket], |row| row.get(0)).optional()
        })?;
        Ok(by.flatten())
    }

    /// That every ticket is out of the inbox and has one note. Gives who wrote how many of them.
    pub(crate) fn settled(&mut self) -> Result<BTreeMap<String, usize>, String> {
        let wrong = "SELECT id, queue_name, notes FROM \
                     (SELECT *, (SELECT count(*) FROM note WHERE note.ticket = ticket.position) AS notes FROM ticket) \
                     WHERE queue_name = ?1 OR notes <> 1";
        let by = "SELECT body, count(*) FROM note GROUP BY body ORDER BY body";
        let answers = self.ask(|store| {
            let sound: String = store.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
            let mut wrong = store.prepare(wrong)?;
            let wrong = wrong.query_map([INBOX], |row| {
                let (id, queue): (String, String) = (row.get(0)?, row.get(1)?);
                Ok(format!(
                    "ticket {id}, in {queue}, has {} notes",
                    row.get::<_, u32>(2)?
                ))
            })?;
            let wrong: Vec<String> = wrong.collect::<Result<_, _>>()?;
            let mut by = store.prepare(by)?;
            let by = by.query_map([], |row| Ok((row.get(0)?, row.get::<_, u32>(1)? as usize)))?;
            Ok((sound, wrong, by.collect::<Result<_, _>>()?))
        })?;
        let (sound, wrong, by) = answers.ok_or("there is no store")?;
        if sound != "ok" {
            return Err(format!("the store: {sound}"));
        }
        match &*wrong {
            [] => Ok(by),
            [first, ..] => Err(format!(
                "{} tickets are lost, or handled twice: {first}",
                wrong.len()
            )),
        }
    }

    /// What the store answers; nothing, as long as there is none.
    pub(crate) fn ask<T>(
        &mut self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, String> {
        if self.open.is_none() {
            self.open = opened(self.folder)?;
        }
        let asked = self.open.as_ref().map(question).transpose();
        asked.map_err(|error| format!("the store: {error}"))
    }
}

/// The store, once the first replica has made its tables.
fn opened(folder: &Folder) -> Result<Option<Connection>, String> {
    let path = folder.file(STORE);
    if !path.exists() {
        return Ok(None);
    }
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name IN ('ticket', 'note')";
    let open = || {
        let store = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        store.busy_timeout(std::time::Duration::from_secs(60))?;
        let tables: u32 = store.query_row(tables, [], |row| row.get(0))?;
        Ok((tables == 2).then_some(store))
    };
    open().map_err(|error: rusqlite::Error| format!("the store: {error}"))
}

fn configuration(replicas: &Replicas, server: Option<&str>) -> String {
    let work = match (replicas.on, server) {
        (Engine::Nats, Some(server)) => {
            format!(", \"work-nats:NatsWork\": {{ servers: [\"{server}\"] }}")
        }
        _ => String::new(),
    };
    TEMPLATE
        .replace("WORK", &work)
        .replace("LEASE", &replicas.lease.to_string())
        .replace("TAKES", &replicas.takes.to_string())
        .replace("STORE", STORE)
        .replace("SEED", SEED)
        .replace("INBOX", INBOX)
        .replace("NAME", NAME)
}

const TEMPLATE: &str = r#"
open_ticket_ai:
  infrastructure: { logging: { level: CRITICAL } }
  components: { "tickets:Claims": { lease: LEASE }WORK }
  services:
    tickets: { use: "sqlite:Store", params: { path: STORE, seed: SEED } }
    classifier:
      use: "memory:StubClassificationService"
      params:
        takes: TAKES
        rules: [{ model: queue, label: Network, confidence: 0.9 }, { model: priority, label: high, confidence: 0.9 }]
  orchestrator:
    use: "base:SimpleSequentialOrchestrator"
    params:
      orchestrator_sleep: 5ms
      exception_sleep: 100ms
      steps:
        - id: route
          use: "base:CompositePipe"
          params:
            steps:
              - id: fetch
                use: "tickets:FetchTicketsPipe"
                injects: { ticket_system: tickets }
                params: { ticket_search_criteria: { queue: { name: INBOX }, limit: 1 } }
              - id: ticket
                use: "base:ExpressionPipe"
                params:
                  expression: "{{ get_pipe_result('fetch', 'fetched_tickets') | first or fail('the inbox is empty') }}"
              - id: queue
                use: "tickets:ClassificationPipe"
                injects: { classification_service: classifier }
                params: { model_name: queue, text: "{{ get_pipe_result('ticket').subject }}" }
              - id: priority
                use: "tickets:ClassificationPipe"
                injects: { classification_service: classifier }
                params: { model_name: priority, text: "{{ get_pipe_result('ticket').subject }}" }
              - id: update
                use: "tickets:UpdateTicketPipe"
                injects: { ticket_system: tickets }
                params:
                  ticket_id: "{{ get_pipe_result('ticket').id }}"
                  updated_ticket:
                    queue: { name: "{{ get_pipe_result('queue', 'label') }}" }
                    priority: { name: "{{ get_pipe_result('priority', 'label') }}" }
                    notes: [{ subject: Routed, body: "{{ get_env('NAME') }}" }]
"#;
