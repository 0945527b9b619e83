//! A server that is away: for a second, for good, or that hangs.

use std::time::{Duration, Instant};

use helpdesk_work::{Work, WorkError};
use treenail::State;

use crate::app::{start, start_at, until};
use crate::server::{LEASE, PATIENCE, Server, given, is_free, open};

const LOST: &str = "the connection to NATS is lost, and is being made again";

#[tokio::test]
async fn a_server_that_is_killed_and_restarted_keeps_claims_fences_and_what_is_done() {
    let Some(server) = Server::new("restarted").await else {
        return;
    };
    let work = open(&server).await;
    let done = given(&work, "done").await;
    work.done(&done).await.expect("current");
    let mut kept = given(&work, "kept").await;
    let given_back = given(&work, "back").await;
    work.release(&given_back).await.expect("current");
    for _ in 0..3 {
        server.kill();
        tokio::time::sleep(Duration::from_secs(1)).await;
        server.start().await;
        // Asked at once: the client sends it when it has connected again.
        while let Err(error) = work.extend(&mut kept, LEASE).await {
            assert!(error.is_transient(), "{error:?}");
        }
    }
    let other = open(&server).await;
    assert!(!is_free(&other, "done").await);
    assert!(!is_free(&other, "kept").await);
    let again = given(&other, "back").await;
    assert!(given_back.fence() < again.fence());
    work.done(&kept).await.expect("current");
}

#[tokio::test]
async fn a_server_that_is_away_is_trouble_until_it_is_back() {
    let Some(server) = Server::with_token("trouble", "opensesame-4711").await else {
        return;
    };
    let configuration = format!(
        "{{ servers: [\"{}\"], token: opensesame-4711 }}",
        server.address()
    );
    let app = start(&configuration).await.expect("a start");
    assert_eq!(app.health().state, State::Ok);
    server.kill();
    until(&app, State::Recoverable, LOST).await;
    // The same after eight attempts as after one.
    until(&app, State::Recoverable, "IO error").await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    until(&app, State::Recoverable, LOST).await;
    server.start().await;
    until(&app, State::Ok, "").await;
    let work = app.get::<dyn Work>();
    let claim = given(work.as_ref(), "k").await;
    work.done(&claim).await.expect("current");
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn without_a_server_for_good_calls_are_unavailable_and_the_application_can_be_stopped() {
    let Some(server) = Server::new("for-good").await else {
        return;
    };
    let app = start_at(&server.address()).await;
    let work = app.get::<dyn Work>();
    let mut claim = given(work.as_ref(), "k").await;
    server.kill();
    until(&app, State::Recoverable, LOST).await;
    let answers = tokio::join!(
        work.extend(&mut claim, LEASE),
        work.claim("other", "", LEASE),
        work.dead(),
    );
    let errors = [answers.0.err(), answers.1.err(), answers.2.err()];
    for error in errors {
        assert!(
            matches!(error, Some(WorkError::Unavailable { .. })),
            "{error:?}"
        );
    }
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn a_server_that_hangs_is_trouble_until_it_goes_on() {
    let Some(server) = Server::new("hangs").await else {
        return;
    };
    let app = start_at(&server.address()).await;
    let work = app.get::<dyn Work>();
    let mut claim = given(work.as_ref(), "k").await;
    server.signal("STOP");
    // The system stops it a moment after it was told to.
    let begun = Instant::now();
    let error = loop {
        match work.extend(&mut claim, LEASE).await {
            Ok(()) => assert!(begun.elapsed() < PATIENCE, "it does not hang"),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, WorkError::Unavailable { .. }), "{error:?}");
    let words = "cannot extend a claim now: the store of work does not answer, try again later";
    until(&app, State::Recoverable, words).await;
    server.signal("CONT");
    let begun = Instant::now();
    while let Err(error) = work.extend(&mut claim, LEASE).await {
        assert!(error.is_transient(), "{error:?}");
        assert!(begun.elapsed() < PATIENCE, "{error:?}");
    }
    until(&app, State::Ok, "").await;
    work.done(&claim).await.expect("current");
    assert!(app.stop().await.is_clean());
}
