//! A helpdesk that takes other configurations while it works: what it leaves alone, what it replaces, what it refuses.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use helpdesk_api::{Entity, Ticket};
use helpdesk_fakes::{Desk as Fake, Seen};
use serde_json::{Value, json};

use crate::folder::{Folder, text};
use crate::killed::{Desk, log, store, wait_for_log};

/// The tokens of the two addresses that the service has.
const TOKENS: [&str; 2] = ["hush-4711", "hush-4712"];
const FILE: &str = "desk.yml";

/// A configuration, as far as these tests change it.
#[derive(Clone)]
struct Configured {
    /// The addresses of the service.
    urls: [String; 2],
    /// Which of them is used.
    account: usize,
    /// How sure the classifier is.
    confidence: f64,
    /// How sure it has to be.
    threshold: f64,
    timeout: &'static str,
    /// A second job.
    second: bool,
    listen: bool,
    token: Option<&'static str>,
}

impl Configured {
    fn text(&self) -> String {
        let Self {
            confidence,
            threshold,
            timeout,
            ..
        } = self;
        let token = self.token.unwrap_or(TOKENS[self.account]);
        let listen = match self.listen {
            true => "\n    \"health:Endpoint\": { listen: \"127.0.0.1:0\" }",
            false => "",
        };
        let url = &self.urls[self.account];
        format!(
            r#"
open_ticket_ai:
  components:
    "http:Client": {{ timeout: {timeout} }}{listen}
  services:
    tickets:
      use: "zammad:ZammadTicketsystemService"
      params: {{ base_url: "{url}", access_token: "{token}" }}
    others: {{ use: "memory:MemoryTicketSystem" }}
    classifier:
      use: "memory:StubClassificationService"
      params: {{ rules: [{{ contains: VPN, label: Network, confidence: {confidence} }}] }}
  orchestrator:
    use: "base:SimpleSequentialOrchestrator"
    params:
      orchestrator_sleep: 1ms
      steps:
{routing}{second}"#,
            routing = job("routing", "tickets", *threshold),
            second = match self.second {
                true => job("second", "others", *threshold),
                false => String::new(),
            }
        )
    }

    fn write(&self, folder: &Folder) {
        write(folder, &self.text());
    }
}

fn write(folder: &Folder, text: &str) {
    std::fs::write(folder.0.join(FILE), text).expect("written");
}

/// A job that takes a ticket out of the inbox every millisecond.
fn job(id: &str, tickets: &str, threshold: f64) -> String {
    JOB.replace("JOB", id)
        .replace("TICKETS", tickets)
        .replace("THRESHOLD", &threshold.to_string())
}

const JOB: &str = r#"
        - id: JOB
          use: "base:SimpleSequentialRunner"
          params:
            on: { id: moment, use: "base:IntervalTrigger", params: { interval: 1ms } }
            run:
              id: route
              use: "base:CompositePipe"
              params:
                steps:
                  - id: fetch
                    use: "tickets:FetchTicketsPipe"
                    injects: { ticket_system: TICKETS }
                    params: { ticket_search_criteria: { queue: { name: Inbox }, limit: 1 } }
                  - id: ticket
                    use: "base:ExpressionPipe"
                    params:
                      expression: "{{ get_pipe_result('fetch', 'fetched_tickets') | first or fail('the inbox is empty') }}"
                  - id: queue
                    use: "tickets:ClassificationPipe"
                    injects: { classification_service: classifier }
                    params: { model_name: queue, text: "{{ get_pipe_result('ticket').subject }}" }
                  - id: update
                    use: "tickets:UpdateTicketPipe"
                    injects: { ticket_system: TICKETS }
                    params:
                      ticket_id: "{{ get_pipe_result('ticket').id }}"
                      updated_ticket:
                        queue: { name: "{{ get_pipe_result('queue', 'label') if get_pipe_result('queue', 'confidence') >= THRESHOLD else 'Triage' }}" }
                        notes: [{ subject: Routed, body: "by the helpdesk" }]
