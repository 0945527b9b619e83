//! What can go wrong behind a contract.

use std::error::Error as StdError;
use std::fmt;

/// The result of a call to a service of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a service did not do what it was asked, for a program to act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What the request names does not exist, such as a model.
    NotFound,
    /// The request itself cannot be met, however often it is made.
    Invalid,
    /// The service refuses the credentials, or what they may do.
    Refused,
    /// The service does not answer now; later it may.
    Unavailable,
    /// The service answered something that cannot be understood.
    Garbled,
    /// The fault lies within the plugin.
    Internal,
}

impl ErrorKind {
    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Unavailable)
    }
}

/// What a ticket system or a classifier answers instead of a result.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of its own.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// An error with what caused it. The message says what was being done; the cause speaks for itself.
    #[must_use]
    pub fn caused_by(
        kind: ErrorKind,
        message: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::new(kind, message)
        }
    }

    /// What sort of error it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
