//! What is answered.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Response, StatusCode};
use serde_json::{Value, json};

/// What can be asked for.
pub trait Pages: Send + Sync + 'static {
    /// The paths that there are; whoever asks for another one is told these.
    const PATHS: &'static [&'static str];

    /// The answer at one of these paths, `None` at any other.
    fn answer(&self, path: &str) -> Option<Answer>;
}

/// An answer. No cache keeps it.
#[derive(Debug)]
pub struct Answer(Response<Full<Bytes>>);

impl Answer {
    /// A text of this type, as `text/html; charset=utf-8`.
    #[must_use]
    pub fn text(content_type: &'static str, text: String) -> Self {
        let mut response = Response::new(Full::from(text));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Self(response)
    }

    /// A JSON document.
    #[must_use]
    pub fn json(status: StatusCode, body: &Value) -> Self {
        let mut answer = Self::text("application/json", format!("{body}\n"));
        *answer.0.status_mut() = status;
        answer
    }
}

/// Answers a request.
pub(crate) fn answer<P: Pages>(pages: &P, method: &Method, path: &str) -> Response<Full<Bytes>> {
    if ![Method::GET, Method::HEAD].contains(method) {
        let allowed = json!({"allowed": "GET, HEAD"});
        let mut refusal = Answer::json(StatusCode::METHOD_NOT_ALLOWED, &allowed).0;
        refusal
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refusal;
    }
    let answer = pages.answer(path);
    answer
        .unwrap_or_else(|| Answer::json(StatusCode::NOT_FOUND, &json!({"paths": P::PATHS})))
        .0
}
