//! The plugin does what the contract says, also where processes are killed.

use std::sync::Arc;
use std::time::Duration;

use helpdesk_work::conformance::{
    CASES, TestStore, agrees_with_the_model, be_killed, buries_what_kills, die_of_work, killed,
    takes_over,
};
use helpdesk_work::{Work, async_trait};
use helpdesk_work_nats::NatsWork;
use tokio::runtime::Runtime;

use crate::server::{Server, at, is_free, open};

/// In the environment of the other process: the server that it works with.
const SHARED: &str = "WORK_NATS_SHARED";

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
    let Some(server) = runtime.block_on(Server::new("conforms")) else {
        return;
    };
    for (name, case) in CASES {
        println!("{name}");
        runtime.block_on(case(&server));
    }
    agrees_with_the_model(&runtime, &server, 24);
}

/// The work that another process was led to.
async fn shared() -> NatsWork {
    let address = std::env::var(SHARED).expect("a server");
    NatsWork::open(at(address)).await.expect("opened")
}

#[tokio::test]
#[ignore = "the other process of the test that kills it"]
async fn the_process_that_is_killed() {
    be_killed(&shared().await).await;
}

#[tokio::test]
async fn a_process_that_is_killed_with_ten_claims_leaves_them_to_another() {
    let Some(server) = Server::new("killed").await else {
        return;
    };
    let test = "conformance::the_process_that_is_killed";
    let fences = killed(test, SHARED, &server.address());
    let work = open(&server).await;
    // The leases run from when somebody first asks, as a helpdesk does for all tickets in each of its rounds.
    for key in 0..fences.len() {
        assert!(!is_free(&work, &key.to_string()).await);
    }
    takes_over(&work, &fences, Duration::from_secs(60)).await;
}

#[tokio::test]
#[ignore = "the other process of the test whose work kills it"]
async fn the_process_that_dies_of_its_work() {
    die_of_work(&shared().await).await;
}

#[tokio::test]
async fn work_that_kills_every_process_becomes_a_dead_letter() {
    let Some(server) = Server::new("deadly").await else {
        return;
    };
    let test = "conformance::the_process_that_dies_of_its_work";
    buries_what_kills(&open(&server).await, test, SHARED, &server.address()).await;
}
