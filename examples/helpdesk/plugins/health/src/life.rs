//! The application as the endpoint sees it: how every component is, and since when.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use treenail::{AppHandle, Health, Shutdown, State, Status};

/// The application, and when its components got into the states that they are in.
pub(crate) struct Life {
    app: Arc<AppHandle>,
    /// By component: the state that it was last seen in, and when it got there, unless it was there from the beginning.
    seen: Mutex<BTreeMap<String, (State, Option<Timestamp>)>>,
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
        let is_first = seen.is_empty();
        // What a reload has stopped is forgotten.
        let before = std::mem::take(&mut *seen);
        let dated = statuses.into_iter().map(|now| {
            let since = match before.get(&now.component) {
                Some((state, since)) if *state == now.state => *since,
                None if is_first => None,
                _ => Some(Timestamp::now()),
            };
            seen.insert(now.component.clone(), (now.state, since));
            (now, since)
        });
        dated.collect()
    }
}
