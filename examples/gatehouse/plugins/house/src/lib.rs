//! Says who is on the list, and who has arrived.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use gatehouse_api::{Page, Refusal, Stage, Visitor};
use serde::Deserialize;

treenail::plugin!();

/// So long may somebody wait for an arrival: not as long as the server waits for requests when it stops.
const PATIENCE: u64 = 8;
/// So long it takes at most until an arrival is seen.
const GLANCE: Duration = Duration::from_millis(100);

/// The pages below `/visitors`.
pub struct Visitors;

impl Page for Visitors {
    fn router(deps: VisitorsDeps) -> Router {
        Router::new()
            .route("/", get(list))
            .route("/{number}", get(one))
            .route("/{number}/arrival", get(arrival))
            .with_state(Arc::new(deps))
    }
}

type House = State<Arc<VisitorsDeps>>;

async fn list(State(house): House) -> Result<Json<Vec<Visitor>>, Refusal> {
    Ok(Json(house.store.all().await?))
}

async fn one(State(house): House, Path(number): Path<u64>) -> Result<Json<Visitor>, Refusal> {
    find(&house, number).await.map(Json)
}

async fn find(house: &VisitorsDeps, number: u64) -> Result<Visitor, Refusal> {
    let found = house
        .store
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
    State(house): House,
    Path(number): Path<u64>,
    Query(wait): Query<Wait>,
) -> Result<Json<Visitor>, Refusal> {
    let end = house.clock.now() + Duration::from_secs(wait.within.min(PATIENCE));
    loop {
        let visitor = find(&house, number).await?;
        if visitor.stage != Stage::Announced || house.clock.now() >= end {
            return Ok(Json(visitor));
        }
        house.clock.sleep(GLANCE).await;
    }
}
