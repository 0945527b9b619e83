//! What is answered.

use std::sync::Arc;

use helpdesk_http_server::{Answer, Pages};
use metrics_exporter_prometheus::PrometheusHandle;
use treenail::AppHandle;

use crate::exposition::Exposition;
use crate::page::Page;
use crate::states;

/// All numbers that there are.
pub(crate) struct Numbers {
    recorder: PrometheusHandle,
    app: Arc<AppHandle>,
}

impl Numbers {
    pub(crate) fn new(recorder: PrometheusHandle, app: Arc<AppHandle>) -> Self {
        Self { recorder, app }
    }
}

impl Pages for Numbers {
    const PATHS: &'static [&'static str] = &["/", "/metrics"];

    fn answer(&self, path: &str) -> Option<Answer> {
        let counted = self.recorder.render();
        let statuses = self.app.status();
        Some(match path {
            "/metrics" => Answer::text(
                "text/plain; version=0.0.4; charset=utf-8",
                counted + &states::exposition(&statuses),
            ),
            "/" => {
                let page = Page {
                    host: self.app.inventory().host(),
                    health: &self.app.health(),
                    statuses: &statuses,
                    counted: &Exposition::of(&counted),
                };
                Answer::text("text/html; charset=utf-8", page.to_string())
            }
            _ => return None,
        })
    }
}
