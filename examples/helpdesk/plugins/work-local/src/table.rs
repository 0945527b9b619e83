//! The one table: how it is made, and records to rows and back. Times are milliseconds of the machine's clock.

use std::time::{Duration, Instant};

use helpdesk_work::{DeadLetter, Record, State, fence_base};
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, TransactionBehavior, params};

use crate::failure::Failure;

/// How long to wait for another process that has the file locked.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// The version of the table.
pub(crate) const VERSION: i64 = 1;

/// Marks a database file as one of shared work ("TNHW").
const APPLICATION_ID: i64 = 0x544e_4857;

/// The fence is the number of a row. A claim is a new row in the place of the old one, and SQLite gives no number of this table
/// a second time, also after its row is gone. The numbers begin where those of a store that is made now do.
const TABLE: &str = "
    CREATE TABLE work (
        fence   INTEGER PRIMARY KEY AUTOINCREMENT,
        key     TEXT NOT NULL UNIQUE,
        version TEXT NOT NULL,
        state   TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        holder  TEXT NOT NULL,          -- the process that it was given to
        since   INTEGER NOT NULL,       -- when it was written
        until   INTEGER NOT NULL,       -- how long the state holds
        forget  INTEGER,                -- when the row is forgotten
        reason  TEXT
    ) STRICT;
    CREATE INDEX work_by_state ON work (state);
    CREATE INDEX work_by_end ON work (forget);";

/// The longest that a state holds: a sum with any time of the machine's clock has room.
const LONGEST: i64 = i64::MAX / 4;

/// Sets up the connection and makes the table at this time, where it is not there.
pub(crate) fn prepare(connection: &mut Connection, guest: bool, now: i64) -> Result<(), Failure> {
    let is_made = if guest { is_made_in_another } else { is_made };
    // Before anything is changed: what is not ours stays as it is.
    is_made(&*connection.transaction()?)?;
    write_ahead(connection)?;
    connection.busy_timeout(PATIENCE)?;
    // FULL keeps what was answered through a loss of power.
    connection.pragma_update(None, "synchronous", "FULL")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if !is_made(&transaction)? {
        transaction.execute_batch(TABLE)?;
        let base = fence_base(Duration::from_millis(u64::try_from(now).unwrap_or(0)));
        transaction.execute(
            "INSERT INTO sqlite_sequence (name, seq) VALUES ('work', ?1)",
            [i64::from_ne_bytes(base.to_ne_bytes())],
        )?;
        if !guest {
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
        }
    }
    transaction.commit()?;
    Ok(())
}

fn is_made(connection: &Connection) -> Result<bool, Failure> {
    let number = |pragma| connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let application = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    match (application, version) {
        (0, 0) if tables == 0 => Ok(false),
        (APPLICATION_ID, VERSION) => Ok(true),
        (APPLICATION_ID, newer) if newer > VERSION => Err(Failure::Newer(newer)),
        _ => Err(Failure::Foreign),
    }
}

/// Whether the table is in a database that belongs to somebody else, who also keeps the number of its version.
fn is_made_in_another(connection: &Connection) -> Result<bool, Failure> {
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'work'";
    let tables: i64 = connection.query_row(tables, [], |row| row.get(0))?;
    Ok(tables > 0)
}

