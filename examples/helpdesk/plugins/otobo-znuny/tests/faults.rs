//! Every trouble of a server at every operation, and what must not happen twice.

use std::sync::Arc;
use std::time::Duration;

use helpdesk_api::{Entity, Note, SearchCriteria, Ticket, TicketSystem};
use helpdesk_fakes::{Desk, RETRIES, Reply, Server, fault_table};
use helpdesk_http::{Client, ClientConfig};
use helpdesk_otobo_znuny::OtoboZnuny;
use serde_json::json;

const PASSWORD: &str = "hush/4711&<b> \"quoted\"";

fn system(url: &str) -> OtoboZnuny {
    let http = Client::new(ClientConfig {
        backoff: Duration::from_millis(1).into(),
        retries: u32::try_from(RETRIES).expect("a small number"),
        proxy: false,
        ..ClientConfig::default()
    });
    let base_url = format!("{url}/otobo/nph-genericinterface.pl");
    let params = json!({"base_url": base_url, "password": PASSWORD, "timeout": "300ms"});
    let config = serde_json::from_value(params).expect("parameters");
    OtoboZnuny::new(Arc::new(http), config).expect("a ticket system")
}

/// A desk with one ticket, as a server and as a ticket system.
fn desk() -> (Desk, Server, OtoboZnuny) {
    let ticket = Ticket {
        id: Some("7".to_owned()),
        subject: Some("VPN broken".to_owned()),
        queue: Some(Entity::named("Incoming")),
        ..Ticket::default()
    };
    let desk = Desk::with(&[ticket]);
    let server = desk.otobo(PASSWORD);
    let system = system(&server.url());
    (desk, server, system)
}

fn notes(desk: &Desk) -> usize {
    desk.tickets()[0].notes.as_ref().map_or(0, Vec::len)
}

fn updates(server: &Server) -> usize {
    let seen = server.seen();
    seen.iter().filter(|seen| seen.method == "PUT").count()
}

#[tokio::test]
async fn every_trouble_at_every_operation_is_a_typed_error_and_nothing_secret_is_said() {
    fault_table("hush/4711&<b>", &[], system).await;
}

#[tokio::test]
async fn a_note_whose_answer_was_lost_is_found_and_not_added_again() {
    for lost in [
        Reply::Reset,
        Reply::Silence,
        Reply::Cut(b"{\"Tick".to_vec()),
        Reply::json(502, &json!({})),
        Reply::text(200, "text/html", "<html>"),
    ] {
        let (desk, server, system) = desk();
        desk.plan("PUT", "ticket-update", lost, true);
        let note = Note::plain("Routed", "to Network");
        assert!(system.add_note("7", note).await.expect("it is there"));
        assert_eq!((notes(&desk), updates(&server)), (1, 1));
    }
}

#[tokio::test]
async fn a_note_that_did_not_arrive_is_added_after_a_look() {
    let (desk, server, system) = desk();
    desk.plan("PUT", "ticket-update", Reply::Reset, false);
    let note = Note::plain("Routed", "to Network");
    assert!(system.add_note("7", note).await.expect("the second time"));
    assert_eq!((notes(&desk), updates(&server)), (1, 2));
    let operations: Vec<String> = server
        .seen()
        .iter()
        .map(|seen| {
            seen.path()
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    assert_eq!(operations, ["ticket-update", "ticket-get", "ticket-update"]);
}

#[tokio::test]
async fn after_a_timeout_a_note_is_not_added_again_until_somebody_asks_for_it_and_then_after_a_look()
 {
    let (desk, server, system) = desk();
    desk.plan("PUT", "ticket-update", Reply::Silence, false);
    let note = Note::plain("Routed", "to Network");
    let error = system
        .add_note("7", note.clone())
        .await
        .expect_err("silence");
    assert!(error.kind().is_transient());
    assert_eq!((notes(&desk), updates(&server)), (0, 1));
    // The slow server was at it all the time.
    desk.note("7", note.clone());
    assert!(system.add_note("7", note).await.expect("it is there"));
    assert_eq!((notes(&desk), updates(&server)), (1, 1));
}

#[tokio::test]
async fn an_update_with_a_note_is_sent_once_and_one_without_as_often_as_needed() {
    let (desk, server, system) = desk();
    let moved = Ticket {
        queue: Some(Entity::named("Network")),
        ..Ticket::default()
    };
    desk.plan("PUT", "ticket-update", Reply::Reset, true);
    assert!(
        system
            .update_ticket("7", moved.clone())
            .await
            .expect("moved")
    );
    assert_eq!(updates(&server), 2);
    let noted = Ticket {
        notes: Some(vec![Note::plain("Routed", "to Network")]),
        ..moved
    };
    server.take();
    desk.plan("PUT", "ticket-update", Reply::Reset, true);
    assert!(system.update_ticket("7", noted).await.expect("noted"));
    assert_eq!((notes(&desk), updates(&server)), (1, 1));
}

#[tokio::test]
async fn what_upstream_left_out_is_there() {
    let (desk, server, system) = desk();
    for number in 1..=4 {
        let ticket = Ticket {
            subject: Some(format!("number {number}")),
            queue: Some(Entity::named("Incoming")),
            ..Ticket::default()
        };
        let made = system
            .create_ticket(ticket)
            .await
            .expect("made without operation_urls");
        assert!(made.id.is_some() && made.subject.is_some(), "{made:?}");
    }
    let criteria = SearchCriteria {
        limit: 2,
        offset: 2,
        ..SearchCriteria::default()
    };
    let found = system.find_tickets(criteria).await.expect("found");
    let subjects: Vec<_> = found
        .iter()
        .filter_map(|ticket| ticket.subject.as_deref())
        .collect();
    assert_eq!(subjects, ["number 2", "number 3"], "the offset counts");

    let html = Note {
        content_type: Some("text/html".to_owned()),
        ..Note::plain("s", "<b>b</b>")
    };
    assert!(system.add_note("7", html).await.expect("added"));
    let seen = server.seen();
    let sent = seen.last().expect("a request").json();
    assert_eq!(sent["Article"]["ContentType"], "text/html; charset=utf-8");
    let ticket = system
        .get_ticket("7")
        .await
        .expect("read")
        .expect("a ticket");
    let kept = ticket.notes.as_ref().and_then(|notes| notes.last());
    assert_eq!(
        kept.and_then(|note| note.content_type.as_deref()),
        Some("text/html")
    );
    assert_eq!(desk.tickets().len(), 5);
}

#[tokio::test]
async fn an_article_without_a_subject_has_an_empty_one() {
    let server = Server::start(|_| {
        let article = json!({"ArticleID": 1, "Subject": null, "Body": null});
        Reply::json(
            200,
            &json!({"Ticket": {"TicketID": 7, "Title": 2024, "Article": article}}),
        )
    });
    let ticket = system(&server.url())
        .get_ticket("7")
        .await
        .expect("read")
        .expect("a ticket");
    assert_eq!(
        ticket.subject.as_deref(),
        Some("2024"),
        "Perl makes numbers of texts"
    );
    assert_eq!(ticket.notes, Some(vec![Note::plain("", "")]));
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_with_its_parameter() {
    let http = Arc::new(Client::new(ClientConfig::default()));
    let config = serde_json::from_value(json!({"base_url": "desk", "password": "p"}));
    let error = OtoboZnuny::new(http, config.expect("parameters"))
        .err()
        .expect("no address");
    assert!(error.to_string().contains("`base_url`"), "{error}");
}
