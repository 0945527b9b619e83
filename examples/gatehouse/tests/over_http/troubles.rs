//! How the gatehouse ends, what keeps it from its start, and what it keeps to itself, whichever way it is put together: the program
//! by hand is held to these tests as well.

use std::fs;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::hook::hook;
use crate::program::{ADA, TOKEN, Told, WEBHOOK_TOKEN};

#[test]
fn a_request_under_way_ends_well_at_a_signal_and_new_ones_are_refused() {
    let hook = hook();
    let mut told = Told::new("graceful");
    told.webhooks = vec![hook.url.clone()];
    let gate = told.listening();
    gate.post("/desk", ADA);
    let idle = TcpStream::connect(&gate.address).expect("a connection");
    let arriving = gate.ask("POST", "/desk/1/arrive", Some(TOKEN), "");
    hook.request();
    gate.signal("TERM");
    while TcpStream::connect(&gate.address).is_ok() {
        thread::sleep(Duration::from_millis(5));
    }
    hook.answer.send("200 OK").expect("a hook");
    let arrived = arriving.answer();
    assert_eq!(
        (arrived.status, &arrived.json()["stage"]),
        (200, &json!("arrived"))
    );
    let left = gate.end();
    assert_eq!(left.code, Some(0), "{left:?}");
    assert!(
        fs::read_to_string(&told.list)
            .expect("a list")
            .contains("arrived")
    );
    drop(idle);
}

#[test]
fn a_second_signal_ends_at_once() {
    for (name, code) in [("TERM", 143), ("INT", 130)] {
        let hook = hook();
        let mut told = Told::new(&format!("second-{name}"));
        told.webhooks = vec![hook.url.clone()];
        let gate = told.listening();
        gate.post("/desk", ADA);
        let _arriving = gate.ask("POST", "/desk/1/arrive", Some(TOKEN), "");
        hook.request();
        gate.signal("TERM");
        while TcpStream::connect(&gate.address).is_ok() {
            thread::sleep(Duration::from_millis(5));
        }
        gate.signal(name);
        let left = gate.end();
        assert_eq!(left.code, Some(code), "{left:?}");
    }
}

#[test]
fn a_request_that_does_not_end_is_given_up_after_ten_seconds() {
    let gate = Told::new("given-up").listening();
    let mut half = TcpStream::connect(&gate.address).expect("a connection");
    half.write_all(b"POST /desk HTTP/1.1\r\nhost: gate\r\n")
        .expect("sent");
    // That it was read shows nowhere.
    thread::sleep(Duration::from_millis(300));
    let left = gate.stop();
    assert_eq!(left.code, Some(1), "{left:?}");
    assert!(left.err.contains("within 10s"), "{left:?}");
}

#[test]
fn without_its_metrics_the_program_runs_and_says_so() {
    let mut told = Told::new("metrics");
    told.metrics = Some("/nowhere/gatehouse.prom".to_owned());
    let gate = told.listening();
    assert_eq!(gate.post("/desk", ADA).status, 201);
    assert_eq!(gate.get("/health/ready").status, 200);
    assert_eq!(gate.get("/metrics").status, 404);
    let health = gate.get("/admin/health").body;
    assert!(
        health.contains("cannot write the metrics: No such file"),
        "{health}"
    );
    assert!(health.contains("permanent"), "{health}");
    assert_eq!(gate.stop().code, Some(0));
}

#[test]
fn no_token_is_in_any_output() {
    let hook = hook();
    let mut told = Told::new("secrets");
    told.log = "trace";
    told.webhooks = vec![hook.url.clone()];
    told.metrics = Some("/nowhere/gatehouse.prom".to_owned());
    let gate = told.listening();
    gate.post("/desk", ADA);
    let arriving = gate.ask("POST", "/desk/1/arrive", Some(TOKEN), "");
    hook.request();
    hook.answer.send("500 Oh").expect("a hook");
    let mut said = arriving.answer().body;
    for path in [
        "/admin/health",
        "/admin/status",
        "/admin/report",
        "/health/ready",
        "/metrics",
        "/visitors",
    ] {
        said += &gate.get(path).body;
    }
    // A request that is wrong shows what it has sent to nobody.
    said += &gate.post("/desk", TOKEN).body;
    let left = gate.stop();
    said += &left.err;
    said += &left.out;
    assert!(left.err.contains("TRACE"), "the log is on");
    for token in [TOKEN, WEBHOOK_TOKEN] {
        assert!(!said.contains(token), "{said}");
    }
}

#[test]
fn a_mistake_of_the_configuration_is_told_without_the_token() {
    let mut told = Told::new("mistake");
    told.listen = "localhost".to_owned();
    let left = told.run().end();
    assert_eq!(left.code, Some(1), "{left:?}");
    assert!(
        left.err.contains("localhost") || left.err.contains("socket address"),
        "{left:?}"
    );
    told.listen = "127.0.0.1:0".to_owned();
    told.token = format!("{TOKEN}\", more: \"{TOKEN}");
    let left = told.run().end();
    assert_eq!(left.code, Some(1), "{left:?}");
    assert!(left.err.contains("more"), "{left:?}");
    assert!(!left.err.contains(TOKEN) && left.out.is_empty(), "{left:?}");
}

#[test]
fn a_token_that_is_no_text_is_not_shown() {
    let mut told = Told::new("no-text");
    told.token = "4711081547".to_owned();
    let number = crate::configuration(&told).replace("\"4711081547\"", "4711081547");
    let left = told.with(&number).end();
    assert_eq!((left.code, &*left.out), (Some(1), ""), "{left:?}");
    assert!(left.err.contains("text"), "{left:?}");
    assert!(!left.err.contains("4711081547"), "{left:?}");
}

#[test]
fn a_token_that_can_be_guessed_is_refused() {
    let mut told = Told::new("short-token");
    told.token = "hush".to_owned();
    let left = told.run().end();
    assert_eq!((left.code, &*left.out), (Some(1), ""), "{left:?}");
    assert!(
        left.err.contains("fewer than 8 letters") && !left.err.contains("hush"),
        "{left:?}"
    );
}

#[test]
fn a_port_that_is_taken_ends_the_start() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let mut told = Told::new("port-taken");
    told.listen = taken.local_addr().expect("an address").to_string();
    let left = told.run().end();
    assert_eq!((left.code, &*left.out), (Some(1), ""), "{left:?}");
    let why = format!("cannot listen on {}: Address already in use", told.listen);
    assert!(left.err.contains(&why), "{left:?}");
}

#[test]
fn a_list_that_cannot_be_kept_ends_the_start() {
    let mut told = Told::new("no-folder");
    told.list = "/nowhere/visitors.jsonl".to_owned();
    let left = told.run().end();
    assert_eq!((left.code, &*left.out), (Some(1), ""), "{left:?}");
    assert!(
        left.err
            .contains("cannot keep the list in /nowhere/visitors.jsonl: No such file"),
        "{left:?}"
    );
}