"#;

/// Tickets in the inbox of a service that answers at two addresses, each with a token of its own.
struct Service {
    fake: Fake,
    servers: [helpdesk_fakes::Server; 2],
}

impl Service {
    fn with(tickets: usize) -> Self {
        let ticket = |number: usize| Ticket {
            id: Some(number.to_string()),
            subject: Some(format!("VPN drops, {number}")),
            queue: Some(Entity::named("Inbox")),
            ..Ticket::default()
        };
        let fake = Fake::with(&(1..=tickets).map(ticket).collect::<Vec<_>>());
        let servers = TOKENS.map(|token| fake.zammad(token));
        Self { fake, servers }
    }

    fn configured(&self) -> Configured {
        Configured {
            urls: self.servers.each_ref().map(helpdesk_fakes::Server::url),
            account: 0,
            confidence: 0.9,
            threshold: 0.5,
            timeout: "30s",
            second: false,
            listen: false,
            token: None,
        }
    }

    fn seen(&self) -> Vec<Seen> {
        let seen = self.servers.iter().map(helpdesk_fakes::Server::seen);
        seen.flatten().collect()
    }

    fn in_the_inbox(&self) -> usize {
        let queue = |ticket: &Ticket| ticket.queue.as_ref().and_then(|queue| queue.name.clone());
        let tickets = self.fake.tickets();
        let inbox = tickets.iter().map(queue);
        inbox
            .filter(|name| name.as_deref() == Some("Inbox"))
            .count()
    }

    /// Every ticket was moved by one request, and noted by one.
    fn assert_once(&self) {
        let mut writes: BTreeMap<(String, String), usize> = BTreeMap::new();
        for seen in self.seen() {
            let ticket = match (seen.method.as_str(), seen.path()) {
                ("PUT", path) => path.rsplit('/').next().unwrap_or_default().to_owned(),
                ("POST", "/api/v1/ticket_articles") => seen.json()["ticket_id"].to_string(),
                _ => continue,
            };
            *writes.entry((seen.method, ticket)).or_default() += 1;
        }
        let tickets = self.fake.tickets();
        for ticket in &tickets {
            let id = ticket.id.clone().unwrap_or_default();
            for method in ["PUT", "POST"] {
                let times = writes.get(&(method.to_owned(), id.clone()));
                assert_eq!(times, Some(&1), "{method} of ticket {id}");
            }
            assert_eq!(ticket.notes.as_ref().map(Vec::len), Some(1), "ticket {id}");
        }
        assert_eq!(writes.len(), 2 * tickets.len());
    }
}

fn hang_up(desk: &mut Desk) -> Value {
    desk.signal("-HUP");
    desk.wait_for_event("reload")
}

/// What a reload changed, a line for each.
fn changed(reload: &Value) -> Vec<String> {
    assert_eq!(reload["ok"], true, "{reload}");
    let changed = reload["changed"].as_array().expect("a list");
    let word = |one: &Value, key: &str| one[key].as_str().expect("a word").to_owned();
    let lines = changed
        .iter()
        .map(|one| format!("{} {}", word(one, "what"), word(one, "component")));
    lines.collect()
}

