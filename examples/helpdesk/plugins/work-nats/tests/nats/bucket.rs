//! A bucket that is not as it should be.

use std::error::Error as _;
use std::time::{Duration, Instant};

use async_nats::jetstream::stream::Config;
use helpdesk_work::{Work, WorkError};
use helpdesk_work_nats::NatsWork;

use crate::server::{LEASE, PATIENCE, Server, at, given, open};

#[tokio::test]
async fn a_bucket_that_may_drop_keys_is_refused() {
    let Some(server) = Server::new("forgets").await else {
        return;
    };
    let client = async_nats::connect(server.address())
        .await
        .expect("connected");
    let jetstream = async_nats::jetstream::new(client);
    let bucket = || Config {
        name: "KV_work".to_owned(),
        subjects: vec!["$KV.work.>".to_owned()],
        max_messages_per_subject: 1,
        ..Config::default()
    };
    for forgetful in [
        Config {
            max_age: LEASE,
            ..bucket()
        },
        Config {
            max_bytes: 4000,
            ..bucket()
        },
        Config {
            max_messages: 10,
            ..bucket()
        },
    ] {
        jetstream.create_stream(forgetful).await.expect("made");
        let error = NatsWork::open(at(server.address()))
            .await
            .err()
            .expect("none");
        let words = "the bucket `work` may drop keys, as it has a limit of age, bytes or messages: \
                     remove the limit, or name another `bucket`";
        assert_eq!(error.to_string(), words);
        jetstream.delete_stream("KV_work").await.expect("deleted");
    }
}

#[tokio::test]
async fn a_bucket_that_is_deleted_is_not_made_again_under_those_who_hold_claims() {
    let Some(server) = Server::new("deleted").await else {
        return;
    };
    let work = open(&server).await;
    let mut claim = given(&work, "k").await;
    let client = async_nats::connect(server.address())
        .await
        .expect("connected");
    let jetstream = async_nats::jetstream::new(client);
    jetstream.delete_key_value("work").await.expect("deleted");
    let error = work.extend(&mut claim, LEASE).await.expect_err("gone");
    assert!(matches!(error, WorkError::Broken { .. }), "{error:?}");
    assert!(error.source().is_some());
    work.claim("other", "", LEASE).await.expect_err("gone");
}

#[tokio::test]
async fn what_a_person_wrote_into_the_bucket_is_told_and_left_alone() {
    let Some(server) = Server::new("person").await else {
        return;
    };
    let work = open(&server).await;
    let client = async_nats::connect(server.address())
        .await
        .expect("connected");
    let jetstream = async_nats::jetstream::new(client);
    let bucket = jetstream.get_key_value("work").await.expect("a bucket");
    bucket.put("k", "hello".into()).await.expect("written");
    let error = work
        .claim("k", "", LEASE)
        .await
        .expect_err("no piece of work");
    assert!(matches!(error, WorkError::Broken { .. }), "{error:?}");
    let first = work
        .claim("removed", "", LEASE)
        .await
        .expect("met")
        .expect("free");
    bucket.delete("removed").await.expect("removed");
    let next = work
        .claim("removed", "", LEASE)
        .await
        .expect("met")
        .expect("free");
    assert!(first.fence() < next.fence());
    let lost = work.done(&first).await;
    assert!(matches!(lost, Err(WorkError::Lost { .. })), "{lost:?}");
}

#[tokio::test]
async fn where_revisions_come_again_nobody_is_given_anything_for_a_lease() {
    const SHORT: Duration = Duration::from_secs(1);
    let Some(server) = Server::new("again").await else {
        return;
    };
    let work = open(&server).await;
    for key in ["a", "b", "c"] {
        let claim = work.claim(key, "", SHORT).await;
        claim.expect("met").expect("free");
    }
    let client = async_nats::connect(server.address())
        .await
        .expect("connected");
    let jetstream = async_nats::jetstream::new(client);
    jetstream.delete_key_value("work").await.expect("deleted");
    // Whoever starts now makes it again.
    open(&server).await;
    let begun = Instant::now();
    let mut refused = 0;
    loop {
        match work.claim("new", "", SHORT).await {
            Ok(Some(_)) => break,
            Ok(None) => {}
            Err(error) => {
                assert!(error.is_transient(), "{error:?}");
                refused += 1;
            }
        }
        assert!(begun.elapsed() < PATIENCE, "nobody is given it");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(refused > 0);
    assert!(begun.elapsed() >= SHORT, "{refused} were refused");
}
