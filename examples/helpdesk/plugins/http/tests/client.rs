//! The client against servers on loopback: what is sent again, what is not, and what is said of it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use helpdesk_api::SecretString;
use helpdesk_fakes::{Log, Reply, Server, troubles};
use helpdesk_http::{Client, ClientConfig};
use helpdesk_http_client::{Fault, HeaderValue, Http, Method, Request, Trust, header};
use serde_json::json;

const SECRET: &str = "hush-4711";
const LIMIT: u32 = 100_000;

fn client() -> Client {
    Client::new(ClientConfig {
        backoff: Duration::from_millis(1).into(),
        read_timeout: Duration::from_millis(300).into(),
        longest_backoff: Duration::from_secs(2).into(),
        retries: 2,
        response_limit: LIMIT,
        proxy: false,
        ..ClientConfig::default()
    })
}

fn request(method: Method, url: &str) -> Request {
    let secret = SecretString::from(SECRET);
    let mut token = HeaderValue::from_static("Token token=hush-4711");
    token.set_sensitive(true);
    Request::new(method, url.parse().expect("an address"))
        .header(header::AUTHORIZATION, token)
        .json(&json!({"Password": SECRET}))
        .hide(&secret)
}

#[tokio::test]
async fn every_trouble_is_an_error_of_its_kind_and_only_what_is_harmless_is_sent_again() {
    let log = Log::everything();
    for trouble in troubles() {
        let reply = Arc::clone(&trouble.reply);
        let server = Server::start(move |seen| reply(seen));
        for (method, sent) in [(Method::PUT, 3), (Method::POST, 1)] {
            let url = format!(
                "{}/api?token={SECRET}",
                server.url().replace("//", "//ada:pw@")
            );
            let request = request(method, &url);
            let answer = client().send(request).await;
            let Ok(answer) = answer else {
                let error = answer.expect_err("an error");
                let said = format!("{error} {error:?}");
                let name = trouble.name;
                assert_eq!(error.fault(), trouble.fault, "{name}: {said}");
                assert_eq!(error.is_transient(), trouble.transient, "{name}: {said}");
                assert_eq!(error.may_have_arrived(), trouble.doubtful, "{name}: {said}");
                let sent = if trouble.transient { sent } else { 1 };
                assert_eq!(error.attempts(), sent, "{name}: {said}");
                assert_eq!(server.take().len(), sent as usize, "{name}: {said}");
                assert!(said.contains("/api?token=***"), "{name}: {said}");
                assert!(
                    !said.contains(SECRET) && !said.contains("ada"),
                    "{name}: {said}"
                );
                continue;
            };
            // What is no JSON is found out when somebody reads it.
            assert_eq!(
                trouble.fault,
                Fault::Garbled,
                "{}: {answer:?}",
                trouble.name
            );
            server.take();
        }
    }
    let log = log.text();
    assert!(log.contains("sending again"), "{log}");
    for secret in [SECRET, "ada:", ":pw@"] {
        assert!(!log.contains(secret), "the log says {secret}:\n{log}");
    }
}

