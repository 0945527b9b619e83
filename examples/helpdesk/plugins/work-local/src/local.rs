//! The store of work: one connection, and the contract on top of it.

use std::error::Error as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use helpdesk_work::{
    Claim, DeadLetter, Ending, Next, Policy, Record, Result, State, Work, WorkError, async_trait,
    check_key, check_version,
};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use treenail::Handle;

use crate::alive::Alive;
use crate::config::LocalWorkConfig;
use crate::failure::Failure;
use crate::file::WorkFile;
use crate::place::Place;
use crate::table;

/// Who works on what, in one SQLite database.
///
/// Every call is one transaction on a thread where blocking is allowed. A call whose future is dropped still runs to its end.
pub struct LocalWork {
    connection: Arc<Mutex<Connection>>,
    /// Absent where everything is in memory.
    file: Option<Arc<WorkFile>>,
    /// Absent in memory, and where files cannot be locked.
    alive: Option<Arc<Alive>>,
    policy: Policy,
    clock: fn() -> i64,
    handle: Arc<Handle>,
    /// Whether the application was told that the database cannot be used.
    in_trouble: AtomicBool,
}

impl LocalWork {
    /// Opens the database, and makes its table if it is new.
    ///
    /// # Errors
    /// For a file that cannot be opened or is something else.
    pub async fn open(config: LocalWorkConfig) -> Result<Self> {
        let place = config.path.clone().map_or(Place::Memory, Place::Own);
        Self::open_as(Handle::detached("work-local:LocalWork"), place, config).await
    }

    /// Opens the database for an application, which is told through `handle` whether the database can be used.
    pub(crate) async fn open_as(
        handle: Arc<Handle>,
        place: Place,
        config: LocalWorkConfig,
    ) -> Result<Self> {
        let opening = move || {
            let opened = open(&place, machine_clock());
            opened.map_err(|failure| failure.while_(place.opening()))
        };
        let (connection, file) = blocking("open the shared work", opening).await?;
        let alive = file
            .as_ref()
            .and_then(|file| Alive::begin(file.path()).ok());
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            file: file.map(Arc::new),
            alive: alive.map(Arc::new),
            policy: Policy {
                attempts: config.attempts.get(),
                remember: config.remember.get(),
            },
            clock: machine_clock,
            handle,
            in_trouble: AtomicBool::new(false),
        })
    }

    async fn transaction<T: Send + 'static>(
        &self,
        doing: &str,
        work: impl FnOnce(&Connection, i64) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T> {
        let connection = Arc::clone(&self.connection);
        let (file, clock, what) = (self.file.clone(), self.clock, doing.to_owned());
        let done = blocking(doing, move || {
            // A call that panicked has rolled back when its transaction was dropped.
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let work = || -> Result<T, Failure> {
                // Others are waited for before the clock is read.
                let transaction =
                    connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                // SQLite would go on in a file that nobody else sees.
                file.as_ref().map_or(Ok(()), |file| file.is_there())?;
                let done = work(&transaction, clock())?;
                transaction.commit()?;
                Ok(done)
            };
            work().map_err(|failure| failure.while_(what))
        })
        .await;
        self.observe(done.as_ref().err());
        done
    }

    /// Tells the application that the database is in trouble, or well again. A claim that is lost says nothing about it.
    fn observe(&self, error: Option<&WorkError>) {
        match error {
            None if self.in_trouble.swap(false, Ordering::Relaxed) => self.handle.ok(),
            None
            | Some(WorkError::Lost { .. } | WorkError::Key { .. } | WorkError::Version { .. }) => {}
            Some(error) => {
                self.in_trouble.store(true, Ordering::Relaxed);
                let cause = error.source().map(|cause| format!(": {cause}"));
                let cause = cause.unwrap_or_default();
                self.handle.recoverable(format_args!("{error}{cause}"));
            }
        }
    }

    async fn end(&self, claim: &Claim, doing: &str, ending: OwnedEnding) -> Result<()> {
        let (key, fence) = (claim.key().to_owned(), claim.fence());
        let policy = self.policy;
        self.transaction(doing, move |connection, now| {
            let record = current(connection, &key, now)?;
            match record.ended(&key, fence, ending.as_ending(), policy)? {
                Some(ended) => table::change(connection, &key, &ended, now),
                None => Ok(()),
            }
        })
        .await
    }
}

