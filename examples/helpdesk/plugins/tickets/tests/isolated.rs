//! The plugin alone in an application, with doubles for what its pipes ask for: its life, and faults in it.

use treenail::testing::{Fault, Trial};
use treenail::{Outcome, Phase, Settings, StartError};

mod doubles;

use doubles::Desk;

treenail::compose!("isolated.toml");

// A step of a pipeline is named by its path in the configuration.

fn settings() -> Settings {
    let yaml = r#"
app:
  orchestrator:
    use: "base:CompositePipe"
    params:
      steps:
        - { id: fetch, use: "tickets:FetchTicketsPipe", params: { ticket_search_criteria: { limit: 1 } } }
        - id: queue
          use: "tickets:ClassificationPipe"
          params: { model_name: queue, text: "{{ (get_pipe_result('fetch', 'fetched_tickets') | first).subject }}" }
        - id: update
          use: "tickets:UpdateTicketPipe"
          params: { ticket_id: 1, updated_ticket: { queue: { name: "{{ get_pipe_result('queue', 'label') }}" } } }
"#;
    Settings::yaml("the test's configuration", yaml).expect("YAML")
}

#[tokio::test(start_paused = true)]
async fn the_pipes_work_between_the_services_that_they_ask_for() {
    let trial = Trial::new();
    let app = App::start_with(settings(), trial.lifecycle())
        .await
        .expect("a start");
    let pipeline = app.pipeline().expect("a pipeline");
    pipeline.run_cycles(1).await.expect("a cycle");
    assert_eq!(app.get::<Desk>().queues(), ["Network", "Inbox", "Inbox"]);
    assert!(app.stop().await.is_clean());
    trial.events().assert_order(&[
        "app:Desk built",
        "orchestrator/fetch built",
        "orchestrator/fetch started",
    ]);
    trial
        .events()
        .assert_order(&["orchestrator/update stopped", "app:Desk stopped"]);
    trial
        .events()
        .assert_order(&["orchestrator/queue stopped", "app:Oracle stopped"]);
}

#[tokio::test(start_paused = true)]
async fn a_pipe_that_cannot_start_is_named_and_everything_else_is_stopped_once() {
    let trial = Trial::new().fault("orchestrator/update", Phase::Start, Fault::error("no luck"));
    let error = App::start_with(settings(), trial.lifecycle())
        .await
        .expect_err("a fault");
    let words = "cannot start `orchestrator/update` (plugin `tickets`): no luck";
    assert!(error.to_string().starts_with(words), "{error}");
    trial
        .events()
        .assert_order(&["orchestrator/update start failed", "app:Desk stopped"]);
    assert_eq!(trial.events().count("app:Desk stopped"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_hangs_is_named_and_no_pipe_that_needs_it_starts() {
    let trial = Trial::new().fault("app:Oracle", Phase::Start, Fault::Hang);
    let error = App::start_with(settings(), trial.lifecycle())
        .await
        .expect_err("a fault");
    let error = error.downcast_ref::<StartError>().expect("a failed start");
    assert_eq!(error.failures[0].component, "app:Oracle");
    assert!(matches!(error.failures[0].outcome, Outcome::TimedOut(_)));
    trial.events().assert_order(&["app:Oracle waiting"]);
    trial.events().assert_never(&["orchestrator/queue start"]);
}

#[tokio::test(start_paused = true)]
async fn a_pipe_that_cannot_stop_keeps_no_service_from_stopping() {
    let trial = Trial::new().fault(
        "orchestrator/fetch",
        Phase::Stop,
        Fault::panic("out of order"),
    );
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
        ["`orchestrator/fetch` (plugin `tickets`): panicked: out of order"]
    );
    trial
        .events()
        .assert_order(&["orchestrator/fetch stop failed", "app:Desk stopped"]);
}