/// Lets processes read while another writes. SQLite does not wait here, whatever its timeout: two who open a new file collide.
fn write_ahead(connection: &Connection) -> Result<(), Failure> {
    let begun = Instant::now();
    loop {
        match connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())) {
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

/// A length of time in whole milliseconds, none too short.
fn millis(time: Duration) -> i64 {
    let millis = time.as_nanos().div_ceil(1_000_000);
    i64::try_from(millis).unwrap_or(LONGEST).min(LONGEST)
}

/// What is known of a piece of work.
pub(crate) struct Found {
    pub(crate) record: Record,
    /// Whether its state has held for as long as it was to.
    pub(crate) is_over: bool,
    /// The process that it was given to last; nothing, where that could not be told.
    pub(crate) holder: String,
}

/// The record of a key. Where the clock has gone back to before the
/// record was written, its time begins anew.
pub(crate) fn find(connection: &Connection, key: &str, now: i64) -> Result<Option<Found>, Failure> {
    connection
        .prepare_cached(
            "UPDATE work SET since = ?2, until = until - since + ?2, forget = forget - since + ?2 WHERE key = ?1 AND since > ?2",
        )?
        .execute(params![key, now])?;
    let row = |row: &Row<'_>| {
        let since: i64 = row.get("since")?;
        let until: i64 = row.get("until")?;
        let record = Record {
            state: State::Released,
            version: row.get("version")?,
            fence: u64::from_ne_bytes(row.get::<_, i64>("fence")?.to_ne_bytes()),
            attempt: row.get("attempt")?,
            holds: Duration::from_millis(u64::try_from(until - since).unwrap_or(0)),
            reason: row.get("reason")?,
        };
        let found = Found {
            record,
            is_over: now >= until,
            holder: row.get("holder")?,
        };
        Ok((found, row.get::<_, String>("state")?))
    };
    let found = connection
        .prepare_cached("SELECT * FROM work WHERE key = ?1")?
        .query_row([key], row)
        .optional()?;
    let Some((mut found, state)) = found else {
        return Ok(None);
    };
    found.record.state = State::named(&state).ok_or(Failure::State(state))?;
    Ok(Some(found))
}

/// All claims of a process that is gone are over.
pub(crate) fn end_claims_of(connection: &Connection, holder: &str) -> Result<(), Failure> {
    connection
        .prepare_cached("UPDATE work SET until = since WHERE holder = ?1 AND state = ?2")?
        .execute([holder, State::Claimed.name()])?;
    Ok(())
}

/// Gives a claim to a process: a row with a new fence, which this gives back.
pub(crate) fn give(
    connection: &Connection,
    key: &str,
    record: &Record,
    holder: &str,
    now: i64,
) -> Result<u64, Failure> {
    connection
        .prepare_cached("DELETE FROM work WHERE key = ?1")?
        .execute([key])?;
    connection
        .prepare_cached(
            "INSERT INTO work (key, version, state, attempt, holder, since, until, forget) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            key,
            record.version,
            record.state.name(),
            record.attempt,
            holder,
            now,
            end(now, record.holds),
            record.kept_for().map(|kept| end(now, kept)),
        ])?;
    Ok(u64::from_ne_bytes(
        connection.last_insert_rowid().to_ne_bytes(),
    ))
}

/// Writes what has become of a piece of work; its fence stays.
pub(crate) fn change(
    connection: &Connection,
    key: &str,
    record: &Record,
    now: i64,
) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE work SET state = ?2, attempt = ?3, since = ?4, until = ?5, forget = ?6, reason = ?7 WHERE key = ?1",
        )?
        .execute(params![
            key,
            record.state.name(),
            record.attempt,
            now,
            end(now, record.holds),
            record.kept_for().map(|kept| end(now, kept)),
            record.reason
        ])?;
    Ok(())
}

/// When a state that is written now ends. This millisecond has begun already, and does not count, unless the state ends at once.
fn end(now: i64, holds: Duration) -> i64 {
    let whole = i64::from(!holds.is_zero());
    now.saturating_add(millis(holds)).saturating_add(whole)
}

/// Forgets what has been kept for as long as it was to be.
pub(crate) fn forget(connection: &Connection, now: i64) -> Result<(), Failure> {
    connection
        .prepare_cached("DELETE FROM work WHERE forget <= ?1")?
        .execute([now])?;
    Ok(())
}

pub(crate) fn dead(connection: &Connection) -> Result<Vec<DeadLetter>, Failure> {
    let letter = |row: &Row<'_>| {
        Ok(DeadLetter {
            key: row.get("key")?,
            version: row.get("version")?,
            attempts: row.get("attempt")?,
            reason: row.get("reason")?,
        })
    };
    let mut statement =
        connection.prepare_cached("SELECT * FROM work WHERE state = ?1 ORDER BY key")?;
    let letters = statement.query_map([State::Dead.name()], letter)?;
    Ok(letters.collect::<Result<_, _>>()?)
}
