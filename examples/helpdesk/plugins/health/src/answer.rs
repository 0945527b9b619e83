//! What is answered.

use helpdesk_http_server::{Answer, Pages, StatusCode};
use serde::Serialize;
use serde_json::json;
use treenail::Status;

use crate::life::Life;

/// A component, as `/status` shows it.
#[derive(Serialize)]
struct Component {
    #[serde(flatten)]
    status: Status,
    since: Option<String>,
}

impl Pages for Life {
    const PATHS: &'static [&'static str] = &["/live", "/ready", "/status"];

    fn answer(&self, path: &str) -> Option<Answer> {
        let health = self.health();
        Some(match path {
            "/live" => Answer::json(well(health.is_live()), &json!(health)),
            "/ready" => Answer::json(well(health.is_ready()), &json!(health)),
            "/status" => {
                let components: Vec<_> = self
                    .statuses()
                    .into_iter()
                    .map(|(status, since)| Component {
                        status,
                        since: since.map(|since| format!("{since:.3}")),
                    })
                    .collect();
                let all = json!({"state": health.state, "components": components});
                Answer::json(StatusCode::OK, &all)
            }
            _ => return None,
        })
    }
}

fn well(well: bool) -> StatusCode {
    if well {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}
