//! What is answered.

use std::fmt;

use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::{Fault, HttpError, Request};

/// A whole answer whose status is a success.
#[derive(Clone)]
pub struct Response {
    request: Request,
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Response {
    /// An answer to this request: for providers of [`Http`](crate::Http), and for doubles.
    ///
    /// # Errors
    /// The answer as an error, if its status is no success.
    pub fn new(
        request: &Request,
        status: StatusCode,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Self, HttpError> {
        if !status.is_success() {
            let error = HttpError::new(request, Fault::Status, "").answered(status, headers, body);
            return Err(error);
        }
        Ok(Self {
            request: request.clone(),
            status,
            headers,
            body,
        })
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as it came.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as what it should be.
    ///
    /// # Errors
    /// [`Fault::Garbled`] if it is no JSON, or JSON of another form.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, HttpError> {
        serde_json::from_slice(&self.body)
            .map_err(|error| self.fault(Fault::Garbled, &error.to_string()))
    }

    /// An error about this answer: it is well-formed, but does not say what it should.
    #[must_use]
    pub fn fault(&self, fault: Fault, detail: &str) -> HttpError {
        let (headers, body) = (self.headers.clone(), self.body.clone());
        HttpError::new(&self.request, fault, detail).answered(self.status, headers, body)
    }
}

/// Which question, which status, how many bytes; not the bytes.
impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            request, status, ..
        } = self;
        write!(
            formatter,
            "{request:?}: {status}, {} bytes",
            self.body.len()
        )
    }
}
