//! Says over HTTP how the program is: to probes, and to whoever runs it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use gatehouse_api::Page;
use treenail::{AppHandle, Component, Config, Deps, Health, Report, Status};

treenail::plugin!();

/// Knows how the program is.
pub struct Admin {
    app: Arc<AppHandle>,
}

impl Component for Admin {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self { app: deps.app })
    }
}

/// The pages below `/health`.
pub struct HealthPage;

impl Page for HealthPage {
    fn router(deps: HealthPageDeps) -> Router {
        Router::new()
            .route("/live", get(async |admin| probe(admin, Health::is_live)))
            .route("/ready", get(async |admin| probe(admin, Health::is_ready)))
            .with_state(deps.admin)
    }
}

fn probe(State(admin): State<Arc<Admin>>, well: fn(&Health) -> bool) -> (StatusCode, Json<Health>) {
    let health = admin.app.health();
    let status = if well(&health) {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(health))
}

/// The pages below `/admin`.
pub struct AdminPage;

impl Page for AdminPage {
    fn router(deps: AdminPageDeps) -> Router {
        Router::new()
            .route("/health", get(health))
            .route("/status", get(status))
            .route("/report", get(report))
            .with_state(deps.admin)
    }
}

async fn health(State(admin): State<Arc<Admin>>) -> Json<Health> {
    Json(admin.app.health())
}

async fn status(State(admin): State<Arc<Admin>>) -> Json<Vec<Status>> {
    Json(admin.app.status())
}

async fn report(State(admin): State<Arc<Admin>>) -> Json<Report> {
    Json(admin.app.report())
}
