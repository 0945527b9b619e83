//! What can go wrong in the database, and what a caller of the contract is told of it.

use std::fmt;

use helpdesk_work::WorkError;
use rusqlite::ErrorCode;

/// Anything that fails while the database is at work.
#[derive(Debug)]
pub(crate) enum Failure {
    Database(rusqlite::Error),
    /// An answer of the contract.
    Work(WorkError),
    /// It is a SQLite database of some other program.
    Foreign,
    /// A later version of this plugin wrote it.
    Newer(i64),
    /// A record has a state that this version does not know.
    State(String),
    /// The file is not where it was.
    Gone,
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<WorkError> for Failure {
    fn from(error: WorkError) -> Self {
        Self::Work(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(error) => error.fmt(formatter),
            Self::Work(error) => error.fmt(formatter),
            Self::Foreign => formatter
                .write_str("it is not a database of shared work: name another `path`, or none"),
            Self::Newer(version) => write!(
                formatter,
                "a newer helpdesk wrote it (version {version} of its table; this one knows up to {}): use that one",
                crate::table::VERSION
            ),
            Self::State(state) => write!(
                formatter,
                "a piece of work is `{}`, which this version does not know: use a newer helpdesk",
                state.escape_debug()
            ),
            Self::Gone => formatter.write_str(
                "the file was taken away while it was open: put it back, or start again with a new one",
            ),
        }
    }
}

impl std::error::Error for Failure {}

impl Failure {
    /// The error of the contract; `doing` says what was being done.
    pub(crate) fn while_(self, doing: String) -> WorkError {
        let code = match &self {
            Self::Database(error) => error.sqlite_error_code(),
            _ => None,
        };
        match (self, code) {
            (Self::Work(error), _) => error,
            (failure, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)) => {
                WorkError::Unavailable {
                    doing,
                    source: failure.into(),
                }
            }
            (failure, Some(ErrorCode::DiskFull)) => WorkError::Full {
                doing,
                source: failure.into(),
            },
            (failure, _) => WorkError::Broken {
                doing,
                source: failure.into(),
            },
        }
    }
}
