//! What an application knows of its components while they live: the state of each, its tasks, how its steps ended, and who
//! is told. A component reaches it through its [`Handle`].

mod blocking;
mod board;
mod catch_panic;
mod event;
#[cfg(feature = "testing")]
mod fault;
mod handle;
mod health;
mod outcome;
mod status;
mod supervised;
mod tasks;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::catch;
use crate::redact::Redactor;
pub(crate) use blocking::{has_several_threads, poll_apart};
use board::{Row, StatusBoard};
pub(crate) use catch_panic::CatchPanic;
pub(crate) use event::LOG_TARGET;
pub use event::LifecycleEvent;
use event::log;
#[cfg(feature = "testing")]
pub use fault::Fault;
#[cfg(feature = "testing")]
pub(crate) use fault::Faults;
pub use handle::Handle;
pub use health::Health;
pub(crate) use outcome::StepFuture;
pub use outcome::{Outcome, Phase, StrayPanic};
use status::StatusChange;
pub use status::{State, Status, Watch};
pub use tasks::Shutdown;
pub(crate) use tasks::abort_and_wait;

/// Who is told what happens, as it happens.
pub(crate) type LifecycleObserver = Arc<dyn Fn(&LifecycleEvent<'_>) + Send + Sync>;

/// What is known of all nodes of an application together. It holds no component, so a component may hold it.
pub(crate) struct Supervision {
    pub(crate) board: StatusBoard,
    pub(crate) redactor: Redactor,
    /// Called at everything that happens.
    pub(crate) observer: Option<LifecycleObserver>,
    /// Panics that no step ended with, until a report takes them.
    strays: Mutex<Vec<StrayPanic>>,
    #[cfg(feature = "testing")]
    pub(crate) faults: Faults,
}

impl Supervision {
    pub(crate) fn new(redactor: Redactor) -> Self {
        Self {
            board: StatusBoard::new(),
            redactor,
            observer: None,
            strays: Mutex::default(),
            #[cfg(feature = "testing")]
            faults: Faults::default(),
        }
    }

    /// A component's step, with the fault that a test asked for.
    #[cfg_attr(not(feature = "testing"), allow(clippy::unused_self, unused_variables))]
    pub(crate) fn with_fault<T: Send + 'static>(
        &self,
        component: &str,
        phase: Phase,
        step: StepFuture<T>,
    ) -> StepFuture<T> {
        #[cfg(feature = "testing")]
        let step = self.faults.inject(component, phase, step);
        step
    }

    /// Tells whoever watches.
    pub(crate) fn tell(&self, event: &LifecycleEvent<'_>) {
        log(event);
        if let Some(observer) = &self.observer
            && let Err(message) = catch(|| observer(event))
        {
            self.panicked(None, &message);
        }
    }

    /// A panic that no step ended with: of a component, or of the observer. Of each the first one is kept for a report.
    pub(crate) fn panicked(&self, component: Option<&str>, message: &str) {
        let panic = StrayPanic {
            component: component.map(str::to_owned),
            message: self.redactor.redact(message).into_owned(),
        };
        tracing::error!(target: LOG_TARGET, "{panic}");
        let mut strays = self.strays();
        if strays.iter().all(|one| one.component != panic.component) {
            strays.push(panic);
        }
    }

    fn strays(&self) -> MutexGuard<'_, Vec<StrayPanic>> {
        self.strays.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The panics that no step ended with and no report has told yet.
    pub(crate) fn take_strays(&self) -> Vec<StrayPanic> {
        std::mem::take(&mut self.strays())
    }

    /// A component reports a state of its own.
    fn report(&self, row: &Row, state: State, reason: Option<String>) {
        let reason = reason.map(|reason| self.redactor.redact(&reason).into_owned());
        let change = self.board.report(row, state, reason);
        let now = self.board.one(row);
        match change {
            StatusChange::Made => self.tell(&LifecycleEvent::Reported(&now)),
            StatusChange::Nothing => {}
            StatusChange::Refused => {
                let Status {
                    component,
                    state: now,
                    ..
                } = now;
                tracing::debug!(target: LOG_TARGET, component, reported = %state, %now, "a report that comes too late or too early");
            }
        }
    }
}
