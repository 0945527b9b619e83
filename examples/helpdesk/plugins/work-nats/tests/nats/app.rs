//! The plugin alone in an application, for what the application says of it.

use std::time::{Duration, Instant};

use treenail::{Settings, State};

use crate::server::PATIENCE;

treenail::compose!("isolated.toml");

/// Starts the application with this configuration of the plugin's component.
pub(crate) async fn start(configuration: &str) -> treenail::Result<App> {
    let yaml = format!(
        "helpdesk_work_nats:\n  components:\n    \"work-nats:NatsWork\": {configuration}\n"
    );
    App::start(Settings::yaml("the test's configuration", &yaml)?).await
}

/// Starts the application with this server.
pub(crate) async fn start_at(address: &str) -> App {
    let app = start(&format!(
        "{{ servers: [\"{address}\"], bucket: work, remember: 10m }}"
    ))
    .await;
    app.expect("a start")
}

/// Waits until the application is in this state, which it says for this reason; any, where it is well.
pub(crate) async fn until(app: &App, state: State, reason: &str) {
    let begun = Instant::now();
    loop {
        let health = app.health();
        let is_so = match health.troubles.first() {
            Some(trouble) => trouble.to_string().contains(reason),
            None => true,
        };
        if health.state == state && is_so {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{health:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_configuration_that_cannot_be_says_why() {
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
            "{ servers: [\"nats://127.0.0.1:1\"], remember: soon }",
            "remember",
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
