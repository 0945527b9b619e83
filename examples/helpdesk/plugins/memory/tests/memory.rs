//! The components of `memory` as their users see them.

use helpdesk_api::{
    ClassificationRequest, Classifier, Entity, ErrorKind, Note, SearchCriteria, Ticket,
    TicketSystem,
};
use helpdesk_memory::{MemoryConfig, MemoryTicketSystem, StubClassificationService, StubConfig};
use serde_json::json;

#[tokio::test]
async fn tickets_are_made_found_changed_and_noted() {
    let params = json!({
        "tickets": [
            {"id": "1", "subject": "a", "queue": {"name": "Inbox"}},
            {"id": "x", "subject": "b", "queue": {"name": "Inbox"}},
        ],
        "base_url": "of another ticket system",
    });
    let config: MemoryConfig = serde_json::from_value(params).expect("parameters");
    let desk = MemoryTicketSystem::with(config.tickets);
    let made = desk.create_ticket(Ticket::default()).await.expect("made");
    assert_eq!(made.id.as_deref(), Some("2"));
    let taken = desk.create_ticket(made).await.expect_err("the id is taken");
    assert_eq!(taken.kind(), ErrorKind::Invalid);

    let inbox = SearchCriteria {
        queue: Some(Entity::named("Inbox")),
        limit: 1,
        offset: 1,
    };
    let found = desk.find_tickets(inbox).await.expect("found");
    assert_eq!(
        found
            .iter()
            .map(|ticket| ticket.id.as_deref())
            .collect::<Vec<_>>(),
        [Some("x")]
    );

    let moved = Ticket {
        queue: Some(Entity::named("Network")),
        ..Ticket::default()
    };
    assert!(
        desk.update_ticket("x", moved.clone())
            .await
            .expect("an answer")
    );
    assert!(
        desk.add_note("x", Note::plain("s", "b"))
            .await
            .expect("an answer")
    );
    let ticket = desk
        .get_ticket("x")
        .await
        .expect("an answer")
        .expect("a ticket");
    assert_eq!(
        (ticket.queue, ticket.notes.map(|notes| notes.len())),
        (moved.queue, Some(1))
    );
    assert!(
        !desk
            .add_note("nobody's", Note::default())
            .await
            .expect("an answer")
    );
    assert_eq!(desk.get_ticket("nobody's").await.expect("an answer"), None);
}

#[tokio::test]
async fn the_first_rule_that_fits_decides() {
    let params = json!({"api_token": null, "rules": [
        {"model": "m", "contains": "vpn", "label": "Network", "confidence": 0.9},
        {"model": "m", "label": "Other", "confidence": 0.5},
    ]});
    let config: StubConfig = serde_json::from_value(params).expect("parameters");
    let classifier = StubClassificationService::with(config);
    for (model, text, label, confidence) in [
        ("m", "My VPN!", "Network", 0.9),
        ("m", "My printer", "Other", 0.5),
        ("n", "My VPN!", "unknown", 0.0),
    ] {
        let answer = classifier
            .classify(ClassificationRequest::new(model, text))
            .await
            .expect("an answer");
        assert_eq!(
            (answer.label.as_str(), answer.confidence),
            (label, confidence)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_takes_as_long_as_the_configuration_says() {
    for (params, takes) in [(json!({}), 0), (json!({"takes": "25ms"}), 25)] {
        let config: StubConfig = serde_json::from_value(params).expect("parameters");
        let classifier = StubClassificationService::with(config);
        let begun = tokio::time::Instant::now();
        let request = ClassificationRequest::new("m", "My VPN!");
        classifier.classify(request).await.expect("an answer");
        assert_eq!(begun.elapsed().as_millis(), takes);
    }
}
