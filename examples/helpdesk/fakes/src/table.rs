//! The fault table: every trouble at every operation of a ticket system.

use std::error::Error as _;
use std::sync::Arc;

use helpdesk_api::{Error, Note, SearchCriteria, Ticket, TicketSystem};
use helpdesk_http_client::{Fault, HttpError};
use serde_json::json;

use crate::{Log, Reply, Seen, Server, Trouble, troubles};

/// What a client of the table may send again, and how often.
pub const RETRIES: usize = 2;

/// An operation of a ticket system.
#[derive(Clone, Copy, Debug)]
enum Operation {
    Create,
    Update,
    Find,
    Get,
    AddNote,
}

impl Operation {
    const ALL: [Self; 5] = [
        Self::Create,
        Self::Update,
        Self::Find,
        Self::Get,
        Self::AddNote,
    ];

    async fn run(self, system: &dyn TicketSystem) -> Result<(), Error> {
        let ticket = Ticket {
            subject: Some("VPN broken".to_owned()),
            ..Ticket::default()
        };
        match self {
            Self::Create => system.create_ticket(ticket).await.map(drop),
            Self::Update => system.update_ticket("7", ticket).await.map(drop),
            Self::Find => system
                .find_tickets(SearchCriteria::default())
                .await
                .map(drop),
            Self::Get => system.get_ticket("7").await.map(drop),
            Self::AddNote => system.add_note("7", Note::plain("s", "b")).await.map(drop),
        }
    }

    /// How many requests the server sees in the end, when it makes the same trouble every time.
    fn requests(self, trouble: &Trouble) -> usize {
        let again = if trouble.transient { 1 + RETRIES } else { 1 };
        match self {
            Self::Create => 1,
            // One to add it; where that is in doubt, those that look for it.
            Self::AddNote if trouble.doubtful => 1 + again,
            Self::AddNote => 1,
            Self::Update | Self::Find | Self::Get => again,
        }
    }
}

/// Runs every operation of the system that `make` makes for an address against every trouble, and
/// looks at the error, at the number of requests, and for the secret in everything that is said.
/// `tolerated` are the operations and troubles where the service is known to mean nothing by it.
///
/// # Panics
/// Where something is not as it should be.
pub async fn fault_table<S: TicketSystem>(
    secret: &str,
    tolerated: &[(&str, &str)],
    make: impl Fn(&str) -> S,
) {
    let log = Log::everything();
    for trouble in troubles() {
        let reply = Arc::clone(&trouble.reply);
        let server = Server::start(move |seen| reply(seen));
        for operation in Operation::ALL {
            let place = format!("{operation:?}, {}", trouble.name);
            let begin = log.text().len();
            let outcome = operation.run(&make(&server.url())).await;
            if tolerated.contains(&(&format!("{operation:?}"), trouble.name)) {
                outcome.expect(&place);
                server.take();
                continue;
            }
            let error = outcome.expect_err(&place);
            let seen = server.take();
            let said = said(&error);
            assert_eq!(
                error.kind().is_transient(),
                trouble.transient,
                "{place}: {said}"
            );
            let cause = error
                .source()
                .and_then(|cause| cause.downcast_ref::<HttpError>());
            let cause = cause.unwrap_or_else(|| panic!("{place}: {said} has no cause"));
            assert_eq!(cause.fault(), trouble.fault, "{place}: {said}");
            assert_eq!(
                seen.len(),
                operation.requests(&trouble),
                "{place}: {said} {seen:?}"
            );
            let first = seen.first().expect("a request");
            let named = format!("{} {}", first.method, server.url());
            assert!(said.contains(&named), "{place}: no {named} in {said}");
            if trouble.fault == Fault::Status {
                let status = &trouble.name[..3];
                assert!(
                    said.contains(status) && said.contains("it answered `"),
                    "{place}: {said}"
                );
            }
            let advice = if trouble.transient {
                "a later try may succeed"
            } else {
                "will not help"
            };
            assert!(said.contains(advice), "{place}: {said}");
            assert!(
                carries(&seen, secret),
                "{place}: the secret is sent to the server"
            );
            for text in [&said, &log.text()[begin..]] {
                // However the rest of it is escaped, nobody escapes these letters, or all of them.
                for part in [secret, &secret[..4], &numbered(&secret[..4])] {
                    assert!(!text.contains(part), "{place}: the secret is in {text}");
                }
            }
        }
    }
    assert!(
        log.text().contains("answered") || log.text().contains("failed"),
        "something is logged"
    );
    no_connection(secret, &make).await;
}

/// Whether the server got to know the secret, without which nothing is proved.
fn carries(seen: &[Seen], secret: &str) -> bool {
    let known = |seen: &Seen| {
        let token = seen.header("authorization").unwrap_or_default();
        token.contains(secret) || String::from_utf8_lossy(&seen.body).contains(secret)
    };
    seen.iter().all(known)
}

/// A text as JSON that escapes every letter.
fn numbered(text: &str) -> String {
    let letters = text
        .chars()
        .map(|letter| format!("\\u{:04X}", u32::from(letter)));
    letters.collect()
}

/// Nobody is there, and somebody is whom nobody knows.
async fn no_connection<S: TicketSystem>(secret: &str, make: &impl Fn(&str) -> S) {
    let stranger = Server::secure(|_| Reply::json(200, &json!({})));
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr());
    let nobody = format!("http://{}", port.expect("a port"));
    for (url, fault) in [
        (stranger.url(), Fault::Untrusted),
        (nobody, Fault::Unreachable),
    ] {
        for operation in Operation::ALL {
            let error = operation.run(&make(&url)).await.expect_err("no connection");
            let said = said(&error);
            let cause = error
                .source()
                .and_then(|cause| cause.downcast_ref::<HttpError>());
            assert_eq!(
                cause.map(HttpError::fault),
                Some(fault),
                "{operation:?}: {said}"
            );
            assert!(!said.contains(secret), "{said}");
        }
    }
    assert!(stranger.seen().is_empty(), "nothing is said to a stranger");
    assert!(!Log::everything().text().contains(secret));
}

/// The error with its causes, as people and as programmers see it.
fn said(error: &Error) -> String {
    let mut said = format!("{error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        said.push_str(&format!(": {error}"));
        cause = error.source();
    }
    format!("{said} / {error:?}")
}
