//! The application as the endpoint sees it: how every component is, and since when.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use treenail::{AppHandle, Health, Shutdown, State, Status};

/// The application, and when its components got into the states that they are in.
pub(crate) struct Life {
    app: Arc<AppHandle>,
    /// By component: the state that it was last seen in, and when it got there, unless it was there from the beginning.
    seen: Mutex<Vec<(State, Option<Timestamp>)>>,
}

impl Life {
    pub(crate) fn new(app: Arc<AppHandle>) -> Self {
        let life = Self {
            app,
            seen: Mutex::default(),
        };
        life.statuses();
        life
    }

    /// Notes every change, until the end.
    pub(crate) async fn watch(&self, shutdown: Shutdown) {
        let mut states = self.app.watch();
        let changes = async {
            while states.changed().await.is_ok() {
                self.statuses();
            }
        };
        tokio::select! {
            () = changes => {}
            () = shutdown.requested() => {}
        }
    }

    pub(crate) fn health(&self) -> Health {
        self.app.health()
    }

    /// How every component is, and since when, as far as that was seen.
    pub(crate) fn statuses(&self) -> Vec<(Status, Option<Timestamp>)> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let statuses = self.app.status();
        if seen.len() != statuses.len() {
            *seen = statuses.iter().map(|now| (now.state, None)).collect();
        }
        for (seen, now) in seen.iter_mut().zip(&statuses) {
            if seen.0 != now.state {
                *seen = (now.state, Some(Timestamp::now()));
            }
        }
        statuses
            .into_iter()
            .zip(seen.iter().map(|(_, since)| *since))
            .collect()
    }
}
