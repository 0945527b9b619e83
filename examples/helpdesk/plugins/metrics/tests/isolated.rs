//! The plugin alone in an application, asked over a real socket. The numbers are those of the whole process, so each test counts
//! under a name of its own.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use helpdesk_metrics::Endpoint;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use treenail::{Reloader, Settings};

use prometheus::Numbers;

#[path = "isolated/prometheus.rs"]
mod prometheus;

treenail::compose!("isolated.toml");

/// The plugin configured with these lines.
fn settings(listen: &str) -> Settings {
    let yaml =
        format!("helpdesk_metrics:\n  components:\n    \"metrics:Endpoint\": {{ {listen} }}\n");
    Settings::yaml("the test's configuration", &yaml).expect("YAML")
}

async fn listening() -> (App, SocketAddr) {
    let app = App::start(settings("listen: \"127.0.0.1:0\"")).await;
    let app = app.expect("a start");
    let address = app.get::<Endpoint>().address().expect("an address");
    (app, address)
}

/// Sends this, and gives the head and the body of the answer.
async fn exchange(address: SocketAddr, request: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
    (head.to_owned(), body.to_owned())
}

async fn get(address: SocketAddr, path: &str) -> (String, String) {
    exchange(
        address,
        &format!("GET {path} HTTP/1.1\r\nhost: here\r\n\r\n"),
    )
    .await
}

async fn numbers(address: SocketAddr) -> Numbers {
    let (head, body) = get(address, "/metrics").await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert!(
        head.contains("content-type: text/plain; version=0.0.4; charset=utf-8"),
        "{head}"
    );
    prometheus::read(&body)
}

fn key(name: &str, labels: &[(&str, &str)]) -> (String, BTreeMap<String, String>) {
    let owned = |(label, value): &(&str, &str)| ((*label).to_owned(), (*value).to_owned());
    (name.to_owned(), labels.iter().map(owned).collect())
}

#[tokio::test]
async fn no_port_is_opened_unless_the_configuration_names_one() {
    for silent in ["", "listen: null"] {
        let app = App::start(settings(silent)).await.expect("a start");
        assert_eq!(app.get::<Endpoint>().address(), None);
        assert!(app.health().is_ready());
        assert!(app.stop().await.is_clean());
    }
}

