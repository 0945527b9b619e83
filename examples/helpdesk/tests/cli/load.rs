//! A helpdesk that takes other configurations while it routes many tickets, some of them wrong.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::killed::{Desk, log, wait_for_log};
use crate::service::{Configured, FILE, Service, write};

/// Asks the health endpoint again and again, until it is told to end; gives how often it was asked.
fn probing(address: SocketAddr, is_over: &Arc<AtomicBool>) -> JoinHandle<usize> {
    let is_over = Arc::clone(is_over);
    std::thread::spawn(move || {
        let mut asked = 0;
        while !is_over.load(Ordering::SeqCst) {
            for path in ["/live", "/ready", "/status"] {
                let answer = ask(address, path);
                let status = answer.split(' ').nth(1).unwrap_or_default().to_owned();
                // What is being replaced is not ready.
                let is_well = status == "200" || (path == "/ready" && status == "503");
                assert!(is_well, "{path}: {answer}");
                asked += 1;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        asked
    })
}

fn ask(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream
        .write_all(format!("GET {path} HTTP/1.1\r\nhost: here\r\n\r\n").as_bytes())
        .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

fn address(folder: &Folder) -> SocketAddr {
    wait_for_log(folder, "answers probes address=");
    let log = log(folder);
    let rest = log
        .split_once("answers probes address=")
        .expect("it is there")
        .1;
    let address = rest.split_whitespace().next().expect("an address");
    address.parse().expect("an address")
}

#[test]
fn under_load_no_reload_loses_a_ticket_or_cuts_a_step_and_probes_are_answered_all_the_time() {
    const RELOADS: usize = 10;
    let (folder, service) = (Folder::new("load"), Service::with(100));
    let first = Configured {
        listen: true,
        ..service.configured()
    };
    first.write(&folder);
    let mut desk = Desk::start(&folder, &["run", "--watch", "-c", FILE]);
    let is_over = Arc::new(AtomicBool::new(false));
    let probes = probing(address(&folder), &is_over);
    let mut steps = Steps::default();
    let mut accepted = 0;
    for number in 0..RELOADS {
        // In the middle of a ticket.
        steps.read_to(&mut desk, |event| {
            event["event"] == "started" && event["step"] == "update"
        });
        let next = Configured {
            account: number % 2,
            confidence: [0.9, 0.8, 0.7][number % 3],
            second: number % 4 == 1,
            ..first.clone()
        };
        let is_wrong = number % 5 > 2;
        match number % 5 {
            3 => write(&folder, &next.text().replace("zammad:Z", "zamad:Z")),
            // No header can have it: that shows when the service is built.
            4 => Configured {
                token: Some("two\\nlines"),
                ..next
            }
            .write(&folder),
            _ => next.write(&folder),
        }
        desk.signal("-HUP");
        let reload = steps.read_to(&mut desk, |event| event["event"] == "reload");
        assert_eq!(reload["ok"], !is_wrong, "{reload}");
        accepted += u64::from(!is_wrong);
        let expected = match is_wrong {
            true => Value::Null,
            false => json!(accepted + 1),
        };
        assert_eq!(reload["generation"], expected);
        // It works on.
        steps.read_to(&mut desk, |event| {
            event["event"] == "ended" && event["step"] == "update"
        });
    }
    while service.in_the_inbox() > 0 {
        steps.read_to(&mut desk, |event| event["event"] == "cycle");
    }
    is_over.store(true, Ordering::SeqCst);
    let asked = probes.join().expect("every probe was answered");
    assert!(asked > RELOADS, "{asked}");
    desk.signal("-TERM");
    let (events, status) = desk.end();
    events.iter().for_each(|event| steps.see(event));
    assert_eq!(status.code(), Some(0), "{}", log(&folder));
    let stop = events.last().expect("events");
    assert_eq!(
        (&stop["ok"], &stop["changes"], &stop["failed_cycles"]),
        (&true.into(), &100.into(), &0.into()),
        "{stop}"
    );
    assert_eq!(steps.under_way, BTreeSet::new(), "whatever began has ended");
    service.assert_once();
    let log = log(&folder);
    assert!(
        log.contains("`access_token` has characters that no token has"),
        "{log}"
    );
    assert!(
        log.contains("built again from the configuration of before"),
        "{log}"
    );
}

/// The steps that have begun and not ended.
#[derive(Default)]
struct Steps {
    under_way: BTreeSet<String>,
}

impl Steps {
    fn see(&mut self, event: &Value) {
        let path = event["path"].as_str().unwrap_or_default().to_owned();
        match event["event"].as_str() {
            Some("started") => assert!(self.under_way.insert(path), "it began twice: {event}"),
            Some("ended") => {
                assert!(self.under_way.remove(&path), "it had not begun: {event}");
                assert_ne!(event["outcome"], "cancelled", "{event}");
            }
            _ => {}
        }
    }

    fn read_to(&mut self, desk: &mut Desk, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let event = desk.next().expect("it goes on");
            self.see(&event);
            if is_it(&event) {
                return event;
            }
        }
    }
}
