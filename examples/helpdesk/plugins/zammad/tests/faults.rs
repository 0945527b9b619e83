//! Every trouble of a server at every operation, and what must not happen twice.

use std::sync::Arc;
use std::time::Duration;

use helpdesk_api::{Entity, ErrorKind, Note, SearchCriteria, Ticket, TicketSystem};
use helpdesk_fakes::{Desk, RETRIES, Reply, Server, fault_table};
use helpdesk_http::{Client, ClientConfig};
use helpdesk_zammad::{Verify, Zammad, ZammadConfig};
use serde_json::json;

const TOKEN: &str = "hush/4711&<b>+z==";

fn system(url: &str) -> Zammad {
    let http = Client::new(ClientConfig {
        backoff: Duration::from_millis(1).into(),
        retries: u32::try_from(RETRIES).expect("a small number"),
        proxy: false,
        ..ClientConfig::default()
    });
    let params = json!({"base_url": url, "access_token": TOKEN, "timeout": 0.3});
    let config = serde_json::from_value(params).expect("parameters");
    Zammad::new(Arc::new(http), config).expect("a ticket system")
}

/// A desk with one ticket, as a server and as a ticket system.
fn desk() -> (Desk, Server, Zammad) {
    let ticket = Ticket {
        id: Some("7".to_owned()),
        subject: Some("VPN broken".to_owned()),
        queue: Some(Entity::named("Incoming")),
        ..Ticket::default()
    };
    let desk = Desk::with(&[ticket]);
    let server = desk.zammad(TOKEN);
    let system = system(&server.url());
    (desk, server, system)
}

fn notes(desk: &Desk) -> usize {
    desk.tickets()[0].notes.as_ref().map_or(0, Vec::len)
}

fn posts(server: &Server) -> usize {
    let seen = server.seen();
    seen.iter().filter(|seen| seen.method == "POST").count()
}

#[tokio::test]
async fn every_trouble_at_every_operation_is_a_typed_error_and_nothing_secret_is_said() {
    // A search that is answered with anything unknown has found nothing.
    fault_table(TOKEN, &[("Find", "JSON of another form")], system).await;
}

#[tokio::test]
async fn a_note_whose_answer_was_lost_is_found_and_not_added_again() {
    for lost in [
        Reply::Reset,
        Reply::Silence,
        Reply::Cut(b"{\"id".to_vec()),
        Reply::json(502, &json!({})),
        Reply::text(200, "text/html", "<html>"),
    ] {
        let (desk, server, system) = desk();
        desk.plan("POST", "ticket_articles", lost, true);
        let note = Note::plain("Routed", "to Network");
        assert!(system.add_note("7", note).await.expect("it is there"));
        assert_eq!((notes(&desk), posts(&server)), (1, 1));
    }
}

#[tokio::test]
async fn a_note_that_did_not_arrive_is_added_after_a_look() {
    let (desk, server, system) = desk();
    desk.plan("POST", "ticket_articles", Reply::Reset, false);
    let note = Note::plain("Routed", "to Network");
    assert!(system.add_note("7", note).await.expect("the second time"));
    assert_eq!((notes(&desk), posts(&server)), (1, 2));
    let seen = server.seen();
    let methods: Vec<&str> = seen.iter().map(|seen| seen.method.as_str()).collect();
    assert_eq!(methods, ["POST", "GET", "POST"]);
}

#[tokio::test]
async fn after_a_timeout_a_note_is_not_added_again_until_somebody_asks_for_it_and_then_after_a_look()
 {
    let (desk, server, system) = desk();
    desk.plan("POST", "ticket_articles", Reply::Silence, false);
    let note = Note::plain("Routed", "to Network");
    let error = system
        .add_note("7", note.clone())
        .await
        .expect_err("silence");
    assert!(error.kind().is_transient());
    assert_eq!((notes(&desk), posts(&server)), (0, 1));
    // The slow server was at it all the time.
    desk.note("7", note.clone());
    assert!(system.add_note("7", note).await.expect("it is there"));
    assert_eq!((notes(&desk), posts(&server)), (1, 1));
}

