//! What can go wrong with the bucket, and what a caller of the contract is told of it.

use std::error::Error as StdError;
use std::fmt;

use async_nats::jetstream::ErrorCode;
use async_nats::{ConnectError, jetstream};
use helpdesk_work::WorkError;

use crate::causes::causes;
use crate::connection::MINIMUM;
use crate::refused::Refused;

/// Why the plugin cannot start.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// The configuration contradicts itself, or cannot be read.
    Config(&'static str),
    /// No server could be connected to.
    Connect {
        /// The servers, as the configuration has them.
        servers: String,
        /// What the client says.
        error: ConnectError,
    },
    /// The credentials are no file of credentials.
    Credentials(std::io::Error),
    /// There is no bucket that work could be kept in.
    Bucket {
        /// Its name.
        bucket: String,
        /// What is wrong.
        error: Box<dyn StdError + Send + Sync>,
    },
    /// The server is too old.
    Version {
        /// The servers, as the configuration has them.
        servers: String,
        /// What the server says.
        version: String,
    },
    /// The bucket may drop what it has to keep.
    Forgets {
        /// Its name.
        bucket: String,
    },
}

impl fmt::Display for OpenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(what) => formatter.write_str(what),
            Self::Connect { servers, error } => Refused::of(error).words(servers, formatter),
            Self::Credentials(_) => formatter.write_str(
                "`credentials` is not what a file of credentials has in it: give it the text of a `.creds` file",
            ),
            Self::Bucket { bucket, .. } => write!(
                formatter,
                "the bucket `{bucket}` cannot be used or made: check that the server has JetStream, and what the credentials allow"
            ),
            Self::Version { servers, version } => {
                let ((major, minor), version) = (MINIMUM, version.escape_debug());
                write!(
                    formatter,
                    "the NATS server at {servers} has version {version}: install {major}.{minor} or a later one"
                )
            }
            Self::Forgets { bucket } => write!(
                formatter,
                "the bucket `{bucket}` may drop keys, as it has a limit of age, bytes or messages: remove the limit, or name another `bucket`"
            ),
        }
    }
}

impl StdError for OpenError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Connect { error, .. } => Some(error),
            Self::Credentials(error) => Some(error),
            Self::Bucket { error, .. } => Some(error.as_ref()),
            Self::Config(_) | Self::Version { .. } | Self::Forgets { .. } => None,
        }
    }
}

/// The error of the contract for what the server or the client said; `doing` says what was being done. What is not known to be
/// of another sort may pass.
pub(crate) fn while_(
    doing: &'static str,
    source: impl Into<Box<dyn StdError + Send + Sync>>,
) -> WorkError {
    let (doing, source) = (doing.to_owned(), source.into());
    match code(source.as_ref()) {
        Some(
            ErrorCode::INSUFFICIENT_RESOURCES
            | ErrorCode::ACCOUNT_RESOURCES_EXCEEDED
            | ErrorCode::STREAM_STORE_FAILED,
        ) => WorkError::Full { doing, source },
        Some(ErrorCode::STREAM_NOT_FOUND | ErrorCode::STREAM_MESSAGE_EXCEEDS_MAXIMUM) => {
            WorkError::Broken { doing, source }
        }
        _ => WorkError::Unavailable { doing, source },
    }
}

/// What JetStream answered, somewhere among the causes.
pub(crate) fn code(error: &(dyn StdError + 'static)) -> Option<ErrorCode> {
    let answer = causes(error).find_map(|cause| cause.downcast_ref::<jetstream::Error>());
    answer.map(jetstream::Error::error_code)
}
