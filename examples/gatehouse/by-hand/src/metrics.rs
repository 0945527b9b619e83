//! Counts what happens, in the text format of Prometheus.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::Result;
use crate::health::Board;

/// How often each kind of event has happened.
pub(crate) struct Counters {
    counts: Mutex<BTreeMap<&'static str, u64>>,
    file: Option<PathBuf>,
}

impl Counters {
    pub(crate) async fn start(file: Option<PathBuf>) -> Result<Self> {
        let counters = Self {
            counts: Mutex::default(),
            file,
        };
        let written = counters.write().await;
        written.map_err(|error| format!("cannot write the metrics: {error}"))?;
        Ok(counters)
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<&'static str, u64>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more of this kind.
    pub(crate) fn count(&self, event: &'static str) {
        *self.counts().entry(event).or_default() += 1;
    }

    pub(crate) fn text(&self) -> String {
        let mut text = "# TYPE gatehouse_events_total counter\n".to_owned();
        for (event, count) in &*self.counts() {
            text += &format!("gatehouse_events_total{{event=\"{event}\"}} {count}\n");
        }
        text
    }

    pub(crate) async fn write(&self) -> io::Result<()> {
        match &self.file {
            Some(file) => tokio::fs::write(file, self.text()).await,
            None => Ok(()),
        }
    }

    /// Writes the file, again and again, until the end.
    pub(crate) async fn write_every(
        self: Arc<Self>,
        interval: Duration,
        board: Arc<Board>,
        mut end: watch::Receiver<bool>,
    ) {
        loop {
            tokio::select! {
                _ = end.wait_for(|end| *end) => return,
                () = tokio::time::sleep(interval) => {}
            }
            match self.write().await {
                Ok(()) => board.ok("metrics"),
                Err(error) => board.recoverable("metrics", error.to_string()),
            }
        }
    }
}
