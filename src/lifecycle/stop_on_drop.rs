//! What becomes of an application whose owner drops it.

use std::ops::Deref;
use std::sync::Arc;

use super::life::Life;
use crate::future::spawn;

/// Owns what is being started or has started: who drops it stops it, by whatever road, in the background.
pub(crate) struct StopOnDrop {
    life: Arc<Life>,
    /// Where it was started.
    runtime: tokio::runtime::Handle,
}

impl StopOnDrop {
    /// # Panics
    /// Outside of a runtime.
    pub(crate) fn new(life: Arc<Life>) -> Self {
        let runtime = tokio::runtime::Handle::current();
        Self { life, runtime }
    }

    pub(crate) fn runtime(&self) -> &tokio::runtime::Handle {
        &self.runtime
    }
}

impl Deref for StopOnDrop {
    type Target = Life;

    fn deref(&self) -> &Life {
        &self.life
    }
}

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        let life = Arc::clone(&self.life);
        let is_stopped = !life
            .progress()
            .iter()
            .any(|progress| progress.is_to_be_stopped())
            || {
                let stopping = async move {
                    life.stop().await;
                };
                // So it is at once where its runtime is gone.
                spawn(&self.runtime, Box::pin(stopping)).is_finished()
            };
        if is_stopped {
            self.abort_tasks();
        }
    }
}
