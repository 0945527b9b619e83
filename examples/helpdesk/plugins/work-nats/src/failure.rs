//! What can go wrong with the bucket, and what a caller of the contract is told of it.

use std::error::Error as StdError;
use std::fmt;

use async_nats::jetstream::ErrorCode;
use async_nats::{ConnectError, ConnectErrorKind, jetstream};
use helpdesk_work::WorkError;

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
            Self::Connect { servers, error } => match error.kind() {
                ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation => {
                    write!(
                        formatter,
                        "the server at {servers} refuses the credentials: set `credentials` or `token` to what it knows"
                    )
                }
                ConnectErrorKind::ServerParse => write!(
                    formatter,
                    "{servers} is no address of a server: write it as in `nats://10.0.0.7:4222`"
                ),
                kind if kind == ConnectErrorKind::Tls || is_of_tls(error) => {
                    write!(formatter, "no TLS with {servers}: check `tls` and the certificates")
                }
                _ => write!(
                    formatter,
                    "no NATS server answers at {servers}: check `servers`, and that one runs there"
                ),
            },
            Self::Credentials(_) => formatter.write_str(
                "`credentials` is not what a file of credentials has in it: give it the text of a `.creds` file",
            ),
            Self::Bucket { bucket, .. } => write!(
                formatter,
                "the bucket `{bucket}` cannot be used or made: check that the server has JetStream, and what the credentials allow"
            ),
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
            Self::Config(_) | Self::Forgets { .. } => None,
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

/// Whether TLS is what a connection failed for, such as a certificate that is not trusted: the client tells that of a socket.
fn is_of_tls(error: &(dyn StdError + 'static)) -> bool {
    let mut error = Some(error);
    while let Some(cause) = error {
        let socket = cause.downcast_ref::<std::io::Error>();
        if let Some(within) = socket.and_then(std::io::Error::get_ref)
            && within.is::<rustls::Error>()
        {
            return true;
        }
        error = cause.source();
    }
    false
}

/// What JetStream answered, somewhere among the causes.
fn code(error: &(dyn StdError + 'static)) -> Option<ErrorCode> {
    let mut error = Some(error);
    while let Some(cause) = error {
        if let Some(answer) = cause.downcast_ref::<jetstream::Error>() {
            return Some(answer.error_code());
        }
        error = cause.source();
    }
    None
}