#[async_trait]
impl Work for LocalWork {
    async fn claim(&self, key: &str, version: &str, lease: Duration) -> Result<Option<Claim>> {
        check_key(key)?;
        check_version(version)?;
        let asked = Instant::now();
        let (owned, version, policy) = (key.to_owned(), version.to_owned(), self.policy);
        let alive = self.alive.clone();
        let given = self
            .transaction("claim work", move |connection, now| {
                table::forget(connection, now)?;
                let mut found = table::find(connection, &owned, now)?;
                if let (Some(alive), Some(found)) = (&alive, &mut found) {
                    end_if_gone(connection, alive, found)?;
                }
                let is_over = found.as_ref().is_some_and(|found| found.is_over);
                let record = found.map(|found| found.record);
                let next = Next::of(record.as_ref(), &version, is_over, policy);
                match (next, record) {
                    (Next::Give(attempt), _) => {
                        let given = Record::given(0, &version, attempt, lease);
                        let holder = alive.as_ref().map_or("", |alive| alive.name());
                        let fence = table::give(connection, &owned, &given, holder, now)?;
                        Ok(Some((fence, attempt)))
                    }
                    (Next::Bury, Some(record)) => {
                        table::change(connection, &owned, &record.buried(), now)?;
                        Ok(None)
                    }
                    _ => Ok(None),
                }
            })
            .await?;
        Ok(given.map(|(fence, attempt)| Claim::new(key, fence, attempt, asked, lease)))
    }

    async fn extend(&self, claim: &mut Claim, lease: Duration) -> Result<()> {
        let asked = Instant::now();
        let (key, fence) = (claim.key().to_owned(), claim.fence());
        self.transaction("extend a claim", move |connection, now| {
            let extended = current(connection, &key, now)?.extended(&key, fence, lease)?;
            table::change(connection, &key, &extended, now)
        })
        .await?;
        claim.extended(asked, lease);
        Ok(())
    }

    async fn done(&self, claim: &Claim) -> Result<()> {
        self.end(claim, "end work that is done", OwnedEnding::Done)
            .await
    }

    async fn failed(&self, claim: &Claim, retry_after: Duration, reason: &str) -> Result<()> {
        let ending = OwnedEnding::Failed(retry_after, reason.to_owned());
        self.end(claim, "end work that has failed", ending).await
    }

    async fn release(&self, claim: &Claim) -> Result<()> {
        self.end(claim, "give work back", OwnedEnding::Released)
            .await
    }

    async fn dead(&self) -> Result<Vec<DeadLetter>> {
        self.transaction("list the dead letters", |connection, _| {
            table::dead(connection)
        })
        .await
    }

    async fn revive(&self, key: &str) -> Result<bool> {
        check_key(key)?;
        let key = key.to_owned();
        self.transaction("revive a dead letter", move |connection, now| {
            let found = table::find(connection, &key, now)?;
            let Some(revived) = found.and_then(|found| found.record.revived()) else {
                return Ok(false);
            };
            table::change(connection, &key, &revived, now)?;
            Ok(true)
        })
        .await
    }
}

/// How a claim ends, for another thread.
enum OwnedEnding {
    Done,
    Failed(Duration, String),
    Released,
}

impl OwnedEnding {
    fn as_ending(&self) -> Ending<'_> {
        match self {
            Self::Done => Ending::Done,
            Self::Failed(pause, reason) => Ending::Failed(*pause, reason),
            Self::Released => Ending::Released,
        }
    }
}

/// The record of a key that was claimed. One that is gone has been forgotten.
fn current(connection: &Connection, key: &str, now: i64) -> Result<Record, Failure> {
    let found = table::find(connection, key, now)?;
    let lost = || WorkError::Lost {
        key: key.to_owned(),
    };
    Ok(found.ok_or_else(lost)?.record)
}

/// Where a claim's process is gone, all its claims are over.
fn end_if_gone(
    connection: &Connection,
    alive: &Alive,
    found: &mut table::Found,
) -> Result<(), Failure> {
    if found.record.state == State::Claimed && !found.is_over && alive.is_gone(&found.holder) {
        table::end_claims_of(connection, &found.holder)?;
        alive.forget(&found.holder);
        found.is_over = true;
    }
    Ok(())
}

/// Opens the database at this time.
fn open(place: &Place, now: i64) -> Result<(Connection, Option<WorkFile>), Failure> {
    let (mut connection, file) = match place.path() {
        None => (Connection::open_in_memory()?, None),
        Some(path) => {
            WorkFile::make_private(path);
            // Without SQLITE_OPEN_URI: a path is a path, also if it begins with `file:`.
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
                | OpenFlags::SQLITE_OPEN_CREATE
                | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(path, flags)?;
            (connection, Some(WorkFile::of(path)?))
        }
    };
    connection.busy_timeout(table::PATIENCE)?;
    table::prepare(&mut connection, place.is_of_tickets(), now)?;
    Ok((connection, file))
}

/// Milliseconds since 1970, by the machine's clock.
fn machine_clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(0))
}

async fn blocking<T: Send + 'static>(
    doing: &str,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(WorkError::Broken {
            doing: doing.to_owned(),
            source: error.into(),
        }),
    }
}

#[cfg(test)]
mod tests;
