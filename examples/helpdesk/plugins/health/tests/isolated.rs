//! The plugin alone in an application, asked over a real socket.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use helpdesk_health::Endpoint;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use treenail::{Component, Config, Deps, Handle, Secret, Settings};

treenail::compose!("isolated.toml");

/// Configuration of a [`Neighbour`].
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct NeighbourConfig {
    password: Secret,
}

/// Asks whether the application is ready while it starts, and while it stops.
pub struct Neighbour {
    endpoint: Arc<Endpoint>,
    handle: Arc<Handle>,
    password: Secret,
    answers: Mutex<Vec<(u16, Value)>>,
}

impl Neighbour {
    async fn ask(&self) {
        if let Some(address) = self.endpoint.address() {
            let answer = ask(address, "/ready").await;
            self.answers.lock().expect("no panic").push(answer);
        }
    }
}

impl Component for Neighbour {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            endpoint: deps.endpoint,
            handle: deps.handle,
            password: config.password,
            answers: Mutex::default(),
        })
    }

    async fn start(&self) -> treenail::Result<()> {
        self.ask().await;
        Ok(())
    }

    async fn stop(&self) -> treenail::Result<()> {
        self.ask().await;
        Ok(())
    }
}

/// The plugin configured with these lines.
async fn start(listen: &str) -> treenail::Result<App> {
    let yaml = format!(
        "helpdesk_health:
  components:
    \"health:Endpoint\": {{ {listen} }}
    \"app:Neighbour\": {{ password: hush-4711 }}
"
    );
    App::start(Settings::yaml("the test's configuration", &yaml)?).await
}

async fn listening() -> (App, SocketAddr) {
    let app = start("listen: \"127.0.0.1:0\"").await.expect("a start");
    let address = app.get::<Endpoint>().address().expect("an address");
    (app, address)
}

/// Sends this, and gives all that comes back.
async fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("sent");
    read(&mut stream).await
}

async fn read(stream: &mut TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    answer
}

async fn ask(address: SocketAddr, path: &str) -> (u16, Value) {
    let request = format!("GET {path} HTTP/1.1\r\nhost: here\r\n\r\n");
    let answer = exchange(address, &request).await;
    let status = answer.split(' ').nth(1).expect("a status");
    let body = answer.split_once("\r\n\r\n").expect("a body").1;
    let body = serde_json::from_str(body).expect("JSON");
    (status.parse().expect("a number"), body)
}

#[tokio::test]
async fn no_port_is_opened_unless_the_configuration_names_one() {
    for silent in ["", "listen: null"] {
        let app = start(silent).await.expect("a start");
        assert_eq!(app.get::<Endpoint>().address(), None);
        assert!(app.health().is_ready());
        assert!(app.stop().await.is_clean());
    }
}

#[tokio::test]
async fn readiness_follows_the_application_from_its_start_to_its_stop() {
    let (app, address) = listening().await;
    let neighbour = Arc::clone(app.get::<Neighbour>());
    let well = json!({"state": "ok", "components": 2, "troubles": []});
    assert_eq!(ask(address, "/ready").await, (200, well.clone()));
    assert_eq!(ask(address, "/live").await, (200, well));
    assert!(app.stop().await.is_clean());
    let answers = neighbour.answers.lock().expect("no panic");
    let states: Vec<_> = answers
        .iter()
        .map(|(status, body)| (*status, &body["state"]))
        .collect();
    assert_eq!(
        states,
        [(503, &json!("starting")), (503, &json!("stopping"))]
    );
}

