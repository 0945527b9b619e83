//! [`Pipeline`]: the root pipe, how it is run, and how it is stopped.

use std::fmt;
use std::sync::Arc;

use tokio::sync::Mutex;

use super::context::{PipeContext, ReadyStep};
use super::event::StepEvent;
use super::plan::PipelinePlan;
use super::state::PipelineState;
use super::step::Stopping;
use crate::component::AnyComponent;
use crate::error::Result;
use crate::redact::Redactor;

/// The pipeline of a started application: the tree of steps below `orchestrator`.
pub struct Pipeline {
    root: Arc<ReadyStep>,
    state: Arc<PipelineState>,
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

impl Pipeline {
    /// Puts the built components into a plan. `values` holds those of all instances of the configuration, where `None` is one
    /// that failed. One that takes the place of the pipeline `before` counts on from its cycles, and has its observers.
    pub(crate) fn new(
        plan: &PipelinePlan,
        values: &[Option<AnyComponent>],
        redactor: Redactor,
        before: Option<&Self>,
    ) -> Self {
        let environment = Arc::clone(&plan.environment);
        let repeats = plan.root.binding.repeats;
        let state = match before {
            Some(before) => before.state.next(environment, repeats),
            None => PipelineState::new(environment, redactor, repeats),
        };
        Self {
            root: plan.root.ready(&values[plan.first..], 0),
            state: Arc::new(state),
            running: Mutex::new(()),
        }
    }

    /// Calls `observer` at everything that happens from now on, in the task that runs the pipeline: be quick. It may call
    /// [`stop`](Self::stop).
    pub fn observe(&self, observer: impl Fn(&StepEvent<'_>) + Send + Sync + 'static) {
        self.state.observe(Arc::new(observer));
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
    /// The error that [`run`](Self::run) would end with.
    pub async fn run_cycles(&self, cycles: u64) -> Result<()> {
        let last = self.state.cycles().saturating_add(cycles);
        self.run_until(last).await
    }

    async fn run_until(&self, last: u64) -> Result<()> {
        let _one = self.running.lock().await;
        if !self.state.allow_cycles_to(last) {
            return Ok(());
        }
        let context = PipeContext::root(self.state.clone(), self.root.clone());
        let outcome = context.run_root().await;
        match outcome {
            Err(error) if error.downcast_ref::<Stopping>().is_some() => Ok(()),
            outcome => outcome.map(drop),
        }
    }

    /// Ends the run: no step is cut in the middle, none begins after. A stopped pipeline does not run again.
    pub fn stop(&self) {
        self.state.stop();
    }

    /// Lets no further step of the root begin, and waits for the one that is under way, with all that is in it. Where the root
    /// does not repeat, the whole run is awaited. It is resumed, or another pipeline takes its place.
    pub(crate) async fn pause(&self) {
        self.state.pause();
        let _idle = self.running.lock().await;
    }

    /// It may run again.
    pub(crate) fn resume(&self) {
        self.state.resume();
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.state.is_paused()
    }

    /// Stops, and waits for the step that is running.
    pub(crate) async fn finish(&self) {
        self.stop();
        let _idle = self.running.lock().await;
    }
}
