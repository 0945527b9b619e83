//! The plugin alone in an application: its life, its configuration, and what it reports.

use std::time::Duration;

use helpdesk_work::Work;
use rusqlite::Connection;
use treenail::{Settings, State};

treenail::compose!("isolated.toml");

const LEASE: Duration = Duration::from_secs(60);

async fn start(configuration: &str) -> treenail::Result<App> {
    let yaml = format!(
        "helpdesk_work_local:\n  components:\n    \"work-local:LocalWork\": {configuration}\n"
    );
    App::start(Settings::yaml("the test's configuration", &yaml)?).await
}

#[tokio::test]
async fn without_a_configuration_work_is_kept_in_memory() {
    let app = App::start(Settings::none()).await.expect("a start");
    let work = app.get::<dyn Work>();
    let claim = work
        .claim("k", "", LEASE)
        .await
        .expect("met")
        .expect("free");
    assert_eq!(work.claim("k", "", LEASE).await.expect("met"), None);
    work.done(&claim).await.expect("current");
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn a_configuration_that_cannot_be_met_is_refused_with_its_place() {
    for (configuration, words) in [
        ("{ attempts: 0 }", "attempts"),
        ("{ remember: soon }", "remember"),
        ("{ file: work.db }", "file"),
        (
            "{ path: /no/such/folder/work.db }",
            "/no/such/folder/work.db",
        ),
    ] {
        let error = start(configuration).await.expect_err("refused");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_file_that_another_program_has_locked_is_trouble_until_it_is_released() {
    let name = format!("helpdesk-work-trouble-{}.db", std::process::id());
    let path = std::env::temp_dir().join(name);
    let _ = std::fs::remove_file(&path);
    let configuration = format!("{{ path: '{}' }}", path.display());
    let app = start(&configuration).await.expect("a start");
    let work = app.get::<dyn Work>();
    let other = Connection::open(&path).expect("the same file");
    other.execute_batch("BEGIN EXCLUSIVE").expect("a lock");
    let error = work.claim("k", "", LEASE).await.expect_err("it is locked");
    assert!(error.is_transient(), "{error}");
    assert_eq!(
        app.health().troubles[0].to_string(),
        "work-local:LocalWork: recoverable (cannot claim work now: the store of work does not answer, \
         try again later: database is locked)"
    );
    other.execute_batch("ROLLBACK").expect("released");
    work.claim("k", "", LEASE)
        .await
        .expect("met")
        .expect("free");
    assert_eq!(app.health().state, State::Ok);
    assert!(app.stop().await.is_clean());
    drop(other);
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
}
