//! What all steps of a pipeline share: its observers, its count of cycles, and whether it is to stop.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use super::event::StepEvent;
use crate::error::Error;
use crate::redact::Redactor;

/// Who is told what happens in a pipeline.
pub(super) type StepObserver = Arc<dyn Fn(&StepEvent<'_>) + Send + Sync>;

/// What all steps share.
pub(super) struct PipelineState {
    pub(super) environment: Arc<BTreeMap<String, String>>,
    pub(super) redactor: Redactor,
    observers: RwLock<Vec<StepObserver>>,
    stop: watch::Sender<bool>,
    cycles: AtomicU64,
    /// The number of the last cycle of this run.
    last: AtomicU64,
}

impl PipelineState {
    pub(super) fn new(environment: Arc<BTreeMap<String, String>>, redactor: Redactor) -> Self {
        Self {
            environment,
            redactor,
            observers: RwLock::default(),
            stop: watch::Sender::new(false),
            cycles: AtomicU64::new(0),
            last: AtomicU64::new(u64::MAX),
        }
    }

    pub(super) fn observe(&self, observer: StepObserver) {
        self.observers
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(observer);
    }

    /// Allows cycles up to this number. Answers whether there is one left to run.
    pub(super) fn allow_cycles_to(&self, last: u64) -> bool {
        self.last.store(last, Ordering::SeqCst);
        self.cycles() < last && !self.is_stopping()
    }

    /// Asks the run to end.
    pub(super) fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub(super) fn tell(&self, event: &StepEvent<'_>) {
        let observers = self
            .observers
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        for observer in observers {
            observer(event);
        }
    }

    pub(super) fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    pub(super) async fn stopped(&self) {
        // The sender lives in `self`, so waiting cannot fail before the value is there.
        let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
    }

    pub(super) fn cycles(&self) -> u64 {
        self.cycles.load(Ordering::SeqCst)
    }

    pub(super) fn begin_cycle(&self) {
        let number = self.cycles.fetch_add(1, Ordering::SeqCst) + 1;
        self.tell(&StepEvent::CycleStarted { number });
    }

    /// Whether there is another cycle.
    pub(super) fn end_cycle(&self, error: Option<&Error>) -> bool {
        let number = self.cycles();
        self.tell(&StepEvent::CycleEnded { number, error });
        number < self.last.load(Ordering::SeqCst) && !self.is_stopping()
    }
}
