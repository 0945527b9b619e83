//! What the transport says of a failure, and what it means.

use std::error::Error as StdError;
use std::io;

use helpdesk_http_client::{Fault, HttpError, Request};

/// The error of the contract for a failure of the transport.
pub(crate) fn of(request: &Request, error: reqwest::Error) -> HttpError {
    // The address is in the error of the contract, and there without its secrets.
    let error = error.without_url();
    let fault = if refused_by_tls(&error) {
        Fault::Untrusted
    } else if error.is_timeout() {
        Fault::Timeout
    } else if error.is_connect() {
        Fault::Unreachable
    } else if error.is_builder() {
        Fault::Unsendable
    } else {
        Fault::Interrupted
    };
    let detail = match fault {
        // reqwest's words for it are those of this fault.
        Fault::Timeout if error.is_connect() => "no connection".to_owned(),
        Fault::Timeout => String::new(),
        _ => chain(&error),
    };
    let failure = HttpError::new(request, fault, &detail);
    if error.is_connect() {
        failure.before_arrival()
    } else {
        failure
    }
}

/// The innermost reason, where the words of an error above it say no more than the kind of fault does.
pub(crate) fn chain(error: &reqwest::Error) -> String {
    let mut reason: &dyn StdError = error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    reason.to_string()
}

/// Whether TLS itself is what failed: a certificate, a handshake.
fn refused_by_tls(error: &(dyn StdError + 'static)) -> bool {
    let mut reason = Some(error);
    while let Some(error) = reason {
        if error.is::<rustls::Error>() {
            return true;
        }
        // The source of an `io::Error` is that of what it wraps, and leaves that out itself.
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        reason = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    false
}
