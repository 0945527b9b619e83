//! How the parts of the program are.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

/// How every part is that has said so.
#[derive(Default)]
pub(crate) struct Board(Mutex<Health>);

/// How the program is.
#[derive(Clone, Default, Serialize)]
pub(crate) struct Health {
    /// Started, and not stopping.
    pub(crate) ready: bool,
    pub(crate) parts: BTreeMap<&'static str, Part>,
}

/// How a part is.
#[derive(Clone, Serialize)]
pub(crate) struct Part {
    state: &'static str,
    reason: Option<String>,
}

impl Board {
    fn health(&self) -> MutexGuard<'_, Health> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn report(&self, part: &'static str, state: &'static str, reason: Option<String>) {
        self.health().parts.insert(part, Part { state, reason });
    }

    /// All is well, again.
    pub(crate) fn ok(&self, part: &'static str) {
        self.report(part, "ok", None);
    }

    /// Something is wrong that may pass.
    pub(crate) fn recoverable(&self, part: &'static str, reason: String) {
        self.report(part, "recoverable", Some(reason));
    }

    /// It has failed for good, and the program goes on without it.
    pub(crate) fn permanent(&self, part: &'static str, reason: String) {
        self.report(part, "permanent", Some(reason));
    }

    /// Whether requests are welcome.
    pub(crate) fn ready(&self, ready: bool) {
        self.health().ready = ready;
    }

    pub(crate) fn now(&self) -> Health {
        self.health().clone()
    }
}
