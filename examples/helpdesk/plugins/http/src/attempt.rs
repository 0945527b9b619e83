//! One attempt: a request, its redirects, and an answer that is read as far as it may be.

use std::time::{Duration, Instant, SystemTime};

use helpdesk_http_client::{Fault, HeaderMap, HttpError, Request, Response, StatusCode, Url};

use crate::connections::Connections;
use crate::redirect::{Turn, turn};
use crate::{ClientConfig, failure, retry};

/// So many redirects are followed.
const REDIRECTS: usize = 5;
/// So much is read of an answer that is no success, in bytes.
const EXPLANATION: usize = 64 * 1024;

/// Sends the request once and gives the answer, with an error for each that is no success.
pub(crate) async fn send(
    connections: &Connections,
    config: &ClientConfig,
    request: &Request,
    deadline: Instant,
) -> Result<Response, HttpError> {
    let limit = request.attempt_timeout().unwrap_or(Duration::MAX);
    let deadline = Instant::now()
        .checked_add(limit)
        .map_or(deadline, |end| end.min(deadline));
    let mut url = request.url().clone();
    for _ in 0..=REDIRECTS {
        let answer = ask(connections, request, &url, deadline).await?;
        match turn(request.method(), &url, answer.status(), answer.headers()) {
            Turn::Stay => return read(request, answer, config.response_limit as usize).await,
            Turn::Follow(next) => url = next,
            Turn::Refuse(reason) => {
                let (status, headers) = (answer.status(), answer.headers().clone());
                let error = HttpError::new(request, Fault::Redirected, &reason);
                return Err(error.answered(status, headers, Vec::new()));
            }
        }
    }
    let reason = format!("more than {REDIRECTS} times");
    Err(HttpError::new(request, Fault::Redirected, &reason))
}

/// The head of the answer at this address.
async fn ask(
    connections: &Connections,
    request: &Request,
    url: &Url,
    deadline: Instant,
) -> Result<reqwest::Response, HttpError> {
    let unsendable = |reason: &str| HttpError::new(request, Fault::Unsendable, reason);
    if !matches!(url.scheme(), "http" | "https") {
        return Err(unsendable(
            "the address has to begin with http:// or https://",
        ));
    }
    let pool = connections
        .to(url, request.trusted())
        .map_err(|reason| HttpError::new(request, Fault::Untrusted, &reason))?;
    let mut sending = pool
        .request(request.method().clone(), url.clone())
        .headers(request.headers().clone())
        .timeout(deadline.saturating_duration_since(Instant::now()));
    if let Some(body) = request.body() {
        sending = sending.body(body.to_vec());
    }
    sending
        .send()
        .await
        .map_err(|error| failure::of(request, error))
}

/// The whole answer, unless it is larger than `limit`.
async fn read(
    request: &Request,
    mut answer: reqwest::Response,
    limit: usize,
) -> Result<Response, HttpError> {
    let (status, headers) = (answer.status(), answer.headers().clone());
    let limit = if status.is_success() {
        limit
    } else {
        limit.min(EXPLANATION)
    };
    let mut body = Vec::new();
    let announced = answer.content_length().unwrap_or(0);
    let mut whole = !status.is_success() || announced <= limit as u64;
    while whole {
        match answer.chunk().await {
            Ok(Some(chunk)) => {
                let room = limit - body.len();
                whole = chunk.len() <= room;
                body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            }
            Ok(None) => break,
            // That an explanation is cut off does not make it another error.
            Err(_) if !status.is_success() => break,
            Err(error) => return Err(failure::of(request, error).answered(status, headers, body)),
        }
    }
    if !whole && status.is_success() {
        return Err(too_large(request, status, headers, limit));
    }
    let pause = retry::asked(&headers, SystemTime::now());
    Response::new(request, status, headers, body).map_err(|error| error.retry_after(pause))
}

fn too_large(request: &Request, status: StatusCode, headers: HeaderMap, limit: usize) -> HttpError {
    let detail = format!("more than {limit} bytes");
    HttpError::new(request, Fault::TooLarge, &detail).answered(status, headers, Vec::new())
}
