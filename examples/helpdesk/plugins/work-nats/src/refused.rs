//! Why there is no connection, and what to do about it.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use async_nats::{ConnectError, ConnectErrorKind};
use rustls::{AlertDescription, CertificateError};

use crate::causes::causes;

/// What keeps a client from a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Nobody answers.
    Silence,
    /// What the configuration has is no address.
    Address,
    /// The server does not know the credentials.
    Credentials,
    /// Nobody who is trusted has signed the server's certificate.
    Authority,
    /// The server's certificate is for another name.
    Name,
    /// The server's certificate is not valid yet, or not any more.
    Time,
    /// The server wants a certificate, another one than it was shown.
    Certificate,
    /// The files that TLS needs are none.
    Files,
    /// The server does not speak TLS.
    Plain,
    /// TLS failed for some other reason.
    Tls,
}

impl Refused {
    /// Why the connection failed.
    pub(crate) fn of(error: &ConnectError) -> Self {
        match error.kind() {
            ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation => {
                Self::Credentials
            }
            ConnectErrorKind::ServerParse => Self::Address,
            ConnectErrorKind::Tls => Self::Files,
            _ => tls(error).map_or(Self::Silence, Self::of_tls),
        }
    }

    fn of_tls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(certificate) => match certificate {
                CertificateError::UnknownIssuer => Self::Authority,
                CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. } => Self::Name,
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. } => Self::Time,
                _ => Self::Tls,
            },
            rustls::Error::AlertReceived(
                AlertDescription::CertificateRequired
                | AlertDescription::BadCertificate
                | AlertDescription::UnknownCA,
            ) => Self::Certificate,
            rustls::Error::InvalidMessage(_) => Self::Plain,
            _ => Self::Tls,
        }
    }

    /// What is to be said of these servers.
    pub(crate) fn words(self, servers: &str, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silence => write!(
                formatter,
                "no NATS server answers at {servers}: check `servers`, and that one runs there"
            ),
            Self::Address => write!(
                formatter,
                "{servers} is no address of a server: write it as in `nats://10.0.0.7:4222`"
            ),
            Self::Credentials => write!(
                formatter,
                "the server at {servers} refuses the credentials: set `credentials` or `token` to what it knows"
            ),
            Self::Authority => write!(
                formatter,
                "the certificate of {servers} is of an authority that is not trusted: name the file of its authority in \
                 `tls`, as `authority`"
            ),
            Self::Name => write!(
                formatter,
                "the certificate of {servers} is for another name: write the name that it has in `servers`"
            ),
            Self::Time => write!(
                formatter,
                "the certificate of {servers} is not valid at this time: renew it, or set the clock of this machine"
            ),
            Self::Certificate => write!(
                formatter,
                "the server at {servers} wants a certificate that it trusts: name one in `tls`, as `certificate` and `key`"
            ),
            Self::Files => write!(
                formatter,
                "no TLS with {servers}: check the files that `tls` names"
            ),
            Self::Plain => write!(
                formatter,
                "no TLS with {servers}: check that the server has it, or remove `tls`"
            ),
            Self::Tls => write!(
                formatter,
                "no TLS with {servers}: check `tls` and the certificates"
            ),
        }
    }
}

/// What TLS says, somewhere among the causes: the client tells that of a socket.
fn tls<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e rustls::Error> {
    causes(error).find_map(|cause| {
        let socket = cause.downcast_ref::<io::Error>()?;
        socket.get_ref()?.downcast_ref()
    })
}
