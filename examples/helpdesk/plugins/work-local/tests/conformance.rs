//! The plugin does what the contract says: in memory, in a file, and with a process that is killed.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use helpdesk_work::conformance::{
    ATTEMPTS, CASES, TestStore, agrees_with_the_model, be_killed, buries_what_kills, die_of_work,
    forgets_what_is_done, killed, takes_over,
};
use helpdesk_work::{Work, WorkError, async_trait};
use helpdesk_work_local::{LocalWork, LocalWorkConfig};
use rusqlite::Connection;
use tokio::runtime::Runtime;

/// In the environment of the other process: the file that it works on.
const SHARED: &str = "WORK_LOCAL_SHARED";

/// A folder of its own, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("helpdesk-work-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn config(path: Option<String>) -> LocalWorkConfig {
    LocalWorkConfig {
        path,
        attempts: ATTEMPTS.try_into().expect("not zero"),
        ..LocalWorkConfig::default()
    }
}

async fn open(path: Option<String>) -> Result<LocalWork, WorkError> {
    LocalWork::open(config(path)).await
}

/// A store in a file, which another program may have locked.
struct InFile {
    path: String,
    locked: Mutex<Option<Connection>>,
}

impl InFile {
    fn new(path: String) -> Self {
        Self {
            path,
            locked: Mutex::default(),
        }
    }
}

#[async_trait]
impl TestStore for InFile {
    async fn open(&self) -> Arc<dyn Work> {
        Arc::new(open(Some(self.path.clone())).await.expect("opened"))
    }

    async fn cut(&self) -> bool {
        let other = Connection::open(&self.path).expect("the same file");
        other.execute_batch("BEGIN EXCLUSIVE").expect("a lock");
        *self.locked.lock().expect("no panic") = Some(other);
        true
    }

    async fn mend(&self) {
        *self.locked.lock().expect("no panic") = None;
    }
}

/// A store in memory, which nobody else has.
struct InMemory(Arc<LocalWork>);

#[async_trait]
impl TestStore for InMemory {
    async fn open(&self) -> Arc<dyn Work> {
        Arc::clone(&self.0) as Arc<dyn Work>
    }
}

fn conforms(runtime: &Runtime, store: &dyn TestStore) {
    for (name, case) in CASES {
        println!("{name}");
        runtime.block_on(case(store));
    }
    agrees_with_the_model(runtime, store, 24);
}

#[test]
fn a_file_conforms() {
    let folder = Folder::new("conforms");
    let runtime = Runtime::new().expect("a runtime");
    conforms(&runtime, &InFile::new(folder.file("work.db")));
}

#[test]
fn memory_conforms() {
    let runtime = Runtime::new().expect("a runtime");
    let work = runtime.block_on(open(None)).expect("opened");
    conforms(&runtime, &InMemory(Arc::new(work)));
}

#[tokio::test]
async fn what_is_done_is_forgotten_after_as_long_as_the_configuration_says() {
    let remember = Duration::from_millis(300);
    let config = LocalWorkConfig {
        remember: remember.into(),
        ..config(None)
    };
    let work = LocalWork::open(config).await.expect("opened");
    forgets_what_is_done(&InMemory(Arc::new(work)), remember).await;
}

#[tokio::test]
async fn a_store_that_is_made_later_gives_greater_fences() {
    let folder = Folder::new("later");
    let mut fence = 0;
    for path in [
        None,
        Some(folder.file("one.db")),
        Some(folder.file("two.db")),
        None,
    ] {
        let work = open(path).await.expect("opened");
        let claim = work.claim("k", "", Duration::ZERO).await.expect("met");
        let claim = claim.expect("free");
        assert!(fence < claim.fence(), "{fence} {claim:?}");
        fence = claim.fence();
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[test]
#[ignore = "the other process of the test that kills it"]
fn the_process_that_is_killed() {
    let path = std::env::var(SHARED).expect("a file");
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let work = open(Some(path)).await.expect("opened");
        be_killed(&work).await;
    });
}

#[tokio::test]
async fn a_process_that_is_killed_with_ten_claims_leaves_them_to_another() {
    let folder = Folder::new("killed");
    let path = folder.file("work.db");
    let fences = killed("the_process_that_is_killed", SHARED, &path);
    let work = open(Some(path)).await.expect("opened");
    takes_over(&work, &fences, Duration::from_secs(20)).await;
}

#[test]
#[ignore = "the other process of the test whose work kills it"]
fn the_process_that_dies_of_its_work() {
    let path = std::env::var(SHARED).expect("a file");
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let work = open(Some(path)).await.expect("opened");
        die_of_work(&work).await;
    });
}

#[tokio::test]
async fn work_that_kills_every_process_becomes_a_dead_letter() {
    let folder = Folder::new("deadly");
    let path = folder.file("work.db");
    let work = open(Some(path.clone())).await.expect("opened");
    buries_what_kills(&work, "the_process_that_dies_of_its_work", SHARED, &path).await;
}

#[tokio::test]
async fn files_that_hold_no_shared_work_are_refused_and_left_alone() {
    let folder = Folder::new("refused");
    let (text, foreign, newer) = (
        folder.file("text.db"),
        folder.file("foreign.db"),
        folder.file("newer.db"),
    );
    std::fs::write(&text, "this is no database at all, however long it is").expect("written");
    Connection::open(&foreign)
        .and_then(|connection| connection.execute_batch("CREATE TABLE recipes (name TEXT)"))
        .expect("made");
    drop(open(Some(newer.clone())).await.expect("opened"));
    Connection::open(&newer)
        .and_then(|connection| connection.pragma_update(None, "user_version", 99))
        .expect("changed");
    for (path, words) in [
        (text, "not a database"),
        (foreign, "not a database of shared work"),
        (newer, "version 99"),
        (folder.file("no/such/folder.db"), "unable to open"),
    ] {
        let before = std::fs::read(&path).ok();
        let error = open(Some(path.clone())).await.err().expect("refused");
        assert!(!error.is_transient(), "{error:?}");
        let named = format!("cannot open the shared work in `{path}`");
        assert_eq!(error.to_string(), named);
        let cause = std::error::Error::source(&error).expect("a cause");
        assert!(cause.to_string().contains(words), "{cause}");
        assert_eq!(std::fs::read(&path).ok(), before, "{path} was changed");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_is_taken_away_is_not_worked_on_by_one_alone() {
    let folder = Folder::new("taken");
    let path = folder.file("work.db");
    let work = open(Some(path.clone())).await.expect("opened");
    let lease = Duration::from_secs(60);
    work.claim("a", "", lease)
        .await
        .expect("met")
        .expect("free");
    std::fs::rename(&path, folder.file("elsewhere.db")).expect("moved");
    for another_file_is_there in [false, true] {
        if another_file_is_there {
            std::fs::write(&path, "").expect("written");
        }
        let error = work.claim("b", "", lease).await.expect_err("it is gone");
        let cause = std::error::Error::source(&error).expect("a cause");
        assert!(cause.to_string().contains("taken away"), "{cause}");
    }
}
