//! Downloads, from a hub that the test plays itself.

use std::error::Error as _;
use std::path::Path;

use helpdesk_api::{Classification, ClassificationRequest, Classifier, Error, ErrorKind};
use helpdesk_fakes::{Encoder, Reply, Seen, Server, TinyModel};
use helpdesk_hf_local::{Environment, HfClassificationConfig, HfClassificationService};
use tempfile::TempDir;
use treenail::Secret;

use crate::saved;

const MODEL: &str = "acme/tiny";
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const TOKEN: &str = "hf_secret";
const UNKNOWN: &str = "has no such model, or does not show it to this token";

/// A hub with one model.
fn hub(folder: &TempDir) -> Server {
    let root = folder.path().to_owned();
    Server::start(move |seen| file(&root, seen))
}

/// A file of the model as the hub gives it out; of a file that is not there it says so.
fn file(root: &Path, seen: &Seen) -> Reply {
    let name = seen.path().strip_prefix("/acme/tiny/resolve/main/");
    let bytes = name.map(|name| (name, std::fs::read(root.join(name))));
    let Some((name, Ok(bytes))) = bytes else {
        return Reply::text(404, "text/plain", "")
            .with("x-repo-commit", COMMIT)
            .with("x-error-code", "EntryNotFound");
    };
    let length = bytes.len().to_string();
    let body = if seen.method == "HEAD" {
        Vec::new()
    } else {
        bytes
    };
    let (status, headers) = (200, Vec::new());
    Reply::Whole {
        status,
        headers,
        body,
    }
    .with("etag", &format!("\"etag-of-{name}\""))
    .with("x-repo-commit", COMMIT)
    .with("x-linked-size", &length)
}

fn token(seen: &Seen) -> Option<&str> {
    seen.header("authorization")
}

/// A service that downloads from here into a folder of the test.
fn service(hub: &str, cache: &TempDir, environment: Environment) -> HfClassificationService {
    let config = HfClassificationConfig {
        endpoint: Some(hub.to_owned()),
        cache_dir: Some(cache.path().to_str().expect("a name").to_owned()),
        // Set, so that what this machine's own hub client has stored is not read.
        api_token: Some(Secret::from(TOKEN)),
        ..HfClassificationConfig::default()
    };
    HfClassificationService::new(config, environment)
}

async fn ask(service: &HfClassificationService, model: &str) -> Result<Classification, Error> {
    service
        .classify(ClassificationRequest::new(model, "the vpn is broken"))
        .await
}

/// What an error says, with its cause. No token is in it.
fn words(error: &Error) -> String {
    let cause = error.source().expect("a cause");
    assert!(!format!("{error:?} {error} {cause}").contains(TOKEN));
    cause.to_string()
}

fn folders() -> (TempDir, TempDir) {
    let cache = tempfile::tempdir().expect("a folder");
    (saved(&TinyModel::pointing(Encoder::DistilBert)), cache)
}

#[tokio::test]
async fn a_model_is_downloaded_once_with_the_token_and_then_comes_from_the_cache() {
    let (model, cache) = folders();
    let hub = hub(&model);
    let online = service(&hub.url(), &cache, Environment::default());
    let (first, second) = tokio::join!(ask(&online, MODEL), ask(&online, MODEL));
    assert_eq!(first.expect("an answer").label, "Network");
    assert_eq!(second.expect("an answer").label, "Network");

    let seen = hub.take();
    let bearer = format!("Bearer {TOKEN}");
    assert!(
        seen.iter().all(|seen| token(seen) == Some(&bearer)),
        "{seen:?}"
    );
    let mut loads: Vec<&str> = seen
        .iter()
        .filter(|seen| seen.method == "GET")
        .map(Seen::path)
        .collect();
    loads.sort_unstable();
    assert_eq!(
        loads,
        ["config.json", "model.safetensors", "tokenizer.json"]
            .map(|file| format!("/{MODEL}/resolve/main/{file}"))
    );

    // Without a hub, whether that is known beforehand or not.
    drop(hub);
    let nowhere = "http://127.0.0.1:9";
    let offline = Environment {
        offline: true,
        ..Environment::default()
    };
    for environment in [offline, Environment::default()] {
        let service = service(nowhere, &cache, environment);
        let answer = ask(&service, MODEL).await.expect("from the cache");
        assert_eq!(answer.label, "Network");
    }
}

#[tokio::test]
async fn the_token_of_a_request_goes_before_that_of_the_service() {
    let (model, cache) = folders();
    let hub = hub(&model);
    let service = service(&hub.url(), &cache, Environment::default());
    let mut request = ClassificationRequest::new(MODEL, "vpn");
    request.api_token = Some("of the request".into());
    service.classify(request).await.expect("an answer");
    let mut tokens = hub.take().into_iter();
    assert!(tokens.all(|seen| token(&seen) == Some("Bearer of the request")));
}

