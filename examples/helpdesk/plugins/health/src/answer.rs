//! What is answered.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Response, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use treenail::Status;

use crate::life::Life;

/// A component, as `/status` shows it.
#[derive(Serialize)]
struct Component {
    #[serde(flatten)]
    status: Status,
    since: Option<String>,
}

/// Answers a request.
pub(crate) fn answer(life: &Life, method: &Method, path: &str) -> Response<Full<Bytes>> {
    let health = life.health();
    if ![Method::GET, Method::HEAD].contains(method) {
        let mut refusal = response(
            StatusCode::METHOD_NOT_ALLOWED,
            &json!({"allowed": "GET, HEAD"}),
        );
        refusal
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refusal;
    }
    match path {
        "/live" => response(well(health.is_live()), &json!(health)),
        "/ready" => response(well(health.is_ready()), &json!(health)),
        "/status" => {
            let components: Vec<_> = life
                .statuses()
                .into_iter()
                .map(|(status, since)| Component {
                    status,
                    since: since.map(|since| format!("{since:.3}")),
                })
                .collect();
            let all = json!({"state": health.state, "components": components});
            response(StatusCode::OK, &all)
        }
        _ => response(
            StatusCode::NOT_FOUND,
            &json!({"paths": ["/live", "/ready", "/status"]}),
        ),
    }
}

fn well(well: bool) -> StatusCode {
    if well {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

fn response(status: StatusCode, body: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(format!("{body}\n")));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