#[test]
fn a_reload_replaces_what_is_configured_otherwise_and_leaves_the_rest_alone() {
    let (folder, service) = (Folder::new("reload"), Service::with(3));
    let first = service.configured();
    first.write(&folder);
    let mut desk = Desk::start(&folder, &["run", "--watch", "-c", FILE]);
    desk.wait_for_event("cycle");
    let again = hang_up(&mut desk);
    assert_eq!(changed(&again), [""; 0], "nothing is different");
    assert_eq!(
        (&again["generation"], &again["pipeline"]),
        (&2.into(), &Value::Null)
    );

    // Neither the job that there is, nor its interval, nor a connection.
    let mut next = Configured {
        second: true,
        ..first
    };
    next.write(&folder);
    let reload = hang_up(&mut desk);
    let lines = changed(&reload);
    assert!(
        lines
            .iter()
            .all(|line| line.starts_with("start orchestrator/second")),
        "{lines:?}"
    );
    assert!(lines.contains(&"start orchestrator/second/moment".to_owned()));
    assert_eq!(reload["pipeline"], "`orchestrator.params.steps` changed");

    next.threshold = 0.4;
    next.write(&folder);
    let reload = hang_up(&mut desk);
    assert_eq!(changed(&reload), [""; 0], "templates are the pipeline's");
    assert_eq!(reload["pipeline"], "`orchestrator.params.steps` changed");

    next.confidence = 0.8;
    next.write(&folder);
    assert_eq!(changed(&hang_up(&mut desk)), ["reconfigure classifier"]);
    let connections: BTreeSet<usize> = service.seen().iter().map(|seen| seen.connection).collect();
    assert_eq!(
        connections,
        BTreeSet::from([1]),
        "one goes on over all of that"
    );

    next.timeout = "20s";
    next.write(&folder);
    assert_eq!(changed(&hang_up(&mut desk)), ["overlap http:Client"]);

    next.account = 1;
    next.write(&folder);
    assert_eq!(
        changed(&hang_up(&mut desk)),
        [
            "overlap tickets",
            "recreate orchestrator/routing/route/fetch",
            "recreate orchestrator/routing/route/update"
        ]
    );
    next.second = false;
    next.write(&folder);
    let lines = changed(&hang_up(&mut desk));
    assert!(
        lines
            .iter()
            .all(|line| line.starts_with("stop orchestrator/second")),
        "{lines:?}"
    );
    desk.signal("-TERM");
    let (_, status) = desk.end();
    let log = log(&folder);
    assert_eq!(status.code(), Some(0), "{log}");
    for words in [
        "reload: overlap component=\"tickets\" because=\"`access_token`, `base_url` changed\"",
        "reload: replace the pipeline because=",
        "reloaded generation=8 took=",
    ] {
        assert!(log.contains(words), "no {words} in {log}");
    }
    assert!(TOKENS.iter().all(|token| !log.contains(token)), "{log}");
}

