//! The plugin does what the contract says, with the real server: also where the server is away for a second, is restarted with
//! its stream kept, is full, or refuses.
//!
//! Without `nats-server` on the machine nothing is tested, and said so; with `TREENAIL_REQUIRE_NATS` set, that is a failure.

mod server;

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::stream::Config;
use helpdesk_work::conformance::{
    CASES, TestStore, agrees_with_the_model, be_killed, killed, takes_over,
};
use helpdesk_work::{Work, WorkError, async_trait};
use helpdesk_work_nats::{NatsWork, NatsWorkConfig, OpenError};
use server::{Server, at};
use tokio::runtime::Runtime;

const LEASE: Duration = Duration::from_secs(60);

/// In the environment of the other process: the server that it works with.
const SHARED: &str = "WORK_NATS_SHARED";

fn config(server: &Server) -> NatsWorkConfig {
    NatsWorkConfig {
        token: server.token.map(Into::into),
        ..at(server.address())
    }
}

async fn open(server: &Server) -> NatsWork {
    NatsWork::open(config(server)).await.expect("opened")
}

#[async_trait]
impl TestStore for Server {
    async fn open(&self) -> Arc<dyn Work> {
        Arc::new(open(self).await)
    }

    async fn cut(&self) -> bool {
        self.kill();
        true
    }

    async fn mend(&self) {
        self.start().await;
    }
}

#[test]
fn a_server_conforms() {
    let runtime = Runtime::new().expect("a runtime");
    let Some(server) = runtime.block_on(Server::new("conforms", None)) else {
        return;
    };
    for (name, case) in CASES {
        println!("{name}");
        runtime.block_on(case(&server));
    }
    agrees_with_the_model(&runtime, &server, 24);
}

#[tokio::test]
async fn a_server_that_is_killed_and_restarted_keeps_claims_fences_and_what_is_done() {
    let Some(server) = Server::new("restarted", None).await else {
        return;
    };
    let work = open(&server).await;
    let done = work
        .claim("done", "", LEASE)
        .await
        .expect("met")
        .expect("free");
    work.done(&done).await.expect("current");
    let mut kept = work
        .claim("kept", "", LEASE)
        .await
        .expect("met")
        .expect("free");
    let given_back = work
        .claim("back", "", LEASE)
        .await
        .expect("met")
        .expect("free");
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
    assert_eq!(other.claim("done", "", LEASE).await.expect("met"), None);
    assert_eq!(other.claim("kept", "", LEASE).await.expect("met"), None);
    let again = other
        .claim("back", "", LEASE)
        .await
        .expect("met")
        .expect("free");
    assert!(given_back.fence() < again.fence());
    work.done(&kept).await.expect("current");
}

#[tokio::test]
async fn a_server_that_is_not_there_ends_the_start_with_words() {
    let Some(server) = Server::new("absent", None).await else {
        return;
    };
    server.kill();
    let error = NatsWork::open(config(&server)).await.err().expect("none");
    let words = format!(
        "no NATS server answers at {}: check `servers`, and that one runs there",
        server.address()
    );
    assert_eq!(error.to_string(), words);
}

