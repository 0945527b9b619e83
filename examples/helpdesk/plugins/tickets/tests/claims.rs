//! The pipes as one of several helpdesks: what they claim, what they write, and how their claims end.

use std::time::Duration;

use helpdesk_api::ErrorKind;
use treenail::Settings;

mod doubles;

use doubles::{Board, Desk, Oracle};

treenail::compose!("isolated.toml");

/// Fetches so many tickets, asks the oracle where the first one belongs, and moves it there.
async fn start(limit: u32) -> App {
    let yaml = format!(
        r#"
app:
  orchestrator:
    use: "base:CompositePipe"
    params:
      steps:
        - id: fetch
          use: "tickets:FetchTicketsPipe"
          params: {{ ticket_search_criteria: {{ queue: {{ name: Inbox }}, limit: {limit} }} }}
        - id: ticket
          use: "base:ExpressionPipe"
          params: {{ expression: "{{{{ get_pipe_result('fetch', 'fetched_tickets') | first or fail('the inbox is empty') }}}}" }}
        - id: queue
          use: "tickets:ClassificationPipe"
          params: {{ model_name: queue, text: "{{{{ get_pipe_result('ticket').subject }}}}" }}
        - id: update
          use: "tickets:UpdateTicketPipe"
          params:
            ticket_id: "{{{{ get_pipe_result('ticket').id }}}}"
            updated_ticket: {{ queue: {{ name: "{{{{ get_pipe_result('queue', 'label') }}}}" }} }}
        - id: note
          use: "tickets:AddNotePipe"
          params: {{ ticket_id: "{{{{ get_pipe_result('ticket').id }}}}", note: {{ subject: routed, body: "" }} }}
"#
    );
    let settings = Settings::yaml("the test's configuration", yaml).expect("YAML");
    App::start(settings).await.expect("a start")
}

async fn run(app: &App) -> treenail::Result<()> {
    app.pipeline().expect("a pipeline").run_cycles(1).await
}

#[tokio::test(start_paused = true)]
async fn a_ticket_is_claimed_written_to_under_its_fence_and_done() {
    let app = start(1).await;
    run(&app).await.expect("a cycle");
    let calls = ["claim 1", "extend 1", "extend 1", "done 1"];
    assert_eq!(app.get::<Board>().calls(), calls);
    let calls = ["find 1 from 0", "fence 42", "update 1", "note 1"];
    assert_eq!(app.get::<Desk>().calls(), calls);
    assert_eq!(app.get::<Desk>().queues(), ["Network", "Inbox", "Inbox"]);
    app.stop().await;
}

#[tokio::test(start_paused = true)]
async fn where_others_have_the_first_ones_it_looks_further() {
    let app = start(1).await;
    for key in ["1", "2"] {
        app.get::<Board>().is_taken_by_another(key);
    }
    run(&app).await.expect("a cycle");
    assert_eq!(app.get::<Desk>().queues(), ["Inbox", "Inbox", "Network"]);
    let calls = app.get::<Desk>().calls();
    assert_eq!(calls[..2], ["find 1 from 0", "find 2 from 1"]);
    app.stop().await;
}

