//! The desk over HTTP.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use gatehouse_api::{Page, Refusal, Visitor};
use serde::Deserialize;

use crate::{Desk, DeskPageDeps};

/// The pages below `/desk`.
pub struct DeskPage;

impl Page for DeskPage {
    fn router(deps: DeskPageDeps) -> Router {
        Router::new()
            .route("/", post(announce))
            .route("/{number}/arrive", post(arrive))
            .route("/{number}/leave", post(leave))
            .with_state(deps.desk)
    }
}

#[derive(Deserialize)]
struct Announcement {
    name: String,
    host: String,
}

type Answer = Result<Json<Visitor>, Refusal>;

async fn announce(
    State(desk): State<Arc<Desk>>,
    Json(Announcement { name, host }): Json<Announcement>,
) -> Result<(StatusCode, Json<Visitor>), Refusal> {
    if name.trim().is_empty() || host.trim().is_empty() {
        let why = "a visitor has a `name` and a `host`".to_owned();
        return Err(Refusal(StatusCode::UNPROCESSABLE_ENTITY, why));
    }
    Ok((StatusCode::CREATED, Json(desk.announce(name, host).await?)))
}

async fn arrive(State(desk): State<Arc<Desk>>, Path(number): Path<u64>) -> Answer {
    desk.arrive(number).await.map(Json)
}

async fn leave(State(desk): State<Arc<Desk>>, Path(number): Path<u64>) -> Answer {
    desk.leave(number).await.map(Json)
}