#[tokio::test]
async fn a_wrong_credential_ends_the_start_with_words_that_do_not_show_it() {
    let Some(server) = Server::new("refuses", Some("opensesame-4711")).await else {
        return;
    };
    open(&server).await;
    let wrong = NatsWorkConfig {
        token: Some("wrong-0815".into()),
        ..config(&server)
    };
    let without = NatsWorkConfig {
        token: None,
        ..config(&server)
    };
    for config in [wrong, without] {
        let error = NatsWork::open(config).await.err().expect("refused");
        let words = error.to_string();
        assert!(words.contains("refuses the credentials"), "{error:?}");
        for secret in ["wrong-0815", "opensesame-4711"] {
            assert!(!format!("{words} {error:?}").contains(secret), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_configuration_that_cannot_be_met_is_refused_before_anything_is_sent() {
    let Some(server) = Server::new("config", None).await else {
        return;
    };
    let right = config(&server);
    for (config, words) in [
        (
            NatsWorkConfig {
                servers: Vec::new(),
                ..right.clone()
            },
            "`servers` is empty",
        ),
        (
            NatsWorkConfig {
                servers: vec!["nats://me:secret@127.0.0.1".to_owned()],
                ..right.clone()
            },
            "credentials in `servers`",
        ),
        (
            NatsWorkConfig {
                servers: vec!["nats://:not a server".to_owned()],
                ..right.clone()
            },
            "no address of a server",
        ),
        (
            NatsWorkConfig {
                credentials: Some("no such thing".into()),
                ..right.clone()
            },
            "not what a file of credentials has in it",
        ),
        (
            NatsWorkConfig {
                credentials: Some("one".into()),
                token: Some("two".into()),
                ..right.clone()
            },
            "both `credentials` and a `token`",
        ),
        (
            NatsWorkConfig {
                bucket: "no bucket".to_owned(),
                ..right.clone()
            },
            "the bucket `no bucket` cannot be used",
        ),
    ] {
        let error = NatsWork::open(config).await.err().expect("refused");
        assert!(error.to_string().contains(words), "{error}: {error:?}");
    }
}

#[tokio::test]
async fn a_server_without_jetstream_ends_the_start() {
    let Some(server) = Server::without_jetstream("plain").await else {
        return;
    };
    let error = NatsWork::open(config(&server)).await.err().expect("none");
    assert!(matches!(error, OpenError::Bucket { .. }), "{error:?}");
}

#[tokio::test]
async fn a_full_server_takes_nothing_and_loses_nothing() {
    let Some(server) = Server::small("full").await else {
        return;
    };
    let work = open(&server).await;
    let mut claims = Vec::new();
    let error = loop {
        match work
            .claim(&format!("key {}", claims.len()), "", LEASE)
            .await
        {
            Ok(claim) => claims.push(claim.expect("free")),
            Err(error) => break error,
        }
        assert!(claims.len() < 1000, "it is not full");
    };
    assert!(matches!(error, WorkError::Full { .. }), "{error:?}");
    let other = open(&server).await;
    for claim in &claims {
        assert_eq!(
            other.claim(claim.key(), "", LEASE).await.expect("met"),
            None
        );
    }
}

#[tokio::test]
async fn a_bucket_that_may_drop_keys_is_refused() {
    let Some(server) = Server::new("forgets", None).await else {
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
        let error = NatsWork::open(config(&server)).await.err().expect("none");
        let words = "the bucket `work` may drop keys, as it has a limit of age, bytes or messages: \
                     remove the limit, or name another `bucket`";
        assert_eq!(error.to_string(), words);
        jetstream.delete_stream("KV_work").await.expect("deleted");
    }
}

#[tokio::test]
async fn a_bucket_that_is_deleted_is_not_made_again_under_those_who_hold_claims() {
    let Some(server) = Server::new("deleted", None).await else {
        return;
    };
    let work = open(&server).await;
    let mut claim = work
        .claim("k", "", LEASE)
        .await
        .expect("met")
        .expect("free");
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
    let Some(server) = Server::new("person", None).await else {
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

#[test]
#[ignore = "the other process of the test that kills it"]
fn the_process_that_is_killed() {
    let address = std::env::var(SHARED).expect("a server");
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let work = NatsWork::open(at(address)).await.expect("opened");
        be_killed(&work).await;
    });
}

#[tokio::test]
async fn a_process_that_is_killed_with_ten_claims_leaves_them_to_another() {
    let Some(server) = Server::new("killed", None).await else {
        return;
    };
    let fences = killed("the_process_that_is_killed", SHARED, &server.address());
    let work = open(&server).await;
    // The leases run from when somebody first asks, as a helpdesk does for all tickets in each of its rounds.
    for key in 0..fences.len() {
        assert_eq!(
            work.claim(&key.to_string(), "", LEASE).await.expect("met"),
            None
        );
    }
    takes_over(&work, &fences, Duration::from_secs(60)).await;
}
