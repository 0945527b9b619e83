//! The real program against web services until a signal ends it.

use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

use helpdesk_fakes::{Desk, Reply, Server};
use serde_json::{Value, json};

use super::{
    Product, SECRET, configured, expected_tickets, keeps_its_secrets, own_case, program, tickets,
    writes,
};
use crate::folder::text;

/// A wait that ends on any machine.
const LONG: Duration = Duration::from_secs(60);

#[test]
fn a_service_in_trouble_fails_a_step_and_the_runner_goes_on() {
    let case = own_case();
    let desk = Desk::with(&case.script.tickets);
    let server = desk.otobo(SECRET);
    // Refused once, too late once, broken in the middle once, and a note whose answer gets lost.
    desk.plan(
        "POST",
        "ticket-search",
        Reply::json(401, &json!({"you": SECRET})),
        false,
    );
    desk.plan("POST", "ticket-get", Reply::Cut(SECRET.into()), false);
    desk.plan(
        "PUT",
        "ticket-update",
        Reply::text(200, "text/html", SECRET),
        true,
    );
    desk.plan("POST", "ticket-search", Reply::json(503, &json!({})), false);
    let folder = configured(&case, Product::Otobo, Some(&server.url()));
    let watching = program(&case, &folder, &["--watch"])
        .spawn()
        .expect("it runs");
    wait(&desk, |tickets| tickets == expected_tickets(&case));
    let output = terminate(watching);
    let talk = text(&output.stderr);
    assert!(output.status.success(), "{talk}");
    assert!(
        talk.contains("401 Unauthorized") && talk.contains("sending again"),
        "{talk}"
    );
    keeps_its_secrets(&output);
    let notes = writes(&server.seen())
        .into_iter()
        .filter(|(what, _)| *what == "add_note");
    assert_eq!(notes.count(), 2, "one for each ticket");
}

#[test]
fn a_signal_in_the_middle_of_an_order_ends_well_and_a_second_run_does_the_rest() {
    for product in [Product::Otobo, Product::Zammad] {
        let case = own_case();
        let desk = Desk::with(&case.script.tickets);
        let (server, method, target) = match product {
            Product::Otobo => (desk.otobo(SECRET), "PUT", "ticket-update"),
            Product::Zammad => (desk.zammad(SECRET), "PUT", "/tickets/"),
        };
        let done = Reply::json(200, &json!({"Ticket": {"TicketID": 17}, "id": 17}));
        desk.plan(
            method,
            target,
            Reply::Late(Duration::from_millis(500), done.into()),
            true,
        );
        let folder = configured(&case, product, Some(&server.url()));
        let watching = program(&case, &folder, &["--watch"])
            .spawn()
            .expect("it runs");
        wait(&desk, |_| !writes(&server.seen()).is_empty());
        let output = terminate(watching);
        assert!(
            output.status.success(),
            "{product:?}: {}",
            text(&output.stderr)
        );
        assert_eq!(
            writes(&server.seen()).len(),
            1,
            "the order is waited for, and none follows"
        );

        let output = program(&case, &folder, &[]).output().expect("it runs");
        assert!(
            output.status.success(),
            "{product:?}: {}",
            text(&output.stderr)
        );
        assert_eq!(tickets(&desk), expected_tickets(&case), "{product:?}");
        let notes = writes(&server.seen())
            .into_iter()
            .filter(|(what, _)| *what == "add_note");
        assert_eq!(notes.count(), 2, "{product:?}: one for each ticket");
    }
}

#[test]
fn a_signal_while_a_service_is_silent_ends_well_once_its_time_is_over() {
    let case = own_case();
    let server = Server::start(|_| Reply::Silence);
    let folder = configured(&case, Product::Otobo, Some(&server.url()));
    let mut command = program(&case, &folder, &["--watch"]);
    command.env("OPEN_TICKET_AI__SERVICES__DESK__PARAMS__TIMEOUT", "300ms");
    let watching = command.spawn().expect("it runs");
    let begun = Instant::now();
    while server.seen().is_empty() {
        assert!(begun.elapsed() < LONG, "nothing was asked");
        std::thread::sleep(Duration::from_millis(10));
    }
    let output = terminate(watching);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

/// Waits until the tickets are as wanted.
fn wait(desk: &Desk, wanted: impl Fn(Vec<Value>) -> bool) {
    let begun = Instant::now();
    while !wanted(tickets(desk)) {
        assert!(begun.elapsed() < LONG, "{:#?}", tickets(desk));
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn terminate(child: Child) -> Output {
    let id = child.id().to_string();
    let killed = Command::new("kill").args(["-TERM", &id]).status();
    assert!(killed.expect("kill").success());
    child.wait_with_output().expect("it ends")
}