#[tokio::test(start_paused = true)]
async fn where_others_have_them_all_it_finds_none_and_that_is_no_error() {
    let app = start(2).await;
    for key in ["1", "2", "3"] {
        app.get::<Board>().is_taken_by_another(key);
    }
    run(&app).await.expect("a cycle");
    assert_eq!(app.get::<Desk>().queues(), ["Inbox", "Inbox", "Inbox"]);
    app.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_was_fetched_and_not_written_to_is_given_back() {
    let app = start(3).await;
    run(&app).await.expect("a cycle");
    let calls = app.get::<Board>().calls();
    assert_eq!(calls[..3], ["claim 1", "claim 2", "claim 3"]);
    assert_eq!(calls[5..], ["done 1", "release 2", "release 3"]);
    app.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_error_counts_as_a_failed_attempt_and_the_pause_grows_with_their_number() {
    let app = start(1).await;
    app.get::<Oracle>().fails_as(ErrorKind::Garbled);
    run(&app).await.expect_err("the oracle's");
    let calls = app.get::<Board>().calls();
    let words = "failed 1 for 20 s: ";
    assert!(
        calls[1].starts_with(words) && calls[1].contains("no answer"),
        "{calls:?}"
    );
    app.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_service_that_does_not_answer_is_not_the_tickets_fault() {
    for kind in [ErrorKind::Unavailable, ErrorKind::Refused] {
        let app = start(1).await;
        app.get::<Oracle>().fails_as(kind);
        run(&app).await.expect_err("the oracle's");
        assert_eq!(app.get::<Board>().calls(), ["claim 1", "release 1"]);
        app.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn of_several_tickets_none_is_to_blame_for_an_error() {
    let app = start(2).await;
    app.get::<Oracle>().fails_as(ErrorKind::Garbled);
    run(&app).await.expect_err("the oracle's");
    let calls = ["claim 1", "claim 2", "release 1", "release 2"];
    assert_eq!(app.get::<Board>().calls(), calls);
    app.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_claim_is_extended_while_a_step_takes_its_time() {
    let app = start(1).await;
    app.get::<Oracle>().thinks_for(Duration::from_secs(95));
    run(&app).await.expect("a cycle");
    let calls = app.get::<Board>().calls();
    let extended = calls.iter().filter(|call| *call == "extend 1").count();
    // Nine times, every ten seconds, and once before each of the two that write.
    assert_eq!(extended, 11, "{calls:?}");
    app.stop().await;
}

#[tokio::test(start_paused = true)]
async fn whoever_has_lost_its_claim_writes_nothing() {
    let app = start(1).await;
    app.get::<Oracle>().thinks_for(Duration::from_secs(5));
    let loses = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        app.get::<Board>().is_taken_by_another("1");
    };
    let (ended, ()) = tokio::join!(run(&app), loses);
    let error = ended.expect_err("the claim is lost").to_string();
    assert!(error.contains("the claim of `1` is lost"), "{error}");
    assert_eq!(app.get::<Desk>().calls(), ["find 1 from 0"]);
    assert_eq!(
        app.get::<Board>().calls(),
        ["claim 1", "extend 1", "release 1"]
    );
    app.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_for_a_moment_keeps_nobody_from_writing_under_a_lease() {
    let app = start(1).await;
    app.get::<Oracle>().thinks_for(Duration::from_secs(5));
    let goes = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        app.get::<Board>().goes_away();
    };
    let (ended, ()) = tokio::join!(run(&app), goes);
    ended.expect("the lease holds");
    assert_eq!(app.get::<Desk>().queues(), ["Network", "Inbox", "Inbox"]);
    app.stop().await;
}

#[tokio::test(start_paused = true)]
async fn without_the_store_nothing_is_fetched() {
    let app = start(1).await;
    app.get::<Board>().goes_away();
    let error = run(&app).await.expect_err("nobody knows who works on it");
    assert!(error.to_string().contains("does not answer"), "{error}");
    assert_eq!(app.get::<Desk>().calls(), ["find 1 from 0"]);
    app.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_helpdesk_that_stops_gives_its_claim_back() {
    let app = start(1).await;
    app.get::<Oracle>().thinks_for(Duration::from_secs(5));
    let pipeline = app.pipeline().expect("a pipeline");
    let stops = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        pipeline.stop();
    };
    let (ended, ()) = tokio::join!(pipeline.run(), stops);
    ended.expect("a stop is no error");
    assert_eq!(app.get::<Board>().calls(), ["claim 1", "release 1"]);
    assert_eq!(app.get::<Desk>().calls(), ["find 1 from 0"]);
    app.stop().await;
}