#[tokio::test]
async fn what_is_counted_anywhere_is_shown_in_the_format_of_prometheus() {
    let (app, address) = listening().await;
    metrics::describe_counter!("shown_total", "Shown by\na test.");
    metrics::counter!("shown_total", "outcome" => "ok").increment(2);
    metrics::gauge!("shown_now").set(-1.5);
    for seconds in [0.0002, 0.02, 120.0] {
        metrics::histogram!("shown_seconds").record(seconds);
    }
    let numbers = numbers(address).await;
    let expected = [
        (key("shown_total", &[("outcome", "ok")]), 2.0),
        (key("shown_now", &[]), -1.5),
        (key("shown_seconds_bucket", &[("le", "0.0001")]), 0.0),
        (key("shown_seconds_bucket", &[("le", "0.0005")]), 1.0),
        (key("shown_seconds_bucket", &[("le", "60")]), 2.0),
        (key("shown_seconds_bucket", &[("le", "+Inf")]), 3.0),
        (key("shown_seconds_count", &[]), 3.0),
        (key("shown_seconds_sum", &[]), 120.0202),
    ];
    for (key, value) in expected {
        assert_eq!(numbers.get(&key), Some(&value), "{key:?} in {numbers:?}");
    }
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn every_component_is_in_one_state() {
    let (app, address) = listening().await;
    let numbers = numbers(address).await;
    let of = |state: &str| {
        let labels = [("component", "metrics:Endpoint"), ("state", state)];
        numbers[&key("helpdesk_component_state", &labels)]
    };
    assert_eq!(of("ok"), 1.0);
    let others = [
        "none",
        "starting",
        "recoverable",
        "permanent",
        "fatal",
        "stopping",
        "stopped",
    ];
    assert!(
        others.into_iter().all(|state| of(state) == 0.0),
        "{numbers:?}"
    );
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn the_page_has_the_numbers_without_a_script_and_nothing_from_elsewhere() {
    let (app, address) = listening().await;
    let labels = [("component", "paged:Step"), ("outcome", "paged")];
    metrics::counter!("helpdesk_steps_total", &labels).increment(4711);
    metrics::histogram!("helpdesk_step_seconds", "component" => "paged:Step").record(0.25);
    metrics::histogram!("helpdesk_step_seconds", "component" => "paged:Step").record(0.75);
    metrics::gauge!("helpdesk_dead_letters").set(3.0);
    let (head, page) = get(address, "/").await;
    assert!(
        head.contains("content-type: text/html; charset=utf-8"),
        "{head}"
    );
    let (told, _) = page.split_once("<script>").expect("a script");
    for words in [
        "<td>paged:Step<td>",
        "<td>4711<td>",
        "<td>500.0ms<td",
        "<output>3</output>",
        "paged <output></output> <small>4711 in all</small>",
        "<b class=\"ok\">ok</b>, 0 of 1 components in trouble",
        "<td>metrics:Endpoint<td>metrics<td class=\"ok\">ok",
        "<small>not counted yet</small>",
    ] {
        assert!(told.contains(words), "no {words} in {told}");
    }
    for foreign in ["://", "src=", "url(", "@import", "<link"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert!(page.contains("default-src 'none'"));
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn a_label_is_text_whatever_it_says() {
    let (app, address) = listening().await;
    let hostile = "</td><script>\"'&\\x\n# x 1";
    let labels = [("component", hostile), ("outcome", "ok")];
    metrics::counter!("helpdesk_steps_total", &labels).increment(1);
    let numbers = numbers(address).await;
    assert_eq!(numbers[&key("helpdesk_steps_total", &labels)], 1.0);
    let (_, page) = get(address, "/").await;
    assert_eq!(page.matches("<script>").count(), 1, "{page}");
    assert!(page.contains("<td>&lt;/td&gt;&lt;script&gt;&quot;'&amp;\\x\n# x 1<td>"));
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn a_reload_goes_on_counting_without_a_port_and_at_another_one() {
    const ANY: &str = "listen: \"127.0.0.1:0\"";
    let reloader = Reloader::<App>::start(settings(ANY)).await;
    let reloader = reloader.expect("a start");
    let address = || reloader.load().get::<Endpoint>().address();
    let first = address().expect("an address");
    let count = || metrics::counter!("reloaded_total").increment(1);
    count();
    reloader.reload(settings("")).await.expect("a reload");
    assert_eq!(address(), None);
    assert!(TcpStream::connect(first).await.is_err(), "it is closed");
    count();
    reloader.reload(settings(ANY)).await.expect("a reload");
    count();
    let numbers = numbers(address().expect("an address")).await;
    assert_eq!(numbers[&key("reloaded_total", &[])], 3.0);
    assert!(reloader.stop().await.is_clean());
}

#[tokio::test]
async fn a_port_that_is_taken_ends_the_start_with_its_address() {
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = taken.local_addr().expect("an address");
    let error = App::start(settings(&format!("listen: \"{address}\""))).await;
    let words = format!(
        "cannot start `metrics:Endpoint` (plugin `metrics`): cannot listen on {address}: Address already in use"
    );
    let error = format!("{:#}", error.expect_err("a failed start"));
    assert!(error.starts_with(&words), "{error}");
}

#[test]
fn what_is_no_address_is_a_mistake_of_the_configuration() {
    for (listen, words) in [
        ("listen: \"localhost\"", "socket address"),
        ("listen: 9090", "listen"),
        ("port: 9090", "unknown"),
    ] {
        let error = App::check(&settings(listen)).expect_err("a mistake");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[tokio::test]
async fn what_nobody_answers_is_told_what_there_is() {
    let (app, address) = listening().await;
    let (head, body) = get(address, "/metric").await;
    assert!(head.starts_with("HTTP/1.1 404 "), "{head}");
    assert_eq!(body, "{\"paths\":[\"/\",\"/metrics\"]}\n");
    for path in ["/", "/metrics", "/metric"] {
        let request = format!("POST {path} HTTP/1.1\r\ncontent-length: 0\r\n\r\n");
        let (head, body) = exchange(address, &request).await;
        assert!(head.starts_with("HTTP/1.1 405 "), "{head}");
        assert!(head.contains("allow: GET, HEAD"), "{head}");
        assert_eq!(body, "{\"allowed\":\"GET, HEAD\"}\n");
        let request = format!("HEAD {path} HTTP/1.1\r\nhost: here\r\n\r\n");
        assert_eq!(exchange(address, &request).await.1, "", "HEAD {path}");
    }
    assert!(app.stop().await.is_clean());
}
