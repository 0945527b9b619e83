//! The store: one connection, and the contract on top of it.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use helpdesk_api::{
    Database, Error, ErrorKind, Note, Result, SearchCriteria, Ticket, TicketSystem, async_trait,
};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use treenail::Handle;

use crate::config::{StoreConfig, seed_tickets};
use crate::failure::Failure;
use crate::file::StoreFile;
use crate::trouble::Trouble;
use crate::{queries, schema};

/// A ticket system in one SQLite database.
///
/// Every call is one transaction on a thread where blocking is allowed. A call whose future is
/// dropped still runs to its end, so a change is made whole or not at all.
pub struct Store {
    connection: Arc<Mutex<Connection>>,
    /// Absent for a store in memory.
    file: Option<Arc<StoreFile>>,
    trouble: Trouble,
}

impl Store {
    /// Opens the database, makes or renews its tables and seeds it if it is new.
    ///
    /// # Errors
    /// For a file that cannot be opened or is something else, and for a seed that cannot be read.
    pub async fn open(config: StoreConfig) -> Result<Self> {
        Self::open_as(Handle::detached("sqlite:Store"), config).await
    }

    /// Opens the database for an application, which is told through `handle` whether the database can be used.
    pub(crate) async fn open_as(handle: Arc<Handle>, config: StoreConfig) -> Result<Self> {
        let (connection, file) = blocking(move || open(&config)).await?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            file: file.map(Arc::new),
            trouble: Trouble::new(handle),
        })
    }

    /// Moves everything into the one file, so that it can be copied.
    pub(crate) async fn settle(&self) -> Result<()> {
        let connection = Arc::clone(&self.connection);
        blocking(move || {
            let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
                .map_err(|error| {
                    Failure::from(error).while_("write the log into the database file")
                })
        })
        .await
    }

    async fn read<T: Send + 'static>(
        &self,
        doing: String,
        work: impl FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T> {
        self.transaction(TransactionBehavior::Deferred, doing, work)
            .await
    }

    async fn write<T: Send + 'static>(
        &self,
        doing: String,
        work: impl FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T> {
        self.transaction(TransactionBehavior::Immediate, doing, work)
            .await
    }

    async fn transaction<T: Send + 'static>(
        &self,
        behavior: TransactionBehavior,
        doing: String,
        work: impl FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T> {
        let connection = Arc::clone(&self.connection);
        let file = self.file.clone();
        let done = blocking(move || {
            // A call that panicked has rolled back when its transaction was dropped.
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let done = in_transaction(&mut connection, behavior, work);
            // SQLite would go on in a file that has no name any more, and all would be lost at the end.
            file.map_or(Ok(()), |file| file.is_there())
                .and(done)
                .map_err(|failure| failure.while_(&doing))
        })
        .await;
        self.trouble.observe(done.as_ref().err());
        done
    }
}

#[async_trait]
impl TicketSystem for Store {
    async fn create_ticket(&self, ticket: Ticket) -> Result<Ticket> {
        self.write("create a ticket".to_owned(), move |connection| {
            let id = queries::create(connection, &ticket)?;
            queries::get(connection, &id)?
                .ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
        })
        .await
    }

    async fn update_ticket(&self, id: &str, updates: Ticket) -> Result<bool> {
        let id = id.to_owned();
        self.write(format!("update ticket {id:?}"), move |connection| {
            queries::update(connection, &id, &updates)
        })
        .await
    }

    async fn find_tickets(&self, criteria: SearchCriteria) -> Result<Vec<Ticket>> {
        self.read("find tickets".to_owned(), move |connection| {
            queries::find(connection, &criteria)
        })
        .await
    }

    async fn get_ticket(&self, id: &str) -> Result<Option<Ticket>> {
        let id = id.to_owned();
        self.read(format!("read ticket {id:?}"), move |connection| {
            queries::get(connection, &id)
        })
        .await
    }

    async fn add_note(&self, id: &str, note: Note) -> Result<bool> {
        let id = id.to_owned();
        self.write(format!("add a note to ticket {id:?}"), move |connection| {
            queries::add_note(connection, &id, &note)
        })
        .await
    }

    async fn update_ticket_fenced(&self, id: &str, updates: Ticket, fence: u64) -> Result<bool> {
        let id = id.to_owned();
        self.write(format!("update ticket {id:?}"), move |connection| {
            queries::pass_fence(connection, &id, fence)?;
            queries::update(connection, &id, &updates)
        })
        .await
    }

    async fn add_note_fenced(&self, id: &str, note: Note, fence: u64) -> Result<bool> {
        let id = id.to_owned();
        self.write(format!("add a note to ticket {id:?}"), move |connection| {
            queries::pass_fence(connection, &id, fence)?;
            queries::add_note(connection, &id, &note)
        })
        .await
    }
}

impl Database for Store {
    fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(|file| file.path())
    }
}

fn open(config: &StoreConfig) -> Result<(Connection, Option<StoreFile>)> {
    let doing = format!("open the ticket store `{}`", config.path);
    let seed = config.seed.as_deref();
    let tickets = seed.map(seed_tickets).transpose()?.unwrap_or_default();
    let work = || -> Result<_, Failure> {
        let (mut connection, file) = if config.path == ":memory:" {
            (Connection::open_in_memory()?, None)
        } else {
            StoreFile::make_private(&config.path);
            // Without SQLITE_OPEN_URI: a path is a path, also if it begins with `file:`.
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
                | OpenFlags::SQLITE_OPEN_CREATE
                | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(&config.path, flags)?;
            (connection, Some(StoreFile::of(&config.path)?))
        };
        connection.busy_timeout(schema::PATIENCE)?;
        schema::prepare(&mut connection)?;
        if let Some(seed) = seed {
            in_transaction(
                &mut connection,
                TransactionBehavior::Immediate,
                |connection| queries::seed(connection, seed, &tickets),
            )?;
        }
        Ok((connection, file))
    };
    work().map_err(|failure| failure.while_(&doing))
}

fn in_transaction<T>(
    connection: &mut Connection,
    behavior: TransactionBehavior,
    work: impl FnOnce(&Connection) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let transaction = connection.transaction_with_behavior(behavior)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(Error::caused_by(
            ErrorKind::Internal,
            "the database did not finish its work",
            error,
        )),
    }
}
