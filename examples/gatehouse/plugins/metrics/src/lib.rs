//! Counts what happens, in the text format of Prometheus: over HTTP, and in a file for the collector of a node.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use gatehouse_api::{Metrics, Page};
use treenail::{Component, Config, Deps, Error, Handle, Shutdown};

treenail::plugin!();

/// Configuration of [`Counters`].
#[derive(treenail::serde::Deserialize, treenail::schemars::JsonSchema)]
#[serde(crate = "treenail::serde", default, deny_unknown_fields)]
#[schemars(crate = "treenail::schemars")]
pub struct CountersConfig {
    /// The file that is written again and again, if any.
    pub file: Option<PathBuf>,
    /// How often.
    pub interval: treenail::Duration,
}

impl Default for CountersConfig {
    fn default() -> Self {
        Self {
            file: None,
            interval: Duration::from_secs(10).into(),
        }
    }
}

/// How often each kind of event has happened.
pub struct Counters {
    counts: Mutex<BTreeMap<&'static str, u64>>,
    config: CountersConfig,
    handle: Arc<Handle>,
}

impl Counters {
    fn counts(&self) -> MutexGuard<'_, BTreeMap<&'static str, u64>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn text(&self) -> String {
        let mut text = "# TYPE gatehouse_events_total counter\n".to_owned();
        for (event, count) in &*self.counts() {
            text += &format!("gatehouse_events_total{{event=\"{event}\"}} {count}\n");
        }
        text
    }

    async fn write(&self) -> io::Result<()> {
        match &self.config.file {
            Some(file) => tokio::fs::write(file, self.text()).await,
            None => Ok(()),
        }
    }
}

impl Component for Counters {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            counts: Mutex::default(),
            config,
            handle: deps.handle,
        })
    }

    async fn start(&self) -> treenail::Result<()> {
        let written = self.write().await;
        written.map_err(|error| Error::from(error).context("cannot write the metrics"))
    }

    async fn work(&self, shutdown: Shutdown) -> treenail::Result<()> {
        loop {
            tokio::select! {
                () = shutdown.requested() => return Ok(()),
                () = tokio::time::sleep(self.config.interval.get()) => {}
            }
            match self.write().await {
                Ok(()) => self.handle.ok(),
                Err(error) => self.handle.recoverable(error),
            }
        }
    }

    async fn stop(&self) -> treenail::Result<()> {
        Ok(self.write().await?)
    }
}

impl Metrics for Counters {
    fn count(&self, event: &'static str) {
        *self.counts().entry(event).or_default() += 1;
    }
}

/// The page `/metrics`.
pub struct MetricsPage;

impl Page for MetricsPage {
    fn router(deps: MetricsPageDeps) -> Router {
        let text = async |State(counters): State<Arc<Counters>>| counters.text();
        Router::new()
            .route("/", get(text))
            .with_state(deps.counters)
    }
}
