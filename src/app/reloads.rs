//! What an application keeps for its reloads.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::generation::Generation;
use crate::config::Settings;

/// Reloads of an application: one at a time, and none once it ends.
pub(super) struct Reloads {
    pub(super) one: Arc<tokio::sync::Mutex<()>>,
    /// Closes when the application ends.
    wanted: Mutex<Option<watch::Sender<()>>>,
    /// Is told of each generation.
    publish: Mutex<Option<Publish>>,
    /// What the configuration came from; `None`: there is no `Reloader`.
    settings: Mutex<Option<Settings>>,
}

/// Is called with each generation.
pub(super) type Publish = Arc<dyn Fn(Arc<Generation>) + Send + Sync>;

impl Default for Reloads {
    fn default() -> Self {
        Self {
            one: Arc::default(),
            wanted: Mutex::new(Some(watch::Sender::new(()))),
            publish: Mutex::default(),
            settings: Mutex::default(),
        }
    }
}

impl Reloads {
    /// The one that is under way is given up, and no further one begins.
    pub(super) async fn end(&self) -> tokio::sync::OwnedMutexGuard<()> {
        drop(self.wanted().take());
        Arc::clone(&self.one).lock_owned().await
    }

    pub(super) fn wanted(&self) -> MutexGuard<'_, Option<watch::Sender<()>>> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn settings(&self) -> MutexGuard<'_, Option<Settings>> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn publish(&self) -> MutexGuard<'_, Option<Publish>> {
        self.publish.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
