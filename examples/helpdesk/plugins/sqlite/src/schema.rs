//! The tables, how an older database becomes a current one, and what is not a database of ours.

use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, Transaction};

use crate::failure::{Failure, OpenError};

/// How long to wait for another program that has the file locked.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Marks a database file as a helpdesk's ("TNHD").
const APPLICATION_ID: i32 = 0x544e_4844;

/// What brings a database from version `n` to version `n + 1`, by `n`. Only ever add to its end.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/1_tickets.sql"),
    include_str!("../migrations/2_fence.sql"),
];

/// The version that all of them lead to, as SQLite counts.
const CURRENT: i64 = MIGRATIONS.len() as i64;

/// Sets up the connection and brings the database to the current version, in one transaction.
pub(crate) fn prepare(connection: &mut Connection) -> Result<(), Failure> {
    // Before anything is changed: what is not ours stays as it is. In a transaction, or another
    // helpdesk might make its tables between two of the questions.
    version(&*connection.transaction()?)?;
    write_ahead(connection)?;
    // FULL keeps an acknowledged change through a loss of power.
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    // Immediate, so that of two helpdesks that open a new file one waits for the other.
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    migrate(&transaction)?;
    transaction.commit()?;
    Ok(())
}

/// Lets others read while the helpdesk writes. In memory this changes nothing.
fn write_ahead(connection: &Connection) -> Result<(), Failure> {
    let begun = Instant::now();
    loop {
        match connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())) {
            // SQLite does not wait here, whatever its timeout: two who open a new file collide.
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && begun.elapsed() < PATIENCE =>
            {
                std::thread::sleep(Duration::from_millis(10));
            }
            done => return Ok(done?),
        }
    }
}

/// How many of the migrations the database has seen.
fn version(connection: &Connection) -> Result<usize, Failure> {
    let number = |pragma| connection.query_row(pragma, [], |row| row.get::<_, i32>(0));
    let application = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    if application != APPLICATION_ID && (application != 0 || version != 0 || tables != 0) {
        return Err(OpenError::Foreign.into());
    }
    let seen = usize::try_from(version).map_err(|_| OpenError::Foreign)?;
    if seen > MIGRATIONS.len() {
        let known = MIGRATIONS.len();
        return Err(OpenError::Newer {
            version: seen,
            known,
        }
        .into());
    }
    Ok(seen)
}

fn migrate(transaction: &Transaction<'_>) -> Result<(), Failure> {
    let seen = version(transaction)?;
    if seen == MIGRATIONS.len() {
        return Ok(());
    }
    for migration in &MIGRATIONS[seen..] {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", CURRENT)?;
    Ok(())
}
