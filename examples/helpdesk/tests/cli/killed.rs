//! A helpdesk that is asked to end, or killed, in the middle of its work: no ticket is handled twice, none is lost.
//!
//! A step is held in the middle by locking the store from here, so that the program waits inside its transaction until the
//! test lets it go on. Nothing depends on how fast anything is.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::Value;

use crate::folder::Folder;

/// So many of the demonstration's tickets begin in the inbox.
const INBOX: usize = 9;

/// The program at work, and the events that it prints.
pub(crate) struct Desk {
    pub(crate) process: Child,
    events: Lines<BufReader<ChildStdout>>,
}

impl Desk {
    /// Its log, with what happens to every component at the moment when it happens, goes to `desk.log`.
    pub(crate) fn start(folder: &Folder, arguments: &[&str]) -> Self {
        Self::of(folder, folder.command(arguments))
    }

    /// Its claims are not in the store, so that it can claim while the store is locked.
    fn with_claims_apart(folder: &Folder, arguments: &[&str]) -> Self {
        let mut command = folder.command(arguments);
        let path = "OPEN_TICKET_AI__COMPONENTS__WORK_LOCAL_LOCALWORK__PATH";
        command.env(path, folder.0.join("work.db"));
        Self::of(folder, command)
    }

    pub(crate) fn of(folder: &Folder, mut command: Command) -> Self {
        let log = std::fs::File::create(folder.0.join("desk.log")).expect("a log file");
        let mut process = command
            .args(["--format", "json"])
            .env(
                "RUST_LOG",
                "treenail=trace,helpdesk_health=info,helpdesk_metrics=info",
            )
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the program runs");
        let events = BufReader::new(process.stdout.take().expect("a pipe")).lines();
        Self { process, events }
    }

    /// The next event; `None` when the program has ended.
    pub(crate) fn next(&mut self) -> Option<Value> {
        let line = self.events.next()?.ok()?;
        // What was killed may have left half a line behind.
        serde_json::from_str(&line).ok()
    }

    /// Reads on to an event of a step.
    pub(crate) fn wait_for(&mut self, event: &str, step: &str) {
        while let Some(one) = self.next() {
            if one["event"] == event && one["step"] == step {
                return;
            }
        }
        panic!("the program ended before `{step}` {event}");
    }

    /// Reads on to an event that is no step's.
    pub(crate) fn wait_for_event(&mut self, event: &str) -> Value {
        while let Some(one) = self.next() {
            if one["event"] == event {
                return one;
            }
        }
        panic!("the program ended before `{event}`");
    }

    pub(crate) fn signal(&self, name: &str) {
        signal(&self.process, name);
    }

    /// The rest of the events, and how the program ended.
    pub(crate) fn end(mut self) -> (Vec<Value>, ExitStatus) {
        let mut rest = Vec::new();
        while let Some(event) = self.next() {
            rest.push(event);
        }
        (rest, self.process.wait().expect("it ends"))
    }

    pub(crate) fn kill(mut self) {
        self.process.kill().expect("SIGKILL");
        self.process.wait().expect("it ends");
    }
}

pub(crate) fn signal(process: &Child, name: &str) {
    let mut kill = Command::new("kill");
    let kill = kill.args([name, &process.id().to_string()]);
    assert!(kill.status().expect("kill").success());
}

pub(crate) fn log(folder: &Folder) -> String {
    std::fs::read_to_string(folder.0.join("desk.log")).unwrap_or_default()
}