#[tokio::test]
async fn a_trouble_that_passes_is_survived() {
    let tries = AtomicU32::new(0);
    let server = Server::start(move |_| match tries.fetch_add(1, Ordering::Relaxed) {
        0 => Reply::CutByReset(b"{\"half".to_vec()),
        1 => Reply::json(503, &json!({})),
        _ => Reply::json(200, &json!({"ok": true})),
    });
    let answer = client()
        .send(request(Method::GET, &server.url()))
        .await
        .expect("an answer");
    assert_eq!(
        answer.json::<serde_json::Value>().expect("JSON"),
        json!({"ok": true})
    );
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_server_is_left_alone_as_long_as_it_asks_and_not_asked_again_if_that_is_too_long() {
    let moments = Arc::new(Mutex::new(Vec::new()));
    let asked = Arc::clone(&moments);
    let server = Server::start(move |seen| {
        asked
            .lock()
            .expect("one thread")
            .push(std::time::Instant::now());
        let pause = if seen.target == "/long" { "3600" } else { "1" };
        Reply::json(429, &json!({})).with("retry-after", pause)
    });
    let get = |path: &str| request(Method::GET, &format!("{}{path}", server.url()));
    let error = client()
        .send(get("/long"))
        .await
        .expect_err("too many requests");
    assert_eq!(
        (error.attempts(), error.pause()),
        (1, Some(Duration::from_secs(3600)))
    );
    assert!(
        error.to_string().contains("left alone for 3600 s"),
        "{error}"
    );
    let error = client()
        .send(get("/short"))
        .await
        .expect_err("too many requests");
    assert_eq!(error.attempts(), 3);
    let moments = moments.lock().expect("one thread");
    assert!(
        moments
            .windows(2)
            .skip(1)
            .all(|two| two[1] - two[0] >= Duration::from_secs(1))
    );
}

#[tokio::test]
async fn nobody_there_is_an_error_that_says_so_and_means_that_nothing_was_done() {
    let url = Server::start(|_| Reply::Silence).url();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let closed = format!("http://{}", nobody.local_addr().expect("an address"));
    drop(nobody);
    drop(url);
    let error = client()
        .send(request(Method::PUT, &closed))
        .await
        .expect_err("nobody is there");
    assert_eq!((error.fault(), error.attempts()), (Fault::Unreachable, 3));
    assert!(error.is_transient() && !error.may_have_arrived());
    assert!(
        error
            .to_string()
            .contains("no connection: Connection refused"),
        "{error}"
    );
    let error = client()
        .send(request(Method::PUT, "ftp://desk.invalid/"))
        .await;
    assert_eq!(error.expect_err("no HTTP").fault(), Fault::Unsendable);
}

#[tokio::test]
async fn a_certificate_has_to_fit_unless_one_is_named_or_none_is_wanted() {
    let server = Server::secure(|_| Reply::json(200, &json!({})));
    let file = std::env::temp_dir().join(format!("helpdesk-http-{}.pem", std::process::id()));
    std::fs::write(&file, server.certificate()).expect("written");
    let client = client();
    let error = client
        .send(request(Method::GET, &server.url()))
        .await
        .expect_err("unknown");
    assert_eq!(error.fault(), Fault::Untrusted, "{error}");
    assert!(!error.is_transient() && !error.may_have_arrived() && error.attempts() == 1);
    assert!(
        error.to_string().contains("no secure connection: "),
        "{error}"
    );
    assert!(server.seen().is_empty(), "nothing is said to a stranger");
    for trust in [Trust::File(file.clone()), Trust::Anyone] {
        let request = request(Method::GET, &server.url()).trust(trust);
        client.send(request).await.expect("an answer");
    }
    // The right certificate at the wrong name.
    let elsewhere = server.url().replace("localhost", "127.0.0.1");
    let wrong = request(Method::GET, &elsewhere).trust(Trust::File(file.clone()));
    assert_eq!(
        client.send(wrong).await.expect_err("another name").fault(),
        Fault::Untrusted
    );
    std::fs::remove_file(&file).expect("removed");
    let missing = request(Method::GET, &server.url()).trust(Trust::File("no.pem".into()));
    let error = client.send(missing).await.expect_err("no file");
    assert!(error.to_string().contains("cannot read no.pem"), "{error}");
}

#[tokio::test]
async fn a_redirect_is_followed_within_the_server_and_credentials_never_go_elsewhere() {
    let other = Server::start(|_| Reply::json(200, &json!({})));
    let elsewhere = other.url();
    let server = Server::start(move |seen| match seen.path() {
        "/old" => Reply::json(307, &json!({})).with("location", "/new"),
        "/away" => Reply::json(307, &json!({})).with("location", &elsewhere),
        "/round" => Reply::json(307, &json!({})).with("location", "/round"),
        _ => Reply::json(200, &json!({"you": seen.json()})),
    });
    let to = |path: &str| request(Method::POST, &format!("{}{path}", server.url()));
    let answer = client().send(to("/old")).await.expect("an answer");
    let answer: serde_json::Value = answer.json().expect("JSON");
    assert_eq!(answer["you"]["Password"], SECRET, "the body goes along");
    let error = client().send(to("/away")).await.expect_err("elsewhere");
    assert_eq!(error.fault(), Fault::Redirected);
    assert!(error.to_string().contains(&other.url()), "{error}");
    assert!(other.seen().is_empty());
    let error = client()
        .send(to("/round"))
        .await
        .expect_err("round and round");
    assert!(error.to_string().contains("more than 5 times"), "{error}");
}

#[tokio::test]
async fn an_answer_may_be_as_large_as_the_limit_and_no_larger() {
    let server = Server::start(|seen| {
        let bytes = seen.path()[1..].parse().expect("a number");
        Reply::text(200, "text/plain", &"0".repeat(bytes))
    });
    for (bytes, fits) in [(LIMIT, true), (LIMIT + 1, false)] {
        let request = request(Method::GET, &format!("{}/{bytes}", server.url()));
        assert_eq!(client().send(request).await.is_ok(), fits, "{bytes}");
    }
}

#[tokio::test]
async fn a_request_with_all_its_repetitions_keeps_to_its_time() {
    let server = Server::start(|_| Reply::Silence);
    let hurried = Client::new(ClientConfig {
        timeout: Duration::from_millis(250).into(),
        retries: 1000,
        backoff: Duration::from_millis(1).into(),
        proxy: false,
        ..ClientConfig::default()
    });
    let attempt = Some(Duration::from_millis(50));
    let request = request(Method::GET, &server.url()).timeout(attempt);
    let error = hurried.send(request).await.expect_err("silence");
    assert_eq!(error.fault(), Fault::Timeout);
    assert!(server.seen().len() <= 5, "{}", server.seen().len());
}

#[tokio::test]
async fn requests_share_a_connection() {
    let server = Server::start(|_| Reply::json(200, &json!({})));
    let client = client();
    for _ in 0..3 {
        client
            .send(request(Method::GET, &server.url()))
            .await
            .expect("an answer");
    }
    assert!(server.seen().iter().all(|seen| seen.connection == 1));
}