#[test]
fn a_plan_says_what_a_reload_would_do_and_touches_nothing() {
    let (folder, service) = (Folder::new("plan"), Service::with(0));
    let first = service.configured();
    first.write(&folder);
    let next = Configured {
        account: 1,
        threshold: 0.4,
        ..first
    };
    std::fs::write(folder.0.join("next.yml"), next.text()).expect("written");
    let output = folder.run(&["reload", "--plan", "next.yml", "-c", FILE]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(
        text(&output.stdout),
        "overlap tickets: `access_token`, `base_url` changed\n\
         recreate orchestrator/routing/route/fetch: `tickets` changed: `access_token`, `base_url`\n\
         recreate orchestrator/routing/route/update: `tickets` changed: `access_token`, `base_url`\n\
         replace the pipeline: `orchestrator.params.steps` changed\n\
         10 components stay as they are\n"
    );
    let wrong = next.text().replace("zammad:Z", "zamad:Z");
    std::fs::write(folder.0.join("wrong.yml"), wrong).expect("written");
    for arguments in [
        &["reload", "--plan", "wrong.yml", "-c", FILE][..],
        &["reload", "--plan", FILE, "-c", "wrong.yml"],
        &["reload", "--plan", "nowhere.yml"],
    ] {
        let output = folder.run(arguments);
        let talk = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{talk}");
        assert!(output.stdout.is_empty());
        assert!(talk.contains(if talk.contains("nowhere") {
            "cannot read `nowhere.yml`"
        } else {
            "did you mean `zammad:ZammadTicketsystemService`?"
        }));
    }
    assert_eq!(folder.run(&["reload"]).status.code(), Some(2));
    assert!(service.seen().is_empty());
}

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

#[test]
fn a_store_that_a_reload_puts_in_the_place_of_another_is_kept_from_other_helpdesks() {
    let folder = Folder::new("stores");
    let config = |store: &str| {
        let built_in = include_str!("../../config.yml");
        built_in.replace("\"helpdesk.db\"", &format!("\"{store}\""))
    };
    write(&folder, &config("one.db"));
    let mut desk = Desk::start(&folder, &["run", "--watch", "-c", FILE]);
    desk.wait_for("ended", "update");
    write(&folder, &config("two.db"));
    let lines = changed(&hang_up(&mut desk));
    assert_eq!(lines[0], "recreate tickets", "{lines:?}");
    assert!(
        !folder.0.join("one.db-wal").exists(),
        "the old one is settled"
    );
    desk.wait_for("ended", "update");
    let second = folder.run(&["run", "-c", FILE]);
    assert_eq!(second.status.code(), Some(1));
    let talk = text(&second.stderr);
    assert!(talk.contains("another helpdesk works on it"), "{talk}");
    // And back, to one that was left.
    write(&folder, &config("one.db"));
    assert_eq!(hang_up(&mut desk)["ok"], true);
    desk.wait_for("ended", "update");
    desk.signal("-TERM");
    let (events, status) = desk.end();
    assert_eq!(status.code(), Some(0), "{events:?}\n{}", log(&folder));
}

#[test]
fn a_hangup_while_it_starts_is_a_reload_once_it_has_started() {
    let folder = crate::killed::filled("hangup");
    write(&folder, include_str!("../../config.yml"));
    let held = store(&folder);
    held.execute_batch("BEGIN EXCLUSIVE").expect("the lock");
    let mut desk = Desk::start(&folder, &["run", "--watch", "-c", FILE]);
    wait_for_log(&folder, "begun component=\"tickets\" phase=build");
    desk.signal("-HUP");
    std::thread::sleep(Duration::from_millis(50));
    held.execute_batch("COMMIT").expect("it is let go");
    assert_eq!(desk.wait_for_event("reload")["generation"], 2);
    desk.signal("-TERM");
    assert_eq!(desk.end().1.code(), Some(0), "{}", log(&folder));
}

#[test]
fn people_are_told_what_a_reload_has_changed_and_why_it_was_refused() {
    let folder = Folder::new("told");
    let config = include_str!("../../config.yml");
    write(&folder, config);
    let said = std::fs::File::create(folder.0.join("said")).expect("a file");
    let mut process = folder
        .command(&["run", "--watch", "-c", FILE])
        .stdout(std::process::Stdio::null())
        .stderr(said)
        .spawn()
        .expect("it runs");
    let wait_for = |words: &str| {
        let begun = std::time::Instant::now();
        let said = || std::fs::read_to_string(folder.0.join("said")).expect("words");
        while !said().contains(words) {
            let waited = begun.elapsed();
            assert!(waited < Duration::from_secs(60), "no {words}: {}", said());
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    let signal = |name: &str| {
        let id = process.id().to_string();
        let kill = std::process::Command::new("kill")
            .args([name, &id])
            .status();
        assert!(kill.expect("kill").success());
    };
    wait_for("update ");
    write(&folder, &config.replace("\"helpdesk.db\"", "\"other.db\""));
    signal("-HUP");
    wait_for(
        "reloaded, generation 2\n  recreate tickets: `path` changed\n  \
         recreate orchestrator/routing/route/fetch: `tickets` changed: `path`\n",
    );
    write(&folder, &config.replace("sqlite:Store", "sqlite:Stone"));
    signal("-HUP");
    wait_for("did you mean `sqlite:Store`?");
    wait_for("error: the reload is refused, and nothing is changed\n");
    // A file without a seed's table: that shows when the store is built.
    write(&folder, &config.replace("\"demo\"", "\"nowhere.json\""));
    signal("-HUP");
    wait_for("error: the reload is refused: cannot build `tickets` (plugin `sqlite`)");
    wait_for("built again from the configuration of before: tickets, ");
    signal("-TERM");
    assert_eq!(process.wait().expect("it ends").code(), Some(0));
}
