//! The service against endpoints on loopback: what it asks, what it makes of the answers, and every trouble of a server.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use helpdesk_api::{ClassificationRequest, Classifier, Error, ErrorKind};
use helpdesk_fakes::{Log, Reply, Server, troubles};
use helpdesk_hf_endpoint::{HfEndpoint, HfEndpointConfig};
use helpdesk_hf_token::Tokens;
use helpdesk_http::{Client, ClientConfig};
use helpdesk_http_client::{Fault, HttpError};
use serde_json::{Value, json};

const TOKEN: &str = "hf_hush-4711";
const RETRIES: u32 = 2;

/// A service with these parameters, in a process whose environment has a token.
fn service(params: &Value) -> HfEndpoint {
    let http = Client::new(ClientConfig {
        backoff: Duration::from_millis(1).into(),
        retries: RETRIES,
        proxy: false,
        ..ClientConfig::default()
    });
    let config: HfEndpointConfig = serde_json::from_value(params.clone()).expect("parameters");
    let tokens = Tokens {
        hf_token: Some("of the process".into()),
        ..Tokens::default()
    };
    HfEndpoint::new(Arc::new(http), config, tokens).expect("a service")
}

fn request() -> ClassificationRequest {
    ClassificationRequest::new("acme/tiny", "the \"vpn\" is broken")
}

/// An error with its causes.
fn said(error: &Error) -> String {
    format!("{error}: {}", error.source().expect("a cause"))
}

#[tokio::test]
async fn the_inference_api_is_asked_for_the_model_with_the_text_and_the_token() {
    let server = Server::start(|_| {
        let answer =
            json!([[{"label": "Hardware", "score": 0.25}, {"label": "Network", "score": 0.75}]]);
        Reply::json(200, &answer)
    });
    let url = format!("{}/models/{{model}}", server.url());
    let service = service(&json!({"url": url, "api_token": TOKEN}));
    let answer = service.classify(request()).await.expect("an answer");
    assert_eq!(
        (answer.label.as_str(), answer.confidence),
        ("Network", 0.75)
    );
    let seen = server.take();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        (seen[0].method.as_str(), seen[0].path()),
        ("POST", "/models/acme/tiny")
    );
    assert_eq!(
        seen[0].json(),
        json!({"inputs": "the \"vpn\" is broken", "parameters": {"truncation": true}})
    );
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(seen[0].header("authorization"), Some(bearer.as_str()));

    let mut with_token = request();
    with_token.api_token = Some("of the request".into());
    service.classify(with_token).await.expect("an answer");
    assert_eq!(
        server.take()[0].header("authorization"),
        Some("Bearer of the request")
    );
}

#[tokio::test]
async fn an_endpoint_with_one_model_is_asked_at_its_address_and_the_token_of_the_process_stays_here()
 {
    let server = Server::start(|_| Reply::json(200, &json!([{"label": "a", "score": 1}])));
    let service = service(&json!({"url": server.url(), "truncation": false}));
    let answer = service.classify(request()).await.expect("an answer");
    assert_eq!((answer.label.as_str(), answer.confidence), ("a", 1.0));
    let seen = server.take();
    assert_eq!(seen[0].path(), "/");
    assert_eq!(seen[0].json(), json!({"inputs": "the \"vpn\" is broken"}));
    assert_eq!(seen[0].header("authorization"), None);
}

#[tokio::test]
async fn an_answer_without_a_label_is_an_error() {
    for (answer, fault, words) in [
        (json!([]), Fault::Garbled, "it holds no label"),
        (json!([[]]), Fault::Garbled, "it holds no label"),
        (
            json!([{"label": "a", "score": 7}]),
            Fault::Garbled,
            "7 is no confidence",
        ),
        (json!({"label": "a"}), Fault::Garbled, ""),
        (
            json!({"error": "overheated"}),
            Fault::Declined,
            "overheated",
        ),
    ] {
        let reply = Reply::json(200, &answer);
        let server = Server::start(move |_| reply.clone());
        let service = service(&json!({"url": server.url()}));
        let error = service.classify(request()).await.expect_err("no label");
        let said = said(&error);
        assert!(
            said.starts_with("model `acme/tiny` gave no label: POST ") && said.contains(words),
            "{said}"
        );
        let cause = error
            .source()
            .and_then(|cause| cause.downcast_ref::<HttpError>());
        assert_eq!(cause.map(HttpError::fault), Some(fault), "{said}");
    }
}

#[tokio::test]
async fn a_model_that_is_being_loaded_is_asked_again() {
    let asked = std::sync::atomic::AtomicU32::new(0);
    let server = Server::start(move |_| {
        let before = asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        if before < RETRIES {
            Reply::json(
                503,
                &json!({"error": "Model acme/tiny is currently loading", "estimated_time": 20}),
            )
        } else {
            Reply::json(200, &json!([[{"label": "Network", "score": 0.9}]]))
        }
    });
    let service = service(&json!({"url": server.url()}));
    let answer = service.classify(request()).await.expect("an answer");
    assert_eq!(answer.label, "Network");
    assert_eq!(server.take().len(), 3);
}

#[tokio::test]
async fn every_trouble_of_a_server_is_a_typed_error_and_the_token_is_never_said() {
    let log = Log::everything();
    for trouble in troubles() {
        let reply = Arc::clone(&trouble.reply);
        let server = Server::start(move |seen| reply(seen));
        let service = service(&json!({"url": server.url(), "api_token": TOKEN, "timeout": 0.3}));
        let error = service.classify(request()).await.expect_err(trouble.name);
        let said = said(&error);
        assert_eq!(
            error.kind().is_transient(),
            trouble.transient,
            "{}: {said}",
            trouble.name
        );
        let cause = error
            .source()
            .and_then(|cause| cause.downcast_ref::<HttpError>());
        assert_eq!(
            cause.map(HttpError::fault),
            Some(trouble.fault),
            "{}: {said}",
            trouble.name
        );
        let attempts = if trouble.transient { 1 + RETRIES } else { 1 };
        assert_eq!(
            server.take().len(),
            attempts as usize,
            "{}: {said}",
            trouble.name
        );
        assert!(
            !said.contains("hush") && !format!("{error:?}").contains("hush"),
            "{said}"
        );
    }
    let log = log.text();
    let leaks: Vec<_> = log.lines().filter(|line| line.contains("hush")).collect();
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_before_anything_is_sent() {
    let server = Server::start(|_| Reply::json(200, &json!([])));
    let url = format!("{}/models/{{model}}", server.url());
    let service = service(&json!({"url": url, "api_token": "line\nbreak"}));
    let error = service.classify(request()).await.expect_err("a bad token");
    assert!(
        said(&error).contains("no header may have"),
        "{}",
        said(&error)
    );
    let elsewhere = ClassificationRequest::new("../../api/whoami-v2", "text");
    let error = service.classify(elsewhere).await.expect_err("a bad name");
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(server.take().is_empty());
}
