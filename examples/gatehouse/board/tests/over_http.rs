//! The real board beside the list of a gatehouse.
#![cfg(unix)]

use std::fs;
use std::thread;
use std::time::Duration;

#[path = "../../tests/over_http/program.rs"]
#[expect(dead_code, reason = "the board has neither webhooks nor metrics")]
mod program;

use program::{TOKEN, Told};

/// What is tested.
const PROGRAM: &str = env!("CARGO_BIN_EXE_gatehouse-board");

const LINE: &str = "{\"number\":1,\"name\":\"Ada\",\"host\":\"Charles\",\"stage\":\"announced\"}\n";

/// A configuration, as this program has it.
fn configuration(told: &Told) -> String {
    format!(
        "board:
  components:
    \"http:Server\": {{ listen: \"{}\", token: \"{}\" }}
    \"file:Store\": {{ path: \"{}\" }}
    \"cache:Cache\": {{ refresh: 50ms }}
",
        told.listen, told.token, told.list
    )
}

#[test]
fn the_board_follows_the_list_and_cannot_change_it() {
    let told = Told::new("follows");
    fs::write(&told.list, LINE).expect("written");
    let board = told.listening();
    let waiting = board.ask("GET", "/visitors/1/arrival?within=8", Some(TOKEN), "");
    fs::write(
        &told.list,
        LINE.to_owned() + &LINE.replace("announced", "arrived"),
    )
    .expect("written");
    assert_eq!(waiting.answer().json()["stage"], "arrived");
    board.until("/visitors", |answer| answer.body.contains("arrived"));
    assert_eq!(board.post("/desk", LINE).status, 404);
    assert_eq!(board.get("/metrics").status, 404);
    assert_eq!(board.ask("GET", "/visitors", None, "").answer().status, 401);
    let left = board.stop();
    assert_eq!((left.code, &*left.out), (Some(0), ""), "{left:?}");
}

#[test]
fn whoever_waits_for_an_arrival_is_answered_when_the_board_stops() {
    let told = Told::new("waiting");
    fs::write(&told.list, LINE).expect("written");
    let board = told.listening();
    let waiting = board.ask("GET", "/visitors/1/arrival?within=3", Some(TOKEN), "");
    // That it was read shows nowhere.
    thread::sleep(Duration::from_millis(300));
    let left = board.stop();
    assert_eq!(waiting.answer().json()["stage"], "announced");
    assert_eq!(left.code, Some(0), "{left:?}");
}

#[test]
fn no_token_is_in_any_output_of_the_board() {
    let mut told = Told::new("secrets");
    told.log = "trace";
    let board = told.listening();
    let mut said = String::new();
    for path in [
        "/health/ready",
        "/admin/status",
        "/admin/report",
        "/visitors",
    ] {
        said += &board.get(path).body;
    }
    let left = board.stop();
    said += &left.err;
    said += &left.out;
    assert!(left.err.contains("TRACE"), "the log is on");
    assert!(!said.contains(TOKEN), "{said}");
}

#[test]
fn what_the_gatehouse_is_told_of_its_desk_is_a_mistake_of_the_board() {
    let left = Told::new("foreign")
        .with(&configuration(&Told::new("foreign")).replace("cache:Cache", "metrics:Counters"))
        .end();
    assert_eq!((left.code, &*left.out), (Some(1), ""), "{left:?}");
    assert!(
        left.err
            .contains("component `metrics:Counters` not found in this program"),
        "{left:?}"
    );
}
