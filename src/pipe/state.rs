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

/// Whether steps begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Going {
    On,
    /// None does until this is over: a reload is under way.
    Paused,
    /// None does any more.
    Stopped,
}

impl Going {
    /// Whether that ends something. `between`: it is no part of a cycle.
    fn ends(self, between: bool) -> bool {
        match self {
            Self::On => false,
            Self::Paused => between,
            Self::Stopped => true,
        }
    }
}

/// What all steps share.
pub(super) struct PipelineState {
    pub(super) environment: Arc<BTreeMap<String, String>>,
    pub(super) redactor: Redactor,
    /// The root counts cycles.
    repeats: bool,
    observers: RwLock<Arc<Vec<StepObserver>>>,
    going: watch::Sender<Going>,
    cycles: AtomicU64,
    /// The number of the last cycle of this run.
    last: AtomicU64,
}

impl PipelineState {
    pub(super) fn new(
        environment: Arc<BTreeMap<String, String>>,
        redactor: Redactor,
        repeats: bool,
    ) -> Self {
        Self {
            environment,
            redactor,
            repeats,
            observers: RwLock::default(),
            going: watch::Sender::new(Going::On),
            cycles: AtomicU64::new(0),
            last: AtomicU64::new(u64::MAX),
        }
    }

    /// Of the pipeline that takes the place of this one's.
    pub(super) fn next(&self, environment: Arc<BTreeMap<String, String>>, repeats: bool) -> Self {
        let observers = self.observers();
        Self {
            environment,
            redactor: self.redactor.clone(),
            repeats,
            observers: RwLock::new(observers),
            going: watch::Sender::new(Going::On),
            cycles: AtomicU64::new(self.cycles()),
            last: AtomicU64::new(self.last.load(Ordering::SeqCst)),
        }
    }

    fn observers(&self) -> Arc<Vec<StepObserver>> {
        let observers = self.observers.read();
        Arc::clone(&observers.unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn observe(&self, observer: StepObserver) {
        let observers = self.observers.write();
        let mut observers = observers.unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut observers).push(observer);
    }

    /// Allows cycles up to this number. Answers whether there is one left to run.
    pub(super) fn allow_cycles_to(&self, last: u64) -> bool {
        self.last.store(last, Ordering::SeqCst);
        self.cycles() < last && *self.going.borrow() == Going::On
    }

    /// Asks the run to end.
    pub(super) fn stop(&self) {
        self.going.send_replace(Going::Stopped);
    }

    /// Asks the run to end, for now.
    pub(super) fn pause(&self) {
        self.change(Going::On, Going::Paused);
    }

    pub(super) fn resume(&self) {
        self.change(Going::Paused, Going::On);
    }

    fn change(&self, from: Going, to: Going) {
        self.going.send_if_modified(|going| {
            let is_so = *going == from;
            if is_so {
                *going = to;
            }
            is_so
        });
    }

    /// Whether a run that has ended was paused, and goes on later.
    pub(super) fn is_paused(&self) -> bool {
        self.repeats && *self.going.borrow() == Going::Paused
    }

    pub(super) fn tell(&self, event: &StepEvent<'_>) {
        for observer in self.observers().iter() {
            observer(event);
        }
    }

    /// Whether a step that is running, at this depth below the root, is to end. While the pipeline is paused a root that repeats
    /// is, and what it has begun comes to its end.
    pub(super) fn is_stopping(&self, depth: usize) -> bool {
        self.going.borrow().ends(self.repeats && depth == 0)
    }

    /// Whether a step at this depth does not begin any more.
    pub(super) fn refuses(&self, depth: usize) -> bool {
        self.going.borrow().ends(self.repeats && depth <= 1)
    }

    pub(super) async fn stopped(&self, depth: usize) {
        // The sender lives in `self`, so waiting cannot fail before the value is there.
        let mut going = self.going.subscribe();
        let between = self.repeats && depth == 0;
        let _ = going.wait_for(|going| going.ends(between)).await;
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
        number < self.last.load(Ordering::SeqCst) && !self.is_stopping(0)
    }
}
