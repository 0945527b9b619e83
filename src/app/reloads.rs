//! What an application keeps for its reloads.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::changes::Changes;
use super::generation::Generation;
use crate::config::Settings;
use crate::lifecycle::ReloadError;
use crate::supervision::LOG_TARGET;

/// Reloads of an application: one at a time, and none once it ends.
pub(super) struct Reloads {
    pub(super) one: Arc<tokio::sync::Mutex<()>>,
    /// Closes when the application ends.
    wanted: Mutex<Option<watch::Sender<()>>>,
    /// Is told of each generation.
    publish: Mutex<Option<Publish>>,
    /// What the configuration came from; `None`: there is no `Reloader`.
    settings: Mutex<Option<Settings>>,
    /// Are told what came of each reload.
    observers: Mutex<Vec<Observer>>,
}

/// Is called with what came of a reload.
pub(super) type Observer = Arc<dyn Fn(&Result<Changes, ReloadError>) + Send + Sync>;

/// Is called with each generation.
pub(super) type Publish = Arc<dyn Fn(Arc<Generation>) + Send + Sync>;

impl Default for Reloads {
    fn default() -> Self {
        Self {
            one: Arc::default(),
            wanted: Mutex::new(Some(watch::Sender::new(()))),
            publish: Mutex::default(),
            settings: Mutex::default(),
            observers: Mutex::default(),
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

    pub(super) fn observers(&self) -> MutexGuard<'_, Vec<Observer>> {
        let observers = self.observers.lock();
        observers.unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells what came of a reload: to the log, and to all who want to know.
    pub(super) fn tell(&self, reloaded: &Result<Changes, ReloadError>) {
        match reloaded {
            Ok(changes) => {
                tracing::info!(target: LOG_TARGET, generation = changes.generation, took = ?changes.took, "reloaded");
            }
            Err(error) => tracing::error!(target: LOG_TARGET, %error, "reload refused"),
        }
        let observers = self.observers().clone();
        observers.iter().for_each(|observer| observer(reloaded));
    }
}
