//! What can go wrong in the store, and what a caller of the contract is told of it.

use std::fmt;

use helpdesk_api::{Error, ErrorKind};
use rusqlite::ErrorCode;

/// Why a database cannot be used as a store of tickets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// It is a SQLite database of some other program.
    Foreign,
    /// A later version of this plugin wrote it.
    Newer {
        /// The version of its tables.
        version: usize,
        /// The latest version that this plugin knows.
        known: usize,
    },
}

impl fmt::Display for OpenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign => formatter.write_str("it is not a database of the helpdesk"),
            Self::Newer { version, known } => write!(
                formatter,
                "a newer helpdesk wrote it (version {version} of the tables; this one knows up to {known})"
            ),
        }
    }
}

impl std::error::Error for OpenError {}

/// Anything that fails while the database is at work.
#[derive(Debug)]
pub(crate) enum Failure {
    Open(OpenError),
    Database(rusqlite::Error),
    Json(serde_json::Error),
    Invalid(String),
    /// Another helpdesk has claimed the ticket since.
    Fenced,
    /// The file is not where it was.
    Gone(std::io::Error),
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::Open(error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

impl Failure {
    /// The error of the contract; `doing` says what was being done.
    pub(crate) fn while_(self, doing: &str) -> Error {
        let doing = format!("cannot {doing}");
        match self {
            Self::Open(error) => Error::caused_by(ErrorKind::Invalid, doing, error),
            Self::Database(error) => Error::caused_by(kind(&error), doing, error),
            Self::Json(error) => Error::caused_by(ErrorKind::Garbled, doing, error),
            Self::Invalid(reason) => Error::new(ErrorKind::Invalid, format!("{doing}: {reason}")),
            Self::Fenced => Error::new(
                ErrorKind::Refused,
                format!("{doing}: another helpdesk has claimed it since, and has written to it"),
            ),
            Self::Gone(error) => Error::caused_by(
                ErrorKind::NotFound,
                format!("{doing}: the file of the store was taken away while it was open"),
                error,
            ),
        }
    }
}

fn kind(error: &rusqlite::Error) -> ErrorKind {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => ErrorKind::Unavailable,
        Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => ErrorKind::Refused,
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => ErrorKind::Garbled,
        Some(ErrorCode::CannotOpen) => ErrorKind::NotFound,
        _ => ErrorKind::Internal,
    }
}
