//! All pages.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use subtle::ConstantTimeEq as _;
use tokio::time::Instant;

use crate::desk::Desk;
use crate::health::{Board, Health};
use crate::metrics::Counters;
use crate::store::Store;
use crate::visitor::{Stage, Visitor};

/// So long may somebody wait for an arrival: not as long as the server waits for requests when it stops.
const PATIENCE: u64 = 8;
/// So long it takes at most until an arrival is seen.
const GLANCE: Duration = Duration::from_millis(100);

/// What the pages are made of.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) desk: Arc<Desk>,
    pub(crate) metrics: Option<Arc<Counters>>,
    pub(crate) board: Arc<Board>,
    pub(crate) token: Arc<SecretString>,
}

/// Why a request is not met, as JSON.
pub(crate) struct Refusal(pub(crate) StatusCode, pub(crate) String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl From<Box<dyn std::error::Error + Send + Sync>> for Refusal {
    fn from(error: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

/// Every page, behind the token unless it is open.
pub(crate) fn router(parts: Parts) -> Router {
    let guarded = Router::new()
        .route("/visitors", get(list))
        .route("/visitors/{number}", get(one))
        .route("/visitors/{number}/arrival", get(arrival))
        .route("/desk", post(announce))
        .route("/desk/{number}/arrive", post(arrive))
        .route("/desk/{number}/leave", post(leave))
        .route("/admin/health", get(health))
        .route("/metrics", get(metrics))
        .layer(from_fn_with_state(Arc::clone(&parts.token), guard));
    Router::new()
        .route("/health/live", get(async || StatusCode::OK))
        .route("/health/ready", get(ready))
        .merge(guarded)
        .fallback(async || Refusal(StatusCode::NOT_FOUND, "there is no such page".to_owned()))
        .with_state(parts)
}

/// Lets requests pass that show the token.
async fn guard(State(token): State<Arc<SecretString>>, request: Request, next: Next) -> Response {
    let shown = request.headers().get(AUTHORIZATION);
    let shown = shown.and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    if shown.is_some_and(|shown| shown.ct_eq(token.expose_secret().as_bytes()).into()) {
        return next.run(request).await;
    }
    let why = Refusal(
        StatusCode::UNAUTHORIZED,
        "the token is missing, or another one".to_owned(),
    );
    ([(WWW_AUTHENTICATE, "Bearer")], why).into_response()
}

async fn list(State(parts): State<Parts>) -> Result<Json<Vec<Visitor>>, Refusal> {
    Ok(Json(parts.store.all().await?))
}

async fn one(
    State(parts): State<Parts>,
    Path(number): Path<u64>,
) -> Result<Json<Visitor>, Refusal> {
    find(&*parts.store, number).await.map(Json)
}

async fn find(store: &dyn Store, number: u64) -> Result<Visitor, Refusal> {
    let found = store
        .all()
        .await?
        .into_iter()
        .find(|visitor| visitor.number == number);
    found.ok_or_else(|| {
        Refusal(
            StatusCode::NOT_FOUND,
            format!("nobody has the number {number}"),
        )
    })
}

#[derive(Deserialize)]
struct Wait {
    /// How many seconds.
    within: u64,
}

/// Answers once the visitor has arrived, or as things are when the time is over.
async fn arrival(
    State(parts): State<Parts>,
    Path(number): Path<u64>,
    Query(wait): Query<Wait>,
) -> Result<Json<Visitor>, Refusal> {
    let end = Instant::now() + Duration::from_secs(wait.within.min(PATIENCE));
    loop {
        let visitor = find(&*parts.store, number).await?;
        if visitor.stage != Stage::Announced || Instant::now() >= end {
            return Ok(Json(visitor));
        }
        tokio::time::sleep(GLANCE).await;
    }
}

#[derive(Deserialize)]
struct Announcement {
    name: String,
    host: String,
}

async fn announce(
    State(parts): State<Parts>,
    Json(Announcement { name, host }): Json<Announcement>,
) -> Result<(StatusCode, Json<Visitor>), Refusal> {
    if name.trim().is_empty() || host.trim().is_empty() {
        let why = "a visitor has a `name` and a `host`".to_owned();
        return Err(Refusal(StatusCode::UNPROCESSABLE_ENTITY, why));
    }
    Ok((
        StatusCode::CREATED,
        Json(parts.desk.announce(name, host).await?),
    ))
}

async fn arrive(
    State(parts): State<Parts>,
    Path(number): Path<u64>,
) -> Result<Json<Visitor>, Refusal> {
    parts.desk.arrive(number).await.map(Json)
}

async fn leave(
    State(parts): State<Parts>,
    Path(number): Path<u64>,
) -> Result<Json<Visitor>, Refusal> {
    parts.desk.leave(number).await.map(Json)
}

async fn ready(State(parts): State<Parts>) -> (StatusCode, Json<Health>) {
    let health = parts.board.now();
    let status = if health.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(health))
}

async fn health(State(parts): State<Parts>) -> Json<Health> {
    Json(parts.board.now())
}

async fn metrics(State(parts): State<Parts>) -> Result<String, Refusal> {
    let absent = || Refusal(StatusCode::NOT_FOUND, "the metrics are left out".to_owned());
    Ok(parts.metrics.ok_or_else(absent)?.text())
}