#[tokio::test]
async fn fields_are_sent_as_often_as_needed_and_the_note_of_an_update_once() {
    let (desk, server, system) = desk();
    let updates = Ticket {
        queue: Some(Entity::named("Network")),
        notes: Some(vec![
            Note::plain("dropped", ""),
            Note::plain("Routed", "to Network"),
        ]),
        ..Ticket::default()
    };
    desk.plan("PUT", "tickets/7", Reply::Reset, true);
    desk.plan("POST", "ticket_articles", Reply::Reset, true);
    assert!(
        system
            .update_ticket("7", updates)
            .await
            .expect("moved and noted")
    );
    assert_eq!((notes(&desk), posts(&server)), (1, 1));
    assert_eq!(desk.tickets()[0].queue, Some(Entity::named("Network")));
}

#[tokio::test]
async fn what_does_not_exist_is_no_error_and_what_is_not_zammad_is_one() {
    let (_, server, system) = desk();
    assert_eq!(system.get_ticket("8").await.expect("an answer"), None);
    assert!(
        !system
            .add_note("8", Note::plain("s", "b"))
            .await
            .expect("an answer")
    );
    let updates = Ticket {
        subject: Some("s".to_owned()),
        ..Ticket::default()
    };
    assert!(!system.update_ticket("8", updates).await.expect("an answer"));
    let elsewhere = crate::system(&format!("{}/wrong/place", server.url()));
    let error = elsewhere.get_ticket("7").await.expect_err("a web server");
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error:?}");
    let error = system
        .get_ticket("../users/1")
        .await
        .expect_err("no number");
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error:?}");
}

#[tokio::test]
async fn what_upstream_left_out_is_there() {
    let (desk, server, system) = desk();
    let ticket = Ticket {
        subject: Some("s".to_owned()),
        body: Some("b".to_owned()),
        queue: Some(Entity::named(r#"a "quoted" \\ queue"#)),
        ..Ticket::default()
    };
    let made = system.create_ticket(ticket.clone()).await.expect("made");
    assert_eq!(
        (made.subject, made.body),
        (ticket.subject, ticket.body),
        "a ticket, not an id"
    );
    let criteria = SearchCriteria {
        queue: ticket.queue,
        ..SearchCriteria::default()
    };
    let found = system.find_tickets(criteria).await.expect("found");
    assert_eq!(
        (found.len(), &found[0].id),
        (1, &made.id),
        "names are phrases"
    );

    let mut open = Note::plain("s", "<b>b</b>");
    open.content_type = Some("text/html".to_owned());
    open.additional.insert("internal".to_owned(), json!(false));
    for (note, content_type, internal) in [
        (Note::plain("s", "b"), "text/plain", true),
        (open, "text/html", false),
    ] {
        assert!(system.add_note("7", note).await.expect("added"));
        let sent = server.seen().last().expect("a request").json();
        assert_eq!(
            (&sent["content_type"], &sent["internal"]),
            (&json!(content_type), &json!(internal))
        );
    }
    assert_eq!(notes(&desk), 2);
}

#[test]
fn parameters_are_those_of_upstream() {
    let good = json!({"base_url": "https://desk.invalid/zammad/", "access_token": "t", "timeout": 2.5, "verify": "ca.pem"});
    let config: ZammadConfig = serde_json::from_value(good).expect("parameters");
    assert_eq!(config.verify, Verify::Against("ca.pem".into()));
    let least: ZammadConfig =
        serde_json::from_value(json!({"base_url": "http://desk.invalid", "access_token": "t"}))
            .expect("parameters");
    assert_eq!(
        (least.verify, least.timeout, least.internal_notes),
        (Verify::Check(true), None, true)
    );
    for bad in [
        json!({"access_token": "t"}),
        json!({"base_url": "desk", "access_token": "t"}),
        json!({"base_url": "http://desk.invalid", "access_token": "t", "token": "t"}),
    ] {
        assert!(serde_json::from_value::<ZammadConfig>(bad).is_err());
    }
}
