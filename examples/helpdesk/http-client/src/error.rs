//! What can go wrong between a question and its answer: data first, the words at the end.

use std::fmt;
use std::time::Duration;

use helpdesk_api::{Error, ErrorKind};
use http::{HeaderMap, Method, StatusCode};

use crate::Request;

/// What sort of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The request cannot be sent as it is.
    Unsendable,
    /// There is no connection: the name is unknown, or nobody answers there.
    Unreachable,
    /// The server is not who it should be, or does not speak TLS as it should.
    Untrusted,
    /// It took too long.
    Timeout,
    /// The connection broke before the answer was complete.
    Interrupted,
    /// The answer is larger than allowed.
    TooLarge,
    /// The server sends the request elsewhere, where it must not follow.
    Redirected,
    /// The status of the answer is no success.
    Status,
    /// The answer is not what it should be.
    Garbled,
    /// The answer is well-formed, and says that the service will not do it.
    Declined,
}

/// A request that did not get the answer it should have.
pub struct HttpError(Box<Inner>);

struct Inner {
    fault: Fault,
    request: Request,
    detail: String,
    answer: Option<(StatusCode, HeaderMap, Vec<u8>)>,
    arrived: bool,
    attempts: u32,
    retry_after: Option<Duration>,
}

impl HttpError {
    /// An error about a request. What is secret in the request is taken out of `detail`.
    #[must_use]
    pub fn new(request: &Request, fault: Fault, detail: &str) -> Self {
        let before = matches!(
            fault,
            Fault::Unsendable | Fault::Unreachable | Fault::Untrusted | Fault::Redirected
        );
        Self(Box::new(Inner {
            fault,
            detail: request.secrets().text(detail),
            request: request.clone(),
            answer: None,
            arrived: !before && fault != Fault::Declined,
            attempts: 1,
            retry_after: None,
        }))
    }

    /// The error with the answer that it is about, as far as that was read.
    #[must_use]
    pub fn answered(mut self, status: StatusCode, headers: HeaderMap, body: Vec<u8>) -> Self {
        if self.0.fault == Fault::Status {
            // With 503 and the like nobody can know; with 4xx the service looked and refused.
            self.0.arrived = status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT;
        }
        self.0.answer = Some((status, headers, body));
        self
    }

    /// The error, knowing that the request never reached the server.
    #[must_use]
    pub fn before_arrival(mut self) -> Self {
        self.0.arrived = false;
        self
    }

    /// The error, after so many attempts.
    #[must_use]
    pub fn after(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// The error, with the time that the server wants to be left alone.
    #[must_use]
    pub fn retry_after(mut self, pause: Option<Duration>) -> Self {
        self.0.retry_after = pause;
        self
    }

    /// What sort of thing went wrong.
    #[must_use]
    pub fn fault(&self) -> Fault {
        self.0.fault
    }

    /// GET, POST and so on.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.0.request.method()
    }

    /// The address, without what is secret in it.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.request.shown_url()
    }

    /// The status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.answer.as_ref().map(|(status, ..)| *status)
    }

    /// The headers of the answer, if there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.answer.as_ref().map(|(_, headers, _)| headers)
    }

    /// The body of the answer as far as it was read. For messages there is [`snippet`](HttpError::snippet).
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.0.answer.as_ref().map_or(&[], |(.., body)| body)
    }

    /// The beginning of the answer on one line, without what is secret in it.
    #[must_use]
    pub fn snippet(&self) -> String {
        self.0.request.secrets().snippet(self.body())
    }

    /// How often the request was sent, or was tried to be sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the server wants to be left alone, if it said so.
    #[must_use]
    pub fn pause(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self.0.fault {
            Fault::Unreachable | Fault::Timeout | Fault::Interrupted => true,
            Fault::Status => self.status().is_some_and(|status| {
                matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502..=504 | 507 | 509..=599)
            }),
            _ => false,
        }
    }

    /// Whether the server may have done what it was asked, although the answer did not say so.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        self.0.arrived
    }

    /// Whether the service says that what the address names does not exist: 404 with a JSON object. Any
    /// other 404 comes from somebody who does not know the service at all, so the address is wrong.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        type Object = serde_json::Map<String, serde_json::Value>;
        self.status() == Some(StatusCode::NOT_FOUND)
            && serde_json::from_slice::<Object>(self.body()).is_ok()
    }

    /// The error of the helpdesk's contracts; `doing` says what was being done.
    #[must_use]
    pub fn while_doing(self, doing: impl Into<String>) -> Error {
        let kind = self.kind();
        Error::caused_by(kind, doing, self)
    }

    fn kind(&self) -> ErrorKind {
        match (self.0.fault, self.status().map(|status| status.as_u16())) {
            _ if self.is_transient() => ErrorKind::Unavailable,
            (Fault::Status, Some(401 | 403 | 407)) | (Fault::Untrusted | Fault::Declined, _) => {
                ErrorKind::Refused
            }
            (Fault::Status, Some(404 | 410)) => ErrorKind::NotFound,
            (Fault::Garbled | Fault::TooLarge, _) => ErrorKind::Garbled,
            _ => ErrorKind::Invalid,
        }
    }

    fn words(&self) -> &'static str {
        match self.0.fault {
            Fault::Unsendable => "it cannot be sent",
            Fault::Unreachable => "no connection",
            Fault::Untrusted => "no secure connection",
            Fault::Timeout => "it took too long",
            Fault::Interrupted => "the connection broke before the answer was complete",
            Fault::TooLarge => "the answer is too large",
            Fault::Redirected => "it is sent elsewhere and does not follow",
            Fault::Status => "refused",
            Fault::Garbled => "the answer cannot be understood",
            Fault::Declined => "the service says no",
        }
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.method(), self.url())?;
        match (self.0.fault, self.status()) {
            (Fault::Status, Some(status)) => write!(f, "{status}")?,
            _ => f.write_str(self.words())?,
        }
        if !self.0.detail.is_empty() {
            write!(f, ": {}", self.0.detail)?;
        }
        let snippet = self.snippet();
        if !snippet.is_empty() {
            write!(f, "; it answered `{snippet}`")?;
        }
        if self.0.attempts > 1 {
            write!(f, "; tried {} times", self.0.attempts)?;
        }
        f.write_str(match (self.is_transient(), self.0.retry_after) {
            (true, Some(_)) => {
                "; a later try may succeed, and the server wants to be left alone for "
            }
            (true, None) => "; a later try may succeed",
            (false, _) => "; trying again will not help",
        })?;
        match self.0.retry_after {
            Some(pause) if self.is_transient() => write!(f, "{} s", pause.as_secs()),
            _ => Ok(()),
        }
    }
}

