//! What an application knows of its components while they live: the state of each, its tasks, how its steps ended, and who
//! is told. A component reaches it through its [`Handle`].

mod catch_panic;
mod event;
#[cfg(feature = "testing")]
mod fault;
mod handle;
mod health;
mod outcome;
mod status;
mod tasks;

use std::sync::Arc;

use crate::redact::Redactor;
pub(crate) use catch_panic::{CatchPanic, StepFuture};
pub(crate) use event::LOG_TARGET;
pub use event::LifecycleEvent;
use event::log;
#[cfg(feature = "testing")]
pub use fault::Fault;
#[cfg(feature = "testing")]
pub(crate) use fault::Faults;
pub use handle::Handle;
pub use health::Health;
pub use outcome::{Outcome, Phase};
use status::{Change, StatusBoard};
pub use status::{State, Status, Watch};
pub use tasks::Shutdown;
pub(crate) use tasks::{Tasks, abort_and_wait};

/// Who is told what happens, as it happens.
pub(crate) type LifecycleObserver = Arc<dyn Fn(&LifecycleEvent<'_>) + Send + Sync>;

/// The states and tasks of all nodes. It holds no component, so a component may hold it.
pub(crate) struct Supervision {
    pub(crate) board: StatusBoard,
    pub(crate) tasks: Box<[Tasks]>,
    pub(crate) redactor: Redactor,
    /// Called at everything that happens.
    pub(crate) observer: Option<LifecycleObserver>,
    #[cfg(feature = "testing")]
    pub(crate) faults: Faults,
}

impl Supervision {
    pub(crate) fn new(
        nodes: impl ExactSizeIterator<Item = (String, &'static str, bool)>,
        redactor: Redactor,
    ) -> Self {
        let tasks = (0..nodes.len()).map(|_| Tasks::new()).collect();
        Self {
            board: StatusBoard::new(nodes),
            tasks,
            redactor,
            observer: None,
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
        if let Some(observer) = &self.observer {
            observer(event);
        }
    }

    /// A component reports a state of its own.
    pub(crate) fn report(&self, node: usize, state: State, reason: Option<String>) {
        let reason = reason.map(|reason| self.redactor.redact(&reason).into_owned());
        let change = self.board.report(node, state, reason);
        let now = self.board.one(node);
        match change {
            Change::Made => self.tell(&LifecycleEvent::Reported(&now)),
            Change::Nothing => {}
            Change::Refused => {
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
