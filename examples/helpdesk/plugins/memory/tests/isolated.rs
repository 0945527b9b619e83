//! The plugin alone in an application: its life, and faults in it.

use helpdesk_api::{ClassificationRequest, Classifier, TicketSystem};
use treenail::testing::{Fault, Trial};
use treenail::{Phase, Settings};

treenail::compose!("isolated.toml");

fn settings() -> Settings {
    let yaml = r#"
helpdesk_memory:
  services:
    archive: { use: "memory:MemoryTicketSystem" }
    desk:
      use: "memory:MemoryTicketSystem"
      params: { tickets: [{ id: "7", subject: "VPN broken" }] }
      injects: { dep: archive }
    rules:
      use: "memory:StubClassificationService"
      params: { rules: [{ contains: vpn, label: Network, confidence: 1.0 }] }
"#;
    Settings::yaml("the test's configuration", yaml).expect("YAML")
}

#[tokio::test(start_paused = true)]
async fn it_answers_from_its_configuration_and_what_is_injected_outlives_who_asked_for_it() {
    let trial = Trial::new();
    let app = App::start_with(settings(), trial.lifecycle())
        .await
        .expect("a start");
    let desk = app.instance::<dyn TicketSystem>("desk").expect("a desk");
    let ticket = desk.get_ticket("7").await.expect("an answer");
    let subject = ticket.and_then(|ticket| ticket.subject);
    assert_eq!(subject.as_deref(), Some("VPN broken"));
    let rules = app.instance::<dyn Classifier>("rules").expect("rules");
    let request = ClassificationRequest::new("any", "the VPN is broken");
    let answer = rules.classify(request).await.expect("an answer");
    assert_eq!(answer.label, "Network");
    assert!(app.stop().await.is_clean());
    trial.events().assert_order(&[
        "archive started",
        "desk started",
        "desk stopped",
        "archive stopped",
    ]);
}

#[tokio::test(start_paused = true)]
async fn one_that_cannot_start_is_named_by_its_name_in_the_configuration() {
    let trial = Trial::new().fault("archive", Phase::Start, Fault::error("full"));
    let error = App::start_with(settings(), trial.lifecycle())
        .await
        .expect_err("a fault");
    let words = "cannot start `archive` (plugin `memory`): full";
    assert!(error.to_string().starts_with(words), "{error}");
    trial.events().assert_never(&["desk start"]);
}
