//! What the bucket forgets, and what it keeps.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::app::{start, until};
use crate::server::{LEASE, PATIENCE, Server, at, given};
use helpdesk_work::conformance::{TestStore, forgets_what_is_done};
use helpdesk_work::{Work, async_trait};
use helpdesk_work_nats::{NatsWork, NatsWorkConfig};
use treenail::State;

/// How long it is remembered here that work is done.
const REMEMBER: Duration = Duration::from_millis(300);

async fn open(server: &Server) -> NatsWork {
    let config = NatsWorkConfig {
        remember: REMEMBER.into(),
        ..at(server.address())
    };
    NatsWork::open(config).await.expect("opened")
}

struct Forgetful(Server);

#[async_trait]
impl TestStore for Forgetful {
    async fn open(&self) -> Arc<dyn Work> {
        Arc::new(open(&self.0).await)
    }
}

#[tokio::test]
async fn what_is_done_is_forgotten_after_as_long_as_the_configuration_says() {
    let Some(server) = Server::new("remembers").await else {
        return;
    };
    forgets_what_is_done(&Forgetful(server), REMEMBER).await;
}

#[tokio::test]
async fn the_bucket_keeps_what_is_claimed_has_failed_or_is_dead_and_nothing_else() {
    let Some(server) = Server::new("forgets").await else {
        return;
    };
    let (work, other) = (open(&server).await, open(&server).await);
    for number in 0..1200 {
        let claim = given(&work, &format!("over {number}")).await;
        let ended = match number % 3 {
            0 => work.release(&claim).await,
            _ => other.done(&claim).await,
        };
        ended.expect("it is current");
    }
    let mut kept = given(&work, "kept").await;
    let failed = given(&work, "failed").await;
    let answer = work.failed(&failed, LEASE, "not yet").await;
    answer.expect("it is current");
    while work.dead().await.expect("met").is_empty() {
        if let Some(claim) = other.claim("dead", "", LEASE).await.expect("met") {
            let answer = other.failed(&claim, Duration::ZERO, "never").await;
            answer.expect("it is current");
        }
    }
    let client = async_nats::connect(server.address()).await;
    let jetstream = async_nats::jetstream::new(client.expect("connected"));
    let bucket = jetstream.get_stream("KV_work").await.expect("a bucket");
    let begun = Instant::now();
    loop {
        let kept = bucket.get_info().await.expect("met").state.messages;
        if kept == 3 {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "{kept} are kept");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    work.extend(&mut kept, LEASE).await.expect("it is current");
    assert_eq!(other.claim("failed", "", LEASE).await.expect("met"), None);
    let dead = other.dead().await.expect("met");
    assert_eq!(dead.len(), 1, "{dead:?}");
    let again = given(&other, "over 0").await;
    assert!(again.fence() > kept.fence());
}

#[tokio::test]
async fn a_bucket_that_nothing_may_be_removed_from_is_trouble_with_its_cause() {
    let denied = "authorization { users [ {
        user: helpdesk, password: helpdesk, permissions: { publish: { deny: '$JS.API.STREAM.PURGE.>' } }
    } ] }
    no_auth_user: helpdesk";
    let Some(server) = Server::with("denied", denied).await else {
        return;
    };
    let configuration = format!("{{ servers: [\"{}\"], remember: 200ms }}", server.address());
    let app = start(&configuration).await.expect("a start");
    let work = app.get::<dyn Work>();
    let claim = given(work.as_ref(), "k").await;
    work.done(&claim).await.expect("current");
    let words =
        "the server says: nats: Permissions Violation for Publish to \"$JS.API.STREAM.PURGE.";
    until(&app, State::Recoverable, words).await;
    // Work goes on, and does not end that trouble.
    let claim = given(work.as_ref(), "other").await;
    work.done(&claim).await.expect("current");
    until(&app, State::Recoverable, words).await;
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn dead_letters_are_found_among_many_keys() {
    let Some(server) = Server::new("many").await else {
        return;
    };
    let work = open(&server).await;
    for number in 0..1100 {
        given(&work, &format!("alive {number}")).await;
    }
    assert_eq!(work.dead().await.expect("met"), []);
    for key in ["dead, second", "dead, first"] {
        while let Some(claim) = work.claim(key, "", LEASE).await.expect("met") {
            let failed = work.failed(&claim, Duration::ZERO, "never").await;
            failed.expect("it is current");
        }
    }
    let dead = work.dead().await.expect("met").into_iter();
    let keys: Vec<String> = dead.map(|letter| letter.key).collect();
    assert_eq!(keys, ["dead, first", "dead, second"]);
}

#[tokio::test]
async fn a_bucket_that_is_made_later_gives_greater_fences() {
    let Some(server) = Server::new("later").await else {
        return;
    };
    let mut fence = 0;
    for bucket in ["one", "two", "one", "three"] {
        let config = NatsWorkConfig {
            bucket: bucket.to_owned(),
            ..at(server.address())
        };
        let work = NatsWork::open(config).await.expect("opened");
        let claim = given(&work, &format!("key {fence}")).await;
        if bucket != "one" || fence == 0 {
            assert!(fence < claim.fence(), "{fence} {claim:?}");
            fence = claim.fence();
        } else {
            assert!(fence > claim.fence(), "{fence} {claim:?}");
        }
    }
}
