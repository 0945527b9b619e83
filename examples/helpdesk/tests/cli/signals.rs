//! A helpdesk that is asked to end while something keeps it from ending.

use std::time::{Duration, Instant};

use crate::folder::Folder;
use crate::killed::{Desk, filled, log, store, wait_for_log};

/// One cycle after the other, as fast as it can.
const RESTLESS: &str = r#"
open_ticket_ai:
  lifecycle: { total: { stop: 500ms } }
  orchestrator:
    use: "base:SimpleSequentialOrchestrator"
    params:
      orchestrator_sleep: 0ms
      steps:
        - { id: one, use: "base:ExpressionPipe", params: { expression: 1 } }
"#;

/// A helpdesk in a step that does not go on, because nobody reads what it prints.
fn blocked(folder: &Folder) -> Desk {
    std::fs::write(folder.0.join("c.yml"), RESTLESS).expect("written");
    let desk = Desk::start(folder, &["run", "--watch", "-c", "c.yml"]);
    wait_for_log(folder, "step ended");
    let (mut length, mut same) = (0, 0);
    while same < 4 {
        let now = log(folder).len();
        same = if now == length { same + 1 } else { 0 };
        length = now;
        std::thread::sleep(Duration::from_millis(250));
    }
    desk
}

#[test]
fn a_step_that_blocks_its_thread_does_not_keep_the_helpdesk_from_ending() {
    let folder = Folder::new("blocked");
    let mut desk = blocked(&folder);
    desk.signal("-TERM");
    let begun = Instant::now();
    // Its standard output stays open, and nobody reads it.
    let status = desk.process.wait().expect("it ends");
    assert_eq!(status.code(), Some(1), "{}", log(&folder));
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert!(log(&folder).contains("did not end within "), "it says so");
}

#[test]
fn a_second_signal_ends_a_helpdesk_whose_step_blocks_its_thread() {
    for (second, code) in [("-INT", 130), ("-TERM", 143)] {
        let folder = Folder::new("blocked-twice");
        let mut desk = blocked(&folder);
        desk.signal("-TERM");
        std::thread::sleep(Duration::from_millis(50));
        desk.signal(second);
        let status = desk.process.wait().expect("it ends");
        assert_eq!(status.code(), Some(code), "{}", log(&folder));
    }
}

#[test]
fn a_signal_while_it_starts_rolls_the_start_back_and_is_no_failure() {
    let folder = filled("early");
    let held = store(&folder);
    held.execute_batch("BEGIN EXCLUSIVE").expect("the lock");
    let desk = Desk::start(&folder, &["run"]);
    // It waits for the lock until after the test.
    wait_for_log(&folder, "begun component=\"tickets\" phase=build");
    desk.signal("-TERM");
    let (events, status) = desk.end();
    assert_eq!(status.code(), Some(0), "{}", log(&folder));
    let [stop] = &events[..] else {
        panic!("nothing else happened: {events:?}");
    };
    assert_eq!(
        (&stop["event"], &stop["ok"]),
        (&"stop".into(), &true.into())
    );
    assert!(!log(&folder).contains("phase=start"), "nothing has started");
}
