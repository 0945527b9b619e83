//! Who may ask.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use gatehouse_api::Refusal;
use subtle::ConstantTimeEq as _;
use treenail::Secret;

/// Lets requests pass that show the token.
pub(crate) async fn guard(
    State(token): State<Arc<Secret>>,
    request: Request,
    next: Next,
) -> Response {
    let shown = request.headers().get(AUTHORIZATION);
    let shown = shown.and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    if shown.is_some_and(|shown| shown.ct_eq(token.expose().as_bytes()).into()) {
        return next.run(request).await;
    }
    let why = Refusal(
        StatusCode::UNAUTHORIZED,
        "the token is missing, or another one".to_owned(),
    );
    ([(WWW_AUTHENTICATE, "Bearer")], why).into_response()
}
