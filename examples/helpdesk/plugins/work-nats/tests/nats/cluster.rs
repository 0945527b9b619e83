//! Three servers, each of which has the whole bucket, and of which some are killed.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use helpdesk_work::{Claim, Work, WorkError};
use helpdesk_work_nats::{NatsWork, NatsWorkConfig};
use treenail::State;

use crate::app::{start, until};
use crate::server::{Folder, LEASE, PATIENCE, Server, at, free_port, is_free};

/// How many servers there are.
const NODES: usize = 3;

struct Cluster(Vec<Server>);

impl Cluster {
    async fn new(name: &str) -> Option<Self> {
        let ports: Vec<u16> = (0..NODES).map(|_| free_port()).collect();
        let routes: Vec<String> = ports
            .iter()
            .map(|port| format!("nats://127.0.0.1:{port}"))
            .collect();
        let mut nodes = Vec::new();
        for (number, port) in ports.iter().enumerate() {
            let folder = Folder::new(&format!("{name}-{number}"));
            let configuration = format!(
                "server_name: node-{number}
                 jetstream {{ store_dir: '{}' }}
                 cluster {{ name: three, listen: '127.0.0.1:{port}', routes: [{}] }}",
                folder.path().display(),
                routes.join(", ")
            );
            nodes.push(Server::configured(folder, &configuration).await?);
        }
        Some(Self(nodes))
    }

    fn addresses(&self) -> Vec<String> {
        self.0.iter().map(Server::address).collect()
    }

    fn config(&self) -> NatsWorkConfig {
        NatsWorkConfig {
            servers: self.addresses(),
            replicas: 3.try_into().expect("not zero"),
            ..at(String::new())
        }
    }

    /// A handle on the bucket, once the servers have agreed on who leads.
    async fn open(&self) -> NatsWork {
        let begun = Instant::now();
        loop {
            match NatsWork::open(self.config()).await {
                Ok(work) => return work,
                Err(error) => assert!(begun.elapsed() < PATIENCE * 2, "{error:?}"),
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

/// What comes of a call that is made again for as long as the servers have to agree anew.
async fn agreed<T>(mut call: impl AsyncFnMut() -> Result<T, WorkError>) -> T {
    let begun = Instant::now();
    loop {
        match call().await {
            Ok(answer) => return answer,
            Err(error) => {
                assert!(error.is_transient(), "{error:?}");
                assert!(begun.elapsed() < PATIENCE * 2, "{error:?}");
            }
        }
    }
}

async fn given(work: &dyn Work, key: &str) -> Claim {
    let claim = agreed(async || work.claim(key, "", LEASE).await).await;
    claim.expect("free")
}

#[tokio::test]
async fn of_three_servers_one_may_be_killed_and_of_two_nobody_is_given_anything() {
    let Some(cluster) = Cluster::new("quorum").await else {
        return;
    };
    let other = cluster.open().await;
    let servers = cluster.addresses().join("\", \"");
    let app = start(&format!(
        "{{ servers: [\"{servers}\"], bucket: work, replicas: 3, remember: 10m }}"
    ))
    .await;
    let app = app.expect("a start");
    let work = app.get::<dyn Work>();
    let done = given(work.as_ref(), "done").await;
    work.done(&done).await.expect("current");
    let mut kept = given(work.as_ref(), "kept").await;

    cluster.0[0].kill();
    agreed(async || work.extend(&mut kept, LEASE).await).await;
    let second = given(&other, "second").await;
    assert!(!is_free(&other, "kept").await);
    until(&app, State::Ok, "").await;

    cluster.0[1].kill();
    let error = loop {
        // What was under way when it was killed may have been met.
        match work.extend(&mut kept, LEASE).await {
            Ok(()) => {}
            Err(error) => break error,
        }
    };
    assert!(matches!(error, WorkError::Unavailable { .. }), "{error:?}");
    let error = other
        .claim("third", "", LEASE)
        .await
        .expect_err("no quorum");
    assert!(matches!(error, WorkError::Unavailable { .. }), "{error:?}");
    until(&app, State::Recoverable, "").await;

    cluster.0[1].start().await;
    agreed(async || work.extend(&mut kept, LEASE).await).await;
    until(&app, State::Ok, "").await;
    for key in ["done", "kept", "second"] {
        let claim = agreed(async || other.claim(key, "", LEASE).await).await;
        assert_eq!(claim, None, "{key}");
    }
    cluster.0[0].start().await;
    agreed(async || other.release(&second).await).await;
    let again = given(work.as_ref(), "second").await;
    assert!(second.fence() < again.fence());
    agreed(async || work.done(&kept).await).await;
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn of_many_who_ask_three_servers_at_once_one_is_given_the_work() {
    let Some(cluster) = Cluster::new("race").await else {
        return;
    };
    let mut all = Vec::new();
    for _ in 0..6 {
        all.push(cluster.open().await);
    }
    let mut fence = 0;
    for key in 0..20 {
        let key = key.to_string();
        // First the key is new, then it was given back.
        for _ in 0..10 {
            let asking = all.iter().map(|work| work.claim(&key, "", LEASE));
            let answers = join_all(asking).await.into_iter();
            let given: Vec<Claim> = answers.filter_map(|answer| answer.expect("met")).collect();
            assert_eq!(given.len(), 1, "{given:?}");
            assert!(fence < given[0].fence(), "{fence} {given:?}");
            fence = given[0].fence();
            all[0].release(&given[0]).await.expect("it is current");
        }
    }
}
