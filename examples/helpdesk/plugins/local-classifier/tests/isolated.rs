//! The plugin alone in an application, with somebody who asks it: its life, and faults in it.

use std::sync::Arc;

use helpdesk_api::{ClassificationRequest, Classifier};
use treenail::testing::{Fault, Trial};
use treenail::{Component, Config, Deps, Outcome, Phase, Settings, StartError};

treenail::compose!("isolated.toml");

/// Asks once, when it starts.
pub struct Asker {
    classifier: Arc<dyn Classifier>,
}

impl Component for Asker {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            classifier: deps.classifier,
        })
    }

    async fn start(&self) -> treenail::Result<()> {
        let request = ClassificationRequest::new("queue", "paper jam in the printer");
        assert_eq!(self.classifier.classify(request).await?.label, "Hardware");
        Ok(())
    }
}

fn settings(params: &str) -> Settings {
    let yaml = format!(
        "helpdesk_local_classifier:\n  services:\n    models: {{ use: \"local-classifier:Classifier\", params: {params} }}\n"
    );
    Settings::yaml("the test's configuration", yaml).expect("YAML")
}

#[tokio::test(start_paused = true)]
async fn models_are_trained_before_anybody_asks_them() {
    let trial = Trial::new();
    let app = App::start_with(settings("{}"), trial.lifecycle())
        .await
        .expect("a start");
    assert!(app.stop().await.is_clean());
    trial.events().assert_order(&[
        "models built",
        "app:Asker build",
        "models started",
        "app:Asker started",
        "app:Asker stopped",
        "models stopped",
    ]);
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_not_there_ends_the_start_and_is_named() {
    let trial = Trial::new();
    let settings = settings("{ training: /nowhere/tickets.csv }");
    let error = App::start_with(settings, trial.lifecycle())
        .await
        .expect_err("there is no such file");
    let error = error.to_string();
    assert!(
        error.starts_with("cannot build `models` (plugin `local-classifier`)"),
        "{error}"
    );
    assert!(error.contains("/nowhere/tickets.csv"), "{error}");
    trial
        .events()
        .assert_never(&["app:Asker build", "models start"]);
}

#[tokio::test(start_paused = true)]
async fn a_training_that_hangs_is_named_and_given_up_after_its_deadline() {
    let trial = Trial::new().fault("models", Phase::Build, Fault::Hang);
    let error = App::start_with(settings("{}"), trial.lifecycle())
        .await
        .expect_err("a fault");
    let error = error.downcast_ref::<StartError>().expect("a failed start");
    assert!(matches!(error.failures[0].outcome, Outcome::TimedOut(_)));
    assert_eq!(error.never_reached, ["app:Asker"]);
    trial
        .events()
        .assert_order(&["models waiting", "models build failed"]);
}

#[tokio::test(start_paused = true)]
async fn a_start_that_fails_or_a_stop_that_fails_leaves_nothing_running() {
    let trial = Trial::new().fault("app:Asker", Phase::Start, Fault::error("no question"));
    App::start_with(settings("{}"), trial.lifecycle())
        .await
        .expect_err("a fault");
    trial
        .events()
        .assert_order(&["models started", "app:Asker start failed", "models stopped"]);

    let trial = Trial::new().fault("app:Asker", Phase::Stop, Fault::error("no answer"));
    let app = App::start_with(settings("{}"), trial.lifecycle())
        .await
        .expect("a start");
    assert_eq!(app.stop().await.failures().count(), 1);
    trial
        .events()
        .assert_order(&["app:Asker stop failed", "models stopped"]);
    assert_eq!(trial.events().count("models stopped"), 1);
}