#[tokio::test]
async fn the_token_does_not_follow_to_where_the_hub_keeps_its_files() {
    let (model, cache) = folders();
    let root = model.path().to_owned();
    let weights = std::fs::read(root.join("model.safetensors")).expect("read");
    let length = weights.len().to_string();
    let store = Server::start(move |_| Reply::Whole {
        status: 200,
        headers: Vec::new(),
        body: weights.clone(),
    });
    let blob = format!("{}/blob?signature=abc", store.url());
    let hub = Server::start(move |seen| match file(&root, seen) {
        Reply::Whole { headers, .. } if seen.path().ends_with("/model.safetensors") => {
            let (status, body) = (302, Vec::new());
            let moved = Reply::Whole {
                status,
                headers,
                body,
            };
            moved.with("location", &blob).with("x-linked-size", &length)
        }
        other => other,
    });
    let service = service(&hub.url(), &cache, Environment::default());
    assert_eq!(
        ask(&service, MODEL).await.expect("an answer").label,
        "Network"
    );
    let seen = store.take();
    assert_eq!(seen.len(), 1);
    assert_eq!(token(&seen[0]), None);
}

#[tokio::test]
async fn what_is_not_in_the_cache_is_said_when_nothing_may_be_downloaded() {
    let (_, cache) = folders();
    let offline = Environment {
        offline: true,
        ..Environment::default()
    };
    let service = service("http://127.0.0.1:9", &cache, offline);
    let error = ask(&service, MODEL).await.expect_err("nothing there");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let cache = cache.path().display();
    assert_eq!(
        words(&error),
        format!(
            "`config.json` is not in the cache {cache}, and HF_HUB_OFFLINE forbids to download it"
        )
    );
}

#[tokio::test]
async fn a_hub_that_is_not_there_is_worth_another_try() {
    let (_, cache) = folders();
    let service = service("http://127.0.0.1:9", &cache, Environment::default());
    let error = ask(&service, MODEL).await.expect_err("no hub");
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    let words = words(&error);
    let start = "http://127.0.0.1:9 did not answer with `config.json`: ";
    assert!(
        words.starts_with(start) && words.contains("refused"),
        "{words}"
    );
}

#[tokio::test]
async fn what_a_hub_refuses_is_told_apart() {
    for (status, code, message, kind, expected) in [
        (404, "RepoNotFound", "", ErrorKind::NotFound, UNKNOWN),
        (401, "RepoNotFound", "", ErrorKind::NotFound, UNKNOWN),
        (
            401,
            "",
            "Invalid credentials",
            ErrorKind::Refused,
            "refuses the model to this token (status 401: Invalid credentials)",
        ),
        (
            403,
            "GatedRepo",
            "Ask for access first",
            ErrorKind::Refused,
            "refuses the model to this token (status 403: Ask for access first)",
        ),
        (
            429,
            "",
            "slowly",
            ErrorKind::Unavailable,
            "did not answer with `config.json`: status 429 slowly",
        ),
        (
            503,
            "",
            "later",
            ErrorKind::Unavailable,
            "did not answer with `config.json`: status 503 later",
        ),
    ] {
        let (_, cache) = folders();
        let hub = Server::start(move |_| {
            Reply::text(status, "text/plain", "")
                .with("x-error-code", code)
                .with("x-error-message", message)
        });
        let service = service(&hub.url(), &cache, Environment::default());
        let error = ask(&service, MODEL).await.expect_err(expected);
        assert_eq!(error.kind(), kind, "{expected}");
        assert_eq!(words(&error), format!("{} {expected}", hub.url()));
    }
}

#[tokio::test]
async fn a_download_that_breaks_off_is_no_model_and_is_made_again() {
    let (model, cache) = folders();
    let root = model.path().to_owned();
    let broken = Server::start(move |seen| match file(&root, seen) {
        Reply::Whole { body, .. }
            if seen.path().ends_with("/model.safetensors") && !body.is_empty() =>
        {
            Reply::Cut(body[..body.len() / 2].to_vec())
        }
        other => other,
    });
    let first = service(&broken.url(), &cache, Environment::default());
    let error = ask(&first, MODEL).await.expect_err("half a model");
    let words = words(&error);
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{words}");
    assert!(
        words.contains("did not answer with `model.safetensors`"),
        "{words}"
    );

    let hub = hub(&model);
    let second = service(&hub.url(), &cache, Environment::default());
    assert_eq!(
        ask(&second, MODEL).await.expect("an answer").label,
        "Network"
    );
}
