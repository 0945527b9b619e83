//! The classifier as its users see it.

use helpdesk_api::{ClassificationRequest, Classifier, ErrorKind};
use helpdesk_local_classifier::{ClassifierConfig, LocalClassifier};

async fn shipped() -> LocalClassifier {
    let trained = LocalClassifier::train(ClassifierConfig::default()).await;
    trained.expect("trained from the table of the plugin")
}

#[tokio::test]
async fn typical_tickets_go_to_the_queue_a_person_would_choose() {
    let classifier = shipped().await;
    for (text, queue) in [
        ("VPN connection drops all the time", "Network"),
        ("I cannot log in, my password has expired", "Accounts"),
        (
            "Please refund the amount, the invoice was paid twice",
            "Billing",
        ),
        ("paper jam in the printer", "Hardware"),
        (
            "the application crashes with an error message after the update",
            "Software",
        ),
        ("the heating in our office is broken", "Facilities"),
        (
            "Ich habe mein Kennwort vergessen, Anmeldung nicht möglich",
            "Accounts",
        ),
        ("Netzwerkverbindung im Büro bricht ab", "Network"),
    ] {
        let request = ClassificationRequest::new("queue", text);
        let answer = classifier.classify(request).await.expect("an answer");
        assert_eq!(answer.label, queue, "{text}: {answer:?}");
        assert!(
            answer.confidence > 0.4 && answer.confidence <= 1.0,
            "{text}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn a_model_that_is_not_there_is_refused_with_those_that_are() {
    let request = ClassificationRequest::new("mood", "hello");
    let error = shipped()
        .await
        .classify(request)
        .await
        .expect_err("no such model");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(
        error.to_string(),
        "there is no model `mood`; this classifier has `priority`, `queue`"
    );
}

#[tokio::test]
async fn a_table_that_is_not_there_is_named() {
    let training = Some("/nowhere/tickets.csv".to_owned());
    let trained = LocalClassifier::train(ClassifierConfig { training }).await;
    let error = trained.err().expect("there is no such file");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("/nowhere/tickets.csv"));
}