/// As it is displayed: what it holds besides is not for messages.
impl fmt::Debug for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.0.fault)
    }
}

impl std::error::Error for HttpError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        let url = "https://ada:pw@desk.invalid/api?token=t"
            .parse()
            .expect("an address");
        Request::new(Method::PUT, url).hide(&"hunter2".into())
    }

    fn answered(status: u16, body: &str) -> HttpError {
        let status = StatusCode::from_u16(status).expect("a status");
        let error = HttpError::new(&request(), Fault::Status, "");
        error.answered(status, HeaderMap::new(), body.into())
    }

    #[test]
    fn an_error_says_what_was_asked_what_came_and_whether_to_try_again() {
        assert_eq!(
            answered(422, r#"{"error": "no hunter2"}"#).to_string(),
            "PUT https://desk.invalid/api?token=***: 422 Unprocessable Entity; it answered `{\"error\": \"no ***\"}`; \
             trying again will not help"
        );
        let pause = Some(Duration::from_secs(90));
        let error = HttpError::new(&request(), Fault::Interrupted, "reset by hunter2");
        assert_eq!(
            error.after(3).retry_after(pause).to_string(),
            "PUT https://desk.invalid/api?token=***: the connection broke before the answer was complete: reset by ***; \
             tried 3 times; a later try may succeed, and the server wants to be left alone for 90 s"
        );
    }

    #[test]
    fn the_kind_of_an_error_tells_whether_to_try_again_and_whom_to_ask() {
        for (status, kind) in [
            (401, ErrorKind::Refused),
            (403, ErrorKind::Refused),
            (404, ErrorKind::NotFound),
            (409, ErrorKind::Invalid),
            (429, ErrorKind::Unavailable),
            (500, ErrorKind::Unavailable),
            (501, ErrorKind::Invalid),
            (503, ErrorKind::Unavailable),
        ] {
            let error = answered(status, "");
            let transient = error.is_transient();
            let error = error.while_doing("cannot");
            assert_eq!(
                (error.kind(), error.kind().is_transient()),
                (kind, transient),
                "{status}"
            );
        }
    }

    #[test]
    fn what_a_server_refused_was_not_done_and_what_broke_it_may_have_been() {
        assert!(!answered(422, "").may_have_arrived() && !answered(429, "").may_have_arrived());
        assert!(answered(502, "").may_have_arrived());
        for (fault, may) in [
            (Fault::Unreachable, false),
            (Fault::Untrusted, false),
            (Fault::Timeout, true),
            (Fault::Interrupted, true),
            (Fault::Garbled, true),
        ] {
            assert_eq!(
                HttpError::new(&request(), fault, "").may_have_arrived(),
                may
            );
        }
    }

    #[test]
    fn only_a_service_that_answers_in_json_can_say_that_something_does_not_exist() {
        assert!(answered(404, r#"{"error": "none"}"#).is_not_found());
        assert!(!answered(404, "<html>").is_not_found() && !answered(410, "{}").is_not_found());
    }
}
