//! A component's handle on its own life in the application.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use super::Supervision;
use super::catch_panic::CatchPanic;
use super::event::{LOG_TARGET, LifecycleEvent};
use super::outcome::{Outcome, Phase, StepFuture};
use super::status::{State, Status};
use super::tasks::Shutdown;
use crate::error::Result;
use crate::redact::Redactor;

/// A component's handle on its own life: reports its state, and has tasks that end with it.
///
/// A component asks for it like for a service: `requires = { handle = "treenail::Handle" }`. Every component gets its
/// own. It may be cloned, and used from everywhere.
///
/// ```ignore
/// impl Component for Poller {
///     async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
///         Ok(Self { handle: deps.handle, url: config.url })
///     }
///
///     async fn work(&self, shutdown: treenail::Shutdown) -> treenail::Result<()> {
///         while !shutdown.is_requested() {
///             match self.poll().await {
///                 Ok(()) => self.handle.ok(),
///                 Err(error) => self.handle.recoverable(error),
///             }
///         }
///         Ok(())
///     }
/// }
/// ```
///
/// The states are described at [`State`]. What is reported shows in `App::status`, `App::watch` and `App::health`.
#[derive(Clone)]
pub struct Handle {
    supervision: Arc<Supervision>,
    node: usize,
}

impl Handle {
    pub(crate) fn new(supervision: Arc<Supervision>, node: usize) -> Self {
        Self { supervision, node }
    }

    /// A handle of a component that is in no application: for tests that build one by hand. It can be reported to, its
    /// [`status`](Self::status) read, and it can have tasks, which end with the tokio runtime.
    #[must_use]
    pub fn detached(component: &str) -> Arc<Self> {
        let nodes = [(component.to_owned(), "", false)].into_iter();
        let supervision = Supervision::new(nodes, Redactor::default());
        supervision.board.set(0, State::Starting, None);
        supervision.board.set(0, State::Ok, None);
        Arc::new(Self::new(Arc::new(supervision), 0))
    }

    /// The component's state, as it is now.
    #[must_use]
    pub fn status(&self) -> Status {
        self.supervision.board.one(self.node)
    }

    /// All is well, again. To say so once more changes nothing, and is no event. After a run that failed it counts once the
    /// next run has held for as long as the component's `restart` says.
    pub fn ok(&self) {
        self.report(State::Ok, None);
    }

    /// Something is wrong that may pass.
    pub fn recoverable(&self, reason: impl fmt::Display) {
        self.report(State::Recoverable, Some(reason.to_string()));
    }

    /// The component has failed for good. What does not depend on it goes on.
    pub fn permanent(&self, reason: impl fmt::Display) {
        self.report(State::Permanent, Some(reason.to_string()));
    }

    /// The component has failed, and the application cannot go on: `App::run` stops everything, in order, and gives an
    /// error that names the component.
    pub fn fatal(&self, reason: impl fmt::Display) {
        self.report(State::Fatal, Some(reason.to_string()));
    }

    /// Spawns a task that belongs to the component. When the component stops, before its
    /// [`stop`](crate::Component::stop) is called, the task is asked to end through [`shutdown`](Self::shutdown), awaited
    /// until the deadline, and then aborted. A panic in it makes the component `Permanent`.
    ///
    /// Where the component has stopped already, nothing is spawned.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.spawn_fallible(async move {
            task.await;
            Ok(())
        });
    }

    /// Spawns a task that may fail. What goes wrong once it has been asked to end is told with the stop of the component.
    pub(crate) fn spawn_fallible(&self, task: impl Future<Output = Result<()>> + Send + 'static) {
        let task = self.step_of(Box::pin(task));
        let handle = self.clone();
        let task = async move {
            let outcome = task.await.err()?;
            let failure = match &outcome {
                Outcome::Panicked(_) => format!("a task of it {outcome}"),
                _ => outcome.to_string(),
            };
            if handle.shutdown().is_requested() {
                return Some(failure);
            }
            handle.permanent(failure);
            None
        };
        if !self.supervision.tasks[self.node].spawn(task) {
            tracing::debug!(
                target: LOG_TARGET,
                component = self.status().component,
                "stopped already: a task was not spawned"
            );
        }
    }

    /// Tells tasks of the component when to end.
    #[must_use]
    pub fn shutdown(&self) -> Shutdown {
        self.supervision.tasks[self.node].shutdown()
    }

    /// A step of the component, which has this name, with the fault that a test asked for.
    pub(crate) fn step<T: Send + 'static>(
        &self,
        component: &str,
        phase: Phase,
        step: StepFuture<T>,
    ) -> CatchPanic<T> {
        self.step_of(self.supervision.with_fault(component, phase, step))
    }

    /// A step for the component, with its panics caught.
    pub(crate) fn step_of<T>(&self, step: StepFuture<T>) -> CatchPanic<T> {
        CatchPanic::new(step, Arc::clone(&self.supervision), self.node)
    }

    pub(crate) fn without_secrets(&self, outcome: Outcome) -> Outcome {
        outcome.without_secrets(&self.supervision.redactor)
    }

    /// Drops something of the component's.
    pub(crate) fn discard<T>(&self, value: T) {
        self.supervision.discard(self.node, value);
    }

    pub(crate) fn report(&self, state: State, reason: Option<String>) {
        self.supervision.report(self.node, state, reason);
    }

    pub(crate) fn run_failed(&self, failure: String) {
        self.supervision.board.run_failed(self.node, failure);
    }

    pub(crate) fn run_held(&self) {
        self.supervision.board.run_held(self.node);
    }

    pub(crate) fn tell(&self, event: &LifecycleEvent<'_>) {
        self.supervision.tell(event);
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({})", self.status())
    }
}
