//! [`Pipeline`]: the root pipe, its observers, and how it is stopped.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::{Mutex, watch};

use super::context::PipeContext;
use super::event::StepEvent;
use super::plan::ReadyStep;
use super::step::Stopping;
use crate::config::problem::place::Origin;
use crate::redact::Redactor;
use crate::{Error, Place, Result};

type Observer = Arc<dyn Fn(&StepEvent<'_>) + Send + Sync>;

/// The pipeline of a started application: the tree of steps below `orchestrator`.
pub struct Pipeline {
    root: Arc<ReadyStep>,
    shared: Arc<Shared>,
    /// Steps have state of their own, so one run at a time.
    running: Mutex<()>,
}

impl fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipeline")
            .field("root", &self.root.id)
            .finish_non_exhaustive()
    }
}

/// What all steps share.
pub(super) struct Shared {
    pub(super) environment: Arc<BTreeMap<String, String>>,
    pub(super) redactor: Redactor,
    sources: Vec<String>,
    observers: RwLock<Vec<Observer>>,
    stop: watch::Sender<bool>,
    cycles: AtomicU64,
    /// The number of the last cycle of this run.
    last: AtomicU64,
}

impl Pipeline {
    pub(super) fn new(
        root: Arc<ReadyStep>,
        environment: Arc<BTreeMap<String, String>>,
        sources: Vec<String>,
        redactor: Redactor,
    ) -> Self {
        let shared = Shared {
            environment,
            redactor,
            sources,
            observers: RwLock::default(),
            stop: watch::Sender::new(false),
            cycles: AtomicU64::new(0),
            last: AtomicU64::new(u64::MAX),
        };
        Self {
            root,
            shared: Arc::new(shared),
            running: Mutex::new(()),
        }
    }

    /// Calls `observer` at everything that happens from now on, in the task that runs the pipeline: be quick. It may call
    /// [`stop`](Self::stop).
    pub fn observe(&self, observer: impl Fn(&StepEvent<'_>) + Send + Sync + 'static) {
        self.shared
            .observers
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Arc::new(observer));
    }

    /// Runs the root pipe until it ends by itself or [`stop`](Self::stop) is called.
    ///
    /// # Errors
    /// The error of a step that nothing around it held up; its [`StepError`](super::StepError) says where it began.
    pub async fn run(&self) -> Result<()> {
        self.run_until(u64::MAX).await
    }

    /// Runs at most this many cycles of the orchestrator.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub async fn run_cycles(&self, cycles: u64) -> Result<()> {
        let done = self.shared.cycles.load(Ordering::SeqCst);
        self.run_until(done.saturating_add(cycles)).await
    }

    async fn run_until(&self, last: u64) -> Result<()> {
        let _one = self.running.lock().await;
        self.shared.last.store(last, Ordering::SeqCst);
        let before = self.shared.cycles.load(Ordering::SeqCst);
        if before >= last || self.shared.is_stopping() {
            return Ok(());
        }
        let context = PipeContext::root(self.shared.clone(), self.root.clone());
        let outcome = context.run_root().await;
        match outcome {
            Err(error) if error.downcast_ref::<Stopping>().is_some() => Ok(()),
            outcome => outcome.map(drop),
        }
    }

    /// Ends the run: no step is cut in the middle, none begins after. A stopped pipeline does not run again.
    pub fn stop(&self) {
        self.shared.stop.send_replace(true);
    }

    /// Stops, and waits for the step that is running.
    pub(crate) async fn finish(&self) {
        self.stop();
        let _idle = self.running.lock().await;
    }
}

impl Shared {
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

    /// Where something was written.
    pub(super) fn place(&self, origin: Origin) -> Option<Place> {
        let source = self.sources.get(origin.layer())?;
        Some(origin.place(source.clone()))
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
