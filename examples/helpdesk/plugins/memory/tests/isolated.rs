//! The plugin alone in an application: its life, and faults in it.

use helpdesk_api::{ClassificationRequest, Classifier, TicketSystem};
use treenail::testing::{Fault, Trial};
use treenail::{Phase, Reloader, Settings};

treenail::compose!("isolated.toml");

const CONFIGURATION: &str = r#"
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

fn settings() -> Settings {
    yaml(CONFIGURATION)
}

fn yaml(text: &str) -> Settings {
    Settings::yaml("the test's configuration", text).expect("YAML")
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

#[tokio::test(start_paused = true)]
async fn it_takes_other_rules_while_it_works_and_its_old_ones_where_the_reload_fails() {
    let trial = Trial::new();
    let started = Reloader::<App>::start_with(settings(), trial.lifecycle()).await;
    let other = yaml(&CONFIGURATION.replace("label: Network", "label: Tunnel"));
    let reloader = started.expect("a start");
    drop(trial.events().take());
    let changes = reloader.reload(other.clone()).await.expect("accepted");
    assert_eq!(
        changes.to_string(),
        "reconfigure rules: `rules` changed\n2 components stay as they are"
    );
    assert_eq!(
        trial.events().take(),
        ["rules reconfigure", "rules reconfigured"]
    );

    let rules = reloader.load().instance::<dyn Classifier>("rules");
    let rules = rules.expect("the rules");
    let label = async || {
        let request = ClassificationRequest::new("any", "the VPN is broken");
        rules.classify(request).await.expect("an answer").label
    };
    assert_eq!(label().await, "Tunnel");
    trial.break_it("second", Phase::Start, Fault::error("full"));
    let second = "  services:\n    second: { use: \"memory:MemoryTicketSystem\" }";
    let refused = reloader
        .reload(yaml(&CONFIGURATION.replacen("  services:", second, 1)))
        .await
        .expect_err("a fault");
    let words = "cannot start `second` (plugin `memory`): full";
    assert!(refused.to_string().starts_with(words), "{refused}");
    assert_eq!(label().await, "Tunnel", "what it had before");
    assert!(reloader.stop().await.is_clean());
}
