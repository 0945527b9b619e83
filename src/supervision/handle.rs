//! A component's handle on its own life in the application.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use super::Supervision;
use super::board::Row;
use super::catch_panic::CatchPanic;
use super::event::{LOG_TARGET, LifecycleEvent};
use super::outcome::{Outcome, Phase, StepFuture};
use super::status::{State, Status};
use super::supervised::Supervised;
use super::tasks::{Shutdown, Tasks};
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
    component: Arc<Supervised>,
}

impl Handle {
    /// Of a component that is not shown yet, with its plugin, and whether that is optional.
    pub(crate) fn new(
        supervision: Arc<Supervision>,
        name: String,
        plugin: &'static str,
        optional: bool,
    ) -> Self {
        Self {
            supervision,
            component: Arc::new(Supervised::new(name, plugin, optional)),
        }
    }

    /// Shows the components that have these handles, in this order, and no more those that are `gone`.
    pub(crate) fn show(supervision: &Supervision, shown: &[&Self], gone: &[&Self]) {
        fn rows<'h>(handles: &[&'h Handle]) -> Vec<&'h Row> {
            handles.iter().map(|one| &one.component.row).collect()
        }
        supervision.board.show(&rows(shown), &rows(gone));
    }

    /// A number that all handles of this component have, and no others.
    #[cfg(feature = "config")]
    pub(crate) fn identity(&self) -> usize {
        Arc::as_ptr(&self.component).addr()
    }

    /// A handle of a component that is in no application: for tests that build one by hand. It can be reported to, its
    /// [`status`](Self::status) read, and it can have tasks, which end with the tokio runtime.
    #[must_use]
    pub fn detached(component: &str) -> Arc<Self> {
        let supervision = Arc::new(Supervision::new(Redactor::default()));
        let handle = Self::new(supervision, component.to_owned(), "", false);
        Self::show(&handle.supervision, &[&handle], &[]);
        handle.set(State::Starting, None);
        handle.set(State::Ok, None);
        Arc::new(handle)
    }

    /// The component's state, as it is now.
    #[must_use]
    pub fn status(&self) -> Status {
        self.supervision.board.one(&self.component.row)
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
        self.spawn_fallible(Box::pin(async move {
            task.await;
            Ok(())
        }));
    }

    /// Spawns a task that may fail. What goes wrong once it has been asked to end is told with the stop of the component.
    pub(crate) fn spawn_fallible(&self, task: StepFuture<()>) {
        let task = self.step_of(task);
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
        if !self.component.tasks.spawn(task) {
            tracing::debug!(
                target: LOG_TARGET,
                component = self.component.row.component(),
                "stopped already: a task was not spawned"
            );
        }
    }

    /// Tells tasks of the component when to end.
    #[must_use]
    pub fn shutdown(&self) -> Shutdown {
        self.component.tasks.shutdown()
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
        CatchPanic::new(step, &self.supervision, &self.component)
    }

    pub(crate) fn without_secrets(&self, outcome: Outcome) -> Outcome {
        outcome.without_secrets(&self.supervision.redactor)
    }

    /// Drops something of the component's.
    pub(crate) fn discard<T>(&self, value: T) {
        self.component.discard(value, &self.supervision);
    }

    pub(crate) fn tasks(&self) -> &Tasks {
        &self.component.tasks
    }

    pub(crate) fn state(&self) -> State {
        self.supervision.board.get(&self.component.row)
    }

    /// The lifecycle puts the component into a state.
    pub(crate) fn set(&self, state: State, reason: Option<String>) {
        self.supervision
            .board
            .set(&self.component.row, state, reason);
    }

    pub(crate) fn report(&self, state: State, reason: Option<String>) {
        self.supervision.report(&self.component.row, state, reason);
    }

    pub(crate) fn run_failed(&self, failure: String) {
        let row = &self.component.row;
        self.supervision.board.run_failed(row, failure);
    }

    pub(crate) fn run_held(&self) {
        self.supervision.board.run_held(&self.component.row);
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