pub(crate) fn wait_for_log(folder: &Folder, words: &str) {
    let begun = Instant::now();
    while !log(folder).contains(words) {
        let waited = begun.elapsed();
        assert!(
            waited < Duration::from_secs(60),
            "no `{words}`:\n{}",
            log(folder)
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub(crate) fn store(folder: &Folder) -> Connection {
    let store = Connection::open(folder.0.join("helpdesk.db")).expect("the store");
    store
        .busy_timeout(Duration::from_secs(60))
        .expect("a timeout");
    store
}

fn count(store: &Connection, of: &str) -> usize {
    let rows = format!("SELECT count(*) FROM {of}");
    let count: u32 = store
        .query_row(&rows, [], |row| row.get(0))
        .expect("a number");
    count as usize
}

/// The database is whole, every ticket is there, and each is either untouched in the inbox or routed with one note.
/// Gives how many have been routed.
fn assert_once(folder: &Folder) -> usize {
    let store = store(folder);
    let whole: String = store
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("an answer");
    assert_eq!(whole, "ok");
    let tickets = count(&store, "ticket");
    if tickets == 0 {
        // Killed before the one transaction that fills it.
        return 0;
    }
    assert_eq!(
        tickets,
        INBOX + 1,
        "one is in another queue from the beginning"
    );
    let wrong = "ticket WHERE position <= 9 AND (queue_name <> 'Inbox') <> \
                 (SELECT count(*) FROM note WHERE note.ticket = ticket.position)";
    assert_eq!(
        count(&store, wrong),
        0,
        "a ticket was handled by half, or twice"
    );
    INBOX - count(&store, "ticket WHERE queue_name = 'Inbox'")
}

/// Locks the store while the program is at work, and waits until the program waits for it: `update` is under way then.
fn hold<'s>(desk: &mut Desk, store: &'s Connection) -> (rusqlite::Transaction<'s>, usize) {
    desk.wait_for("started", "fetch");
    let lock =
        rusqlite::Transaction::new_unchecked(store, rusqlite::TransactionBehavior::Immediate)
            .expect("the lock");
    let routed = INBOX - count(store, "ticket WHERE queue_name = 'Inbox'");
    // The `update` of the first ticket that is not routed cannot end before the lock is gone.
    for _ in 0..=routed {
        desk.wait_for("started", "update");
    }
    (lock, routed)
}

/// A store with the demonstration in it.
pub(crate) fn filled(name: &str) -> Folder {
    let folder = Folder::new(name);
    assert!(folder.run(&["tickets"]).status.success());
    folder
}

#[test]
fn a_helpdesk_that_is_asked_to_end_finishes_its_step_and_stops_in_order() {
    for (signal, arguments) in [("-TERM", &["run", "--watch"][..]), ("-INT", &["run"])] {
        let folder = filled(&format!("asked{signal}"));
        let mut desk = Desk::with_claims_apart(&folder, arguments);
        let held = store(&folder);
        let (lock, routed) = hold(&mut desk, &held);
        desk.signal(signal);
        wait_for_log(&folder, "asked to end");
        assert!(
            desk.process.try_wait().expect("a process").is_none(),
            "it waits for its step"
        );
        drop(lock);
        let (events, status) = desk.end();
        assert_eq!(status.code(), Some(0), "{}", log(&folder));
        assert_eq!(
            (
                &events[0]["event"],
                &events[0]["step"],
                &events[0]["outcome"]
            ),
            (&"ended".into(), &"update".into(), &"ok".into()),
            "the step that was under way"
        );
        assert!(
            events.iter().all(|event| event["event"] != "started"),
            "no further step begins: {events:?}"
        );
        let stop = events.last().expect("events");
        assert_eq!(
            (&stop["event"], &stop["ok"], &stop["changes"]),
            (&"stop".into(), &true.into(), &(routed + 1).into())
        );
        assert_stopped_in_order(&folder);
        assert_eq!(assert_once(&folder), routed + 1);
        finish(&folder);
    }
}

/// Every component stopped once, and the store after the pipes that use it.
fn assert_stopped_in_order(folder: &Folder) {
    let log = log(folder);
    let stops: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("begun") && line.contains("phase=stop"))
        .filter_map(|line| line.split("component=\"").nth(1)?.split('"').next())
        .collect();
    let place = |component: &str| {
        let mut places = (0..stops.len()).filter(|place| stops[*place] == component);
        let first = places.next();
        assert_eq!(
            places.next(),
            None,
            "{component} was stopped twice: {stops:?}"
        );
        first.unwrap_or_else(|| panic!("{component} was not stopped: {stops:?}"))
    };
    let step = |id| place(&format!("orchestrator/routing/route/{id}"));
    let (fetch, queue) = (step("fetch"), step("queue"));
    let (priority, update) = (step("priority"), step("update"));
    assert!(fetch.max(update) < place("tickets"), "{stops:?}");
    assert!(queue.max(priority) < place("classifier"), "{stops:?}");
    let last_step = log.rfind("step ended").expect("steps");
    let first_stop = log.find("phase=stop").expect("stops");
    assert!(last_step < first_stop, "{log}");
}

/// Lets the program do the rest; then every ticket has been handled once.
fn finish(folder: &Folder) {
    let (events, status) = Desk::start(folder, &["run"]).end();
    assert_eq!(status.code(), Some(0), "{events:?}\n{}", log(folder));
    assert_eq!(assert_once(folder), INBOX);
}

#[test]
fn a_second_signal_ends_at_once_with_its_own_exit_status() {
    for (second, code) in [("-INT", 130), ("-TERM", 143)] {
        let folder = filled(&format!("second{second}"));
        let mut desk = Desk::with_claims_apart(&folder, &["run", "--watch"]);
        let held = store(&folder);
        let (lock, routed) = hold(&mut desk, &held);
        desk.signal("-TERM");
        wait_for_log(&folder, "asked to end");
        desk.signal(second);
        let (_, status) = desk.end();
        assert_eq!(status.code(), Some(code));
        drop(lock);
        assert_eq!(
            assert_once(&folder),
            routed,
            "what was not done is not done"
        );
        finish(&folder);
    }
}

#[test]
fn a_helpdesk_that_is_killed_anywhere_has_handled_every_ticket_once_or_not_at_all() {
    let places = [
        ("started", "fetch"),
        ("ended", "queue"),
        ("started", "update"),
        ("ended", "update"),
    ];
    let folder = Folder::new("killed");
    // While it opens and fills the store, some of the times.
    for pause in [1, 5, 20, 60] {
        let desk = Desk::start(&folder, &["run"]);
        std::thread::sleep(Duration::from_millis(pause));
        desk.kill();
        if folder.0.join("helpdesk.db").exists() && has_tables(&folder) {
            assert_once(&folder);
        }
    }
    let mut before = 0;
    for (event, step) in places {
        let mut desk = Desk::start(&folder, &["run", "--watch"]);
        desk.wait_for(event, step);
        desk.kill();
        let routed = assert_once(&folder);
        assert!(routed >= before, "what was done is done");
        before = routed;
    }
    finish(&folder);
}

fn has_tables(folder: &Folder) -> bool {
    count(&store(folder), "sqlite_schema WHERE name = 'note'") == 1
}

#[test]
fn a_helpdesk_that_is_killed_inside_a_transaction_leaves_nothing_of_it() {
    let folder = filled("inside");
    let mut desk = Desk::with_claims_apart(&folder, &["run", "--watch"]);
    let held = store(&folder);
    let (lock, routed) = hold(&mut desk, &held);
    desk.kill();
    drop(lock);
    assert_eq!(assert_once(&folder), routed);
    finish(&folder);
}

#[test]
fn a_note_with_an_id_is_not_added_again_where_a_configuration_has_a_step_of_its_own_for_it() {
    let folder = filled("two-steps");
    std::fs::write(folder.0.join("c.yml"), TWO_STEPS).expect("written");
    // Killed between the note and the change of the queue, more than once.
    for _ in 0..2 {
        let mut desk = Desk::start(&folder, &["run", "-c", "c.yml"]);
        desk.wait_for("ended", "note");
        desk.kill();
    }
    let (events, status) = Desk::start(&folder, &["run", "-c", "c.yml"]).end();
    assert_eq!(status.code(), Some(0), "{events:?}\n{}", log(&folder));
    assert_eq!(assert_once(&folder), INBOX);
}

const TWO_STEPS: &str = r#"
open_ticket_ai:
  services:
    tickets: { use: "sqlite:Store", params: { path: "helpdesk.db" } }
  orchestrator:
    use: "base:SimpleSequentialOrchestrator"
    params:
      steps:
        - id: route
          use: "base:CompositePipe"
          params:
            steps:
              - id: fetch
                use: "tickets:FetchTicketsPipe"
                injects: { ticket_system: tickets }
                params: { ticket_search_criteria: { queue: { name: "Inbox" }, limit: 1 } }
              - id: ticket
                use: "base:ExpressionPipe"
                params:
                  expression: "{{ get_pipe_result('fetch', 'fetched_tickets') | first or fail('the inbox is empty') }}"
              - id: note
                use: "tickets:AddNotePipe"
                injects: { ticket_system: tickets }
                params:
                  ticket_id: "{{ get_pipe_result('ticket').id }}"
                  note: { id: "routed", subject: "Routed", body: "" }
              - id: pause
                use: "base:ExpressionPipe"
                params: { expression: "{% for n in range(9999) %}{{ n }}{% endfor %}" }
              - id: update
                use: "tickets:UpdateTicketPipe"
                injects: { ticket_system: tickets }
                params:
                  ticket_id: "{{ get_pipe_result('ticket').id }}"
                  updated_ticket: { queue: { name: "Done" } }
"#;