#[tokio::test]
async fn who_is_in_trouble_is_named_with_the_reason_and_without_secrets() {
    let (app, address) = listening().await;
    let neighbour = app.get::<Neighbour>();
    let password = neighbour.password.expose().to_owned();
    let trouble = |state: &str| {
        json!([{
            "component": "app:Neighbour",
            "plugin": "app",
            "state": state,
            "reason": "refused with ***",
            "optional": false,
        }])
    };
    neighbour
        .handle
        .recoverable(format_args!("refused with {password}"));
    let (status, body) = ask(address, "/ready").await;
    assert_eq!((status, &body["troubles"]), (200, &trouble("recoverable")));

    neighbour
        .handle
        .permanent(format_args!("refused with {password}"));
    let (status, body) = ask(address, "/ready").await;
    assert_eq!((status, &body["troubles"]), (503, &trouble("permanent")));
    assert_eq!(ask(address, "/live").await.0, 200);

    neighbour
        .handle
        .fatal(format_args!("refused with {password}"));
    assert_eq!(ask(address, "/live").await.0, 503);
    let (status, body) = ask(address, "/status").await;
    assert_eq!((status, &body["state"]), (200, &json!("fatal")));
    assert!(!body.to_string().contains(&password), "{body}");
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn every_component_is_shown_with_its_state_and_since_when() {
    let (app, address) = listening().await;
    let since = |body: &Value, place: usize| -> jiff::Timestamp {
        let since = body["components"][place]["since"].as_str();
        since.expect("a time").parse().expect("a time")
    };
    let (_, before) = ask(address, "/status").await;
    let names: Vec<_> = app.status().into_iter().map(|one| one.component).collect();
    for (place, name) in names.iter().enumerate() {
        assert_eq!(before["components"][place]["component"], *name);
        assert_eq!(before["components"][place]["state"], "ok");
        assert!(since(&before, place) <= jiff::Timestamp::now());
    }
    tokio::time::sleep(Duration::from_millis(5)).await;
    app.get::<Neighbour>().handle.recoverable("slow");
    let (_, after) = ask(address, "/status").await;
    let place = names.iter().position(|name| name == "app:Neighbour");
    let place = place.expect("it is there");
    assert_eq!(after["components"][place]["reason"], "slow");
    assert!(since(&after, place) > since(&before, place), "{after}");
    assert_eq!(since(&after, 1 - place), since(&before, 1 - place));
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn a_port_that_is_taken_ends_the_start_with_its_address() {
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = taken.local_addr().expect("an address");
    let error = start(&format!("listen: \"{address}\"")).await.err();
    let words = format!(
        "cannot start `health:Endpoint` (plugin `health`): cannot listen on {address}: Address already in use"
    );
    let error = format!("{:#}", error.expect("a failed start"));
    assert!(error.starts_with(&words), "{error}");
}

#[test]
fn what_is_no_address_is_a_mistake_of_the_configuration() {
    for (listen, words) in [
        ("listen: \"localhost\"", "socket address"),
        ("listen: 8080", "listen"),
        ("port: 8080", "unknown"),
    ] {
        let yaml =
            format!("helpdesk_health:\n  components:\n    \"health:Endpoint\": {{ {listen} }}\n");
        let settings = Settings::yaml("the test's configuration", &yaml).expect("YAML");
        let error = App::check(&settings).expect_err("a mistake").to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[tokio::test]
async fn what_nobody_answers_is_told_what_there_is() {
    let (app, address) = listening().await;
    let (status, body) = ask(address, "/health").await;
    assert_eq!(
        (status, body),
        (404, json!({"paths": ["/live", "/ready", "/status"]}))
    );
    let refused = exchange(address, "POST /ready HTTP/1.1\r\ncontent-length: 0\r\n\r\n").await;
    assert!(refused.starts_with("HTTP/1.1 405 "), "{refused}");
    assert!(refused.contains("allow: GET, HEAD"), "{refused}");
    let head = exchange(address, "HEAD /ready?x HTTP/1.1\r\nhost: here\r\n\r\n").await;
    assert!(
        head.starts_with("HTTP/1.1 200 ") && head.ends_with("\r\n\r\n"),
        "{head}"
    );
    let garbage = exchange(address, "\u{16}\u{3}\u{1} hello\r\n\r\n").await;
    assert!(garbage.starts_with("HTTP/1.1 400 "), "{garbage}");
    assert_eq!(ask(address, "/ready").await.0, 200, "it goes on");
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn a_stop_lets_who_has_asked_have_the_answer_and_waits_for_nobody_else() {
    let (app, address) = listening().await;
    let silent = TcpStream::connect(address).await.expect("a connection");
    let mut asking = TcpStream::connect(address).await.expect("a connection");
    asking
        .write_all(b"GET /live HTTP/1.1\r\n")
        .await
        .expect("sent");
    assert_eq!(ask(address, "/live").await.0, 200, "all three are accepted");
    let begun = Instant::now();
    let (report, answer) = tokio::join!(app.stop(), async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        asking.write_all(b"host: here\r\n\r\n").await.expect("sent");
        read(&mut asking).await
    });
    assert!(report.is_clean(), "{report}");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(
        begun.elapsed() < Duration::from_secs(4),
        "{:?}",
        begun.elapsed()
    );
    drop(silent);
}

#[tokio::test]
async fn who_says_nothing_is_not_waited_for_long() {
    let (app, address) = listening().await;
    let mut silent = Vec::new();
    for _ in 0..64 {
        silent.push(TcpStream::connect(address).await.expect("a connection"));
    }
    assert_eq!(ask(address, "/ready").await.0, 200);
    for mut stream in silent {
        assert_eq!(read(&mut stream).await, "", "it is closed without a word");
    }
    assert!(app.stop().await.is_clean());
}
