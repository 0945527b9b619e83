//! The plugin alone in an application, with somebody who needs it: its life, and faults in it.

use std::sync::Arc;

use helpdesk_http_client::{Fault as HttpFault, Http, Method, Request, Url};
use treenail::testing::{Fault, Trial};
use treenail::{Component, Config, Deps, Outcome, Phase, Settings, StartError};

treenail::compose!("isolated.toml");

/// Sends a request where nobody answers, when it starts.
pub struct Caller {
    http: Arc<dyn Http>,
}

impl Component for Caller {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self { http: deps.http })
    }

    async fn start(&self) -> treenail::Result<()> {
        // The discard port of this machine: a connection is refused at once.
        let url = Url::parse("http://127.0.0.1:9/")?;
        let sent = self.http.send(Request::new(Method::GET, url)).await;
        let error = sent.expect_err("nobody answers there");
        assert_eq!(error.fault(), HttpFault::Unreachable);
        Ok(())
    }
}

fn settings() -> Settings {
    let yaml = "helpdesk_http:\n  components:\n    \"http:Client\": { retries: 0, proxy: false }\n";
    Settings::yaml("the test's configuration", yaml).expect("YAML")
}

#[tokio::test]
async fn the_client_is_there_before_who_needs_it_and_longer() {
    let trial = Trial::new();
    let app = App::start_with(settings(), trial.lifecycle())
        .await
        .expect("a start");
    assert!(app.stop().await.is_clean());
    trial.events().assert_order(&[
        "http:Client built",
        "app:Caller build",
        "http:Client started",
        "app:Caller start",
        "app:Caller stopped",
        "http:Client stop",
    ]);
}

#[tokio::test]
async fn a_client_that_cannot_start_is_named_and_nobody_calls() {
    let trial = Trial::new().fault("http:Client", Phase::Start, Fault::error("no sockets left"));
    let error = App::start_with(settings(), trial.lifecycle())
        .await
        .expect_err("a fault");
    let words = "cannot start `http:Client` (plugin `http`): no sockets left";
    assert!(error.to_string().starts_with(words), "{error}");
    trial.events().assert_never(&["app:Caller start"]);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_hangs_is_named_and_the_client_is_stopped() {
    let trial = Trial::new().fault("app:Caller", Phase::Start, Fault::Hang);
    let error = App::start_with(settings(), trial.lifecycle())
        .await
        .expect_err("a fault");
    let error = error.downcast_ref::<StartError>().expect("a failed start");
    assert!(matches!(error.failures[0].outcome, Outcome::TimedOut(_)));
    trial.events().assert_order(&[
        "app:Caller waiting",
        "app:Caller start failed",
        "http:Client stopped",
    ]);
}

#[tokio::test]
async fn a_client_that_cannot_stop_is_named_after_its_caller_has_stopped() {
    let trial = Trial::new().fault("http:Client", Phase::Stop, Fault::panic("out of order"));
    let app = App::start_with(settings(), trial.lifecycle())
        .await
        .expect("a start");
    let failures: Vec<_> = app
        .stop()
        .await
        .failures()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        failures,
        ["`http:Client` (plugin `http`): panicked: out of order"]
    );
    trial
        .events()
        .assert_order(&["app:Caller stopped", "http:Client stop failed"]);
}
