//! A service with tickets, and a configuration for it that tests change.

use std::collections::BTreeMap;

use helpdesk_api::{Entity, Ticket};
use helpdesk_fakes::{Desk as Fake, Seen};

use crate::folder::Folder;

/// The tokens of the two addresses that the service has.
pub(crate) const TOKENS: [&str; 2] = ["hush-4711", "hush-4712"];
pub(crate) const FILE: &str = "desk.yml";

/// A configuration, as far as these tests change it.
#[derive(Clone)]
pub(crate) struct Configured {
    /// The addresses of the service.
    pub(crate) urls: [String; 2],
    /// Which of them is used.
    pub(crate) account: usize,
    /// How sure the classifier is.
    pub(crate) confidence: f64,
    /// How sure it has to be.
    pub(crate) threshold: f64,
    pub(crate) timeout: &'static str,
    /// A second job.
    pub(crate) second: bool,
    pub(crate) listen: bool,
    pub(crate) token: Option<&'static str>,
}

impl Configured {
    pub(crate) fn text(&self) -> String {
        let Self {
            confidence,
            threshold,
            timeout,
            ..
        } = self;
        let token = self.token.unwrap_or(TOKENS[self.account]);
        let listen = match self.listen {
            true => "\n    \"health:Endpoint\": { listen: \"127.0.0.1:0\" }",
            false => "",
        };
        let url = &self.urls[self.account];
        format!(
            r#"
open_ticket_ai:
  components:
    "http:Client": {{ timeout: {timeout} }}{listen}
  services:
    tickets:
      use: "zammad:ZammadTicketsystemService"
      params: {{ base_url: "{url}", access_token: "{token}" }}
    others: {{ use: "memory:MemoryTicketSystem" }}
    classifier:
      use: "memory:StubClassificationService"
      params: {{ rules: [{{ contains: VPN, label: Network, confidence: {confidence} }}] }}
  orchestrator:
    use: "base:SimpleSequentialOrchestrator"
    params:
      orchestrator_sleep: 1ms
      steps:
{routing}{second}"#,
            routing = job("routing", "tickets", *threshold),
            second = match self.second {
                true => job("second", "others", *threshold),
                false => String::new(),
            }
        )
    }

    pub(crate) fn write(&self, folder: &Folder) {
        write(folder, &self.text());
    }
}

pub(crate) fn write(folder: &Folder, text: &str) {
    std::fs::write(folder.0.join(FILE), text).expect("written");
}

/// A job that takes a ticket out of the inbox every millisecond.
fn job(id: &str, tickets: &str, threshold: f64) -> String {
    JOB.replace("JOB", id)
        .replace("TICKETS", tickets)
        .replace("THRESHOLD", &threshold.to_string())
}

const JOB: &str = r#"
        - id: JOB
          use: "base:SimpleSequentialRunner"
          params:
            on: { id: moment, use: "base:IntervalTrigger", params: { interval: 1ms } }
            run:
              id: route
              use: "base:CompositePipe"
              params:
                steps:
                  - id: fetch
                    use: "tickets:FetchTicketsPipe"
                    injects: { ticket_system: TICKETS }
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
                    injects: { ticket_system: TICKETS }
                    params:
                      ticket_id: "{{ get_pipe_result('ticket').id }}"
                      updated_ticket:
                        queue: { name: "{{ get_pipe_result('queue', 'label') if get_pipe_result('queue', 'confidence') >= THRESHOLD else 'Triage' }}" }
                        notes: [{ subject: Routed, body: "by the helpdesk" }]
"#;

/// Tickets in the inbox of a service that answers at two addresses, each with a token of its own.
pub(crate) struct Service {
    fake: Fake,
    servers: [helpdesk_fakes::Server; 2],
}

impl Service {
    pub(crate) fn with(tickets: usize) -> Self {
        let ticket = |number: usize| Ticket {
            id: Some(number.to_string()),
            subject: Some(format!("VPN drops, {number}")),
            queue: Some(Entity::named("Inbox")),
            ..Ticket::default()
        };
        let fake = Fake::with(&(1..=tickets).map(ticket).collect::<Vec<_>>());
        let servers = TOKENS.map(|token| fake.zammad(token));
        Self { fake, servers }
    }

    pub(crate) fn configured(&self) -> Configured {
        Configured {
            urls: self.servers.each_ref().map(helpdesk_fakes::Server::url),
            account: 0,
            confidence: 0.9,
            threshold: 0.5,
            timeout: "30s",
            second: false,
            listen: false,
            token: None,
        }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        let seen = self.servers.iter().map(helpdesk_fakes::Server::seen);
        seen.flatten().collect()
    }

    pub(crate) fn in_the_inbox(&self) -> usize {
        let queue = |ticket: &Ticket| ticket.queue.as_ref().and_then(|queue| queue.name.clone());
        let tickets = self.fake.tickets();
        let inbox = tickets.iter().map(queue);
        inbox
            .filter(|name| name.as_deref() == Some("Inbox"))
            .count()
    }

    /// Every ticket was moved by one request, and noted by one.
    pub(crate) fn assert_once(&self) {
        let mut writes: BTreeMap<(String, String), usize> = BTreeMap::new();
        for seen in self.seen() {
            let ticket = match (seen.method.as_str(), seen.path()) {
                ("PUT", path) => path.rsplit('/').next().unwrap_or_default().to_owned(),
                ("POST", "/api/v1/ticket_articles") => seen.json()["ticket_id"].to_string(),
                _ => continue,
            };
            *writes.entry((seen.method, ticket)).or_default() += 1;
        }
        let tickets = self.fake.tickets();
        for ticket in &tickets {
            let id = ticket.id.clone().unwrap_or_default();
            for method in ["PUT", "POST"] {
                let times = writes.get(&(method.to_owned(), id.clone()));
                assert_eq!(times, Some(&1), "{method} of ticket {id}");
            }
            assert_eq!(ticket.notes.as_ref().map(Vec::len), Some(1), "ticket {id}");
        }
        assert_eq!(writes.len(), 2 * tickets.len());
    }
}
