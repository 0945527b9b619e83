//! The plugin alone in an application: what the application says of a server that is away, and of a start that cannot be.

mod server;

use std::time::{Duration, Instant};

use helpdesk_work::Work;
use server::Server;
use treenail::{Settings, State};

treenail::compose!("isolated.toml");

async fn start(configuration: &str) -> treenail::Result<App> {
    let yaml = format!(
        "helpdesk_work_nats:\n  components:\n    \"work-nats:NatsWork\": {configuration}\n"
    );
    App::start(Settings::yaml("the test's configuration", &yaml)?).await
}

#[tokio::test]
async fn a_server_that_is_away_is_trouble_until_it_is_back() {
    let Some(server) = Server::new("trouble", Some("opensesame-4711")).await else {
        return;
    };
    let configuration = format!(
        "{{ servers: [\"{}\"], token: opensesame-4711 }}",
        server.address()
    );
    let app = start(&configuration).await.expect("a start");
    assert_eq!(app.health().state, State::Ok);
    server.kill();
    until(&app, State::Recoverable).await;
    let trouble = app.health().troubles[0].to_string();
    assert_eq!(
        trouble,
        "work-nats:NatsWork: recoverable (the connection to NATS is lost, and is being made again)"
    );
    server.start().await;
    until(&app, State::Ok).await;
    let work = app.get::<dyn Work>();
    let claim = work
        .claim("k", "", Duration::from_secs(60))
        .await
        .expect("met");
    work.done(&claim.expect("free")).await.expect("current");
    assert!(app.stop().await.is_clean());
}

async fn until(app: &App, state: State) {
    let begun = Instant::now();
    while app.health().state != state {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{:?}",
            app.health()
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_start_that_cannot_be_says_why() {
    for (configuration, words) in [
        ("{}", "servers"),
        ("{ servers: [], tokken: x }", "tokken"),
        (
            "{ servers: [\"nats://127.0.0.1:1\"] }",
            "no NATS server answers at nats://127.0.0.1:1",
        ),
        (
            "{ servers: [\"nats://127.0.0.1:1\"], replicas: 0 }",
            "replicas",
        ),
        (
            "{ servers: [\"nats://127.0.0.1:1\"], tls: { key: k.pem } }",
            "a `certificate` needs its `key`",
        ),
    ] {
        let error = start(configuration).await.expect_err("refused");
        assert!(error.to_string().contains(words), "{error}");
    }
}
