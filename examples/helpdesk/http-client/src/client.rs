//! The contract itself.

use async_trait::async_trait;
use treenail::Current;

use crate::{HttpError, Request, Response};

/// Sends requests over HTTP.
///
/// It may be called at any time and from any task.
#[async_trait]
pub trait Http: Send + Sync {
    /// Sends a request, again if that may help and the request [may be repeated](Request::repeatable),
    /// and gives the whole answer.
    ///
    /// # Errors
    /// Whatever kept an answer from arriving, and every answer whose status is no success.
    async fn send(&self, request: Request) -> Result<Response, HttpError>;
}

/// Each request is sent by the client that is there when it begins.
#[async_trait]
impl Http for Current<dyn Http> {
    async fn send(&self, request: Request) -> Result<Response, HttpError> {
        self.get().send(request).await
    }
}
