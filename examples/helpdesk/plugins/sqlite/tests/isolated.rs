//! The plugin alone in an application: its life, faults in it, and what it reports.

use helpdesk_api::{SearchCriteria, Ticket, TicketSystem};
use rusqlite::Connection;
use treenail::testing::{Fault, Trial};
use treenail::{Outcome, Phase, Settings, StartError, State};

treenail::compose!("isolated.toml");

/// A folder of its own with a store in it, gone at the end.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("helpdesk-isolated-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    fn store(&self) -> String {
        self.0.join("helpdesk.db").display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Two stores: one in memory, one in a file.
fn settings(file: &str) -> Settings {
    let yaml = format!(
        "helpdesk_sqlite:
  services:
    memory: {{ use: \"sqlite:Store\", params: {{ path: \":memory:\" }} }}
    tickets: {{ use: \"sqlite:Store\", params: {{ path: '{file}', seed: demo }} }}
"
    );
    Settings::yaml("the test's configuration", &yaml).expect("YAML")
}

#[tokio::test]
async fn a_store_is_opened_when_it_is_built_and_settled_when_it_stops() {
    let folder = Folder::new("life");
    let trial = Trial::new();
    let app = App::start_with(settings(&folder.store()), trial.lifecycle())
        .await
        .expect("a start");
    let tickets = app
        .instance::<dyn TicketSystem>("tickets")
        .expect("a store of this name");
    tickets
        .create_ticket(Ticket::default())
        .await
        .expect("a ticket");
    assert!(app.stop().await.is_clean());
    trial.events().assert_order(&[
        "tickets build",
        "tickets built",
        "tickets start",
        "tickets started",
        "tickets stop",
        "tickets stopped",
    ]);
    let files = std::fs::read_dir(&folder.0).expect("a folder");
    // The write-ahead log is empty: whoever copies the one file has it all.
    for file in files.flatten() {
        let name = file.file_name();
        let size = file.metadata().expect("a file").len();
        assert!(
            name == "helpdesk.db" || name == "helpdesk.db-shm" || size == 0,
            "{name:?} has {size} bytes"
        );
    }
}

#[tokio::test]
async fn a_store_that_cannot_start_is_named_and_the_other_one_is_stopped() {
    let folder = Folder::new("start");
    let fault = Fault::error("no more file handles");
    let trial = Trial::new().fault("tickets", Phase::Start, fault);
    let error = App::start_with(settings(&folder.store()), trial.lifecycle())
        .await
        .expect_err("a fault");
    let words = "cannot start `tickets` (plugin `sqlite`): no more file handles";
    assert!(error.to_string().starts_with(words), "{error}");
    trial
        .events()
        .assert_order(&["tickets start failed", "memory stopped"]);
    assert_eq!(trial.events().count("memory stopped"), 1);
    trial.events().assert_never(&["tickets started"]);
    assert_eq!(trial.unused_faults(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_is_named_and_given_up_after_its_deadline() {
    let trial = Trial::new().fault("memory", Phase::Start, Fault::Hang);
    let yaml = "helpdesk_sqlite:\n  services:\n    memory: { use: \"sqlite:Store\", params: { path: \":memory:\" } }\n";
    let settings = Settings::yaml("the test's configuration", yaml).expect("YAML");
    let error = App::start_with(settings, trial.lifecycle())
        .await
        .expect_err("a fault");
    let error = error.downcast_ref::<StartError>().expect("a failed start");
    let outcome = &error.failures[0].outcome;
    assert!(matches!(outcome, Outcome::TimedOut(_)), "{outcome}");
    trial
        .events()
        .assert_order(&["memory start", "memory waiting", "memory start failed"]);
}

#[tokio::test]
async fn a_store_that_cannot_stop_is_named_and_keeps_no_other_from_stopping() {
    let folder = Folder::new("stop");
    let trial = Trial::new().fault("tickets", Phase::Stop, Fault::panic("out of order"));
    let app = App::start_with(settings(&folder.store()), trial.lifecycle())
        .await
        .expect("a start");
    let report = app.stop().await;
    let failures: Vec<_> = report.failures().map(ToString::to_string).collect();
    assert_eq!(
        failures,
        ["`tickets` (plugin `sqlite`): panicked: out of order"]
    );
    assert_eq!(trial.events().count("memory stopped"), 1);
    assert_eq!(trial.events().count("tickets stop failed"), 1);
}

#[tokio::test]
async fn a_store_that_another_program_has_locked_is_in_trouble_until_it_is_released() {
    let folder = Folder::new("locked");
    let trial = Trial::new();
    let app = App::start_with(settings(&folder.store()), trial.lifecycle())
        .await
        .expect("a start");
    let tickets = app
        .instance::<dyn TicketSystem>("tickets")
        .expect("a store of this name");
    let other = Connection::open(folder.store()).expect("the same file");
    other.execute_batch("BEGIN EXCLUSIVE").expect("a lock");
    let error = tickets
        .create_ticket(Ticket::default())
        .await
        .expect_err("it is locked");
    assert!(error.kind().is_transient(), "{error}");
    let health = app.health();
    assert_eq!(health.state, State::Recoverable);
    assert_eq!(
        health.troubles[0].to_string(),
        "tickets: recoverable (cannot create a ticket: database is locked)"
    );
    other.execute_batch("ROLLBACK").expect("released");
    let found = tickets.find_tickets(SearchCriteria::default()).await;
    assert!(!found.expect("tickets").is_empty());
    assert_eq!(app.health().state, State::Ok);
    trial
        .events()
        .assert_order(&["tickets reported recoverable", "tickets reported ok"]);
    assert!(app.stop().await.is_clean());
    drop(other);
}
