//! What an application knows of its components while they live: the state of each, its tasks, how its steps ended, and who
//! is told. A component reaches it through its [`Handle`].

mod catch_panic;
mod event;
#[cfg(feature = "testing")]
mod fault;
mod handle;
mod outcome;
mod status;
mod tasks;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
pub use outcome::{Outcome, Phase};
use status::{Change, StatusBoard};
pub use status::{Health, State, Status, Watch};
pub use tasks::Shutdown;
pub(crate) use tasks::{Tasks, abort_and_wait};

/// Who is told what happens, as it happens.
pub(crate) type LifecycleObserver = Arc<dyn Fn(&LifecycleEvent<'_>) + Send + Sync>;

/// The states and tasks of all nodes. It holds no component, so a component may hold it.
pub(crate) struct Supervision {
    pub(crate) board: StatusBoard,
    pub(crate) tasks: Box<[Tasks]>,
    pub(crate) redactor: Redactor,
    /// By node: why its last run failed, until the run after that has held long enough.
    unproven: Mutex<BTreeMap<usize, String>>,
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
            unproven: Mutex::default(),
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

    /// A component reports a state of its own. After a run that failed, that all is well counts once the next one has held.
    pub(crate) fn report(&self, node: usize, state: State, reason: Option<String>) {
        let reason = reason.map(|reason| self.redactor.redact(&reason).into_owned());
        let unproven = self.unproven();
        let change = match unproven.get(&node) {
            Some(failure) if state == State::Ok => {
                self.board
                    .set(node, State::Recoverable, Some(failure.clone()))
            }
            _ => self.board.set(node, state, reason),
        };
        drop(unproven);
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

    /// A run has failed, and another one follows.
    pub(crate) fn run_failed(&self, node: usize, failure: String) {
        let mut unproven = self.unproven();
        unproven.insert(node, failure.clone());
        self.board.set(node, State::Recoverable, Some(failure));
    }

    /// The run after one that failed has held. What the component has said of itself in the meantime stays.
    pub(crate) fn run_held(&self, node: usize) {
        let mut unproven = self.unproven();
        let failure = unproven.remove(&node);
        let Status { state, reason, .. } = self.board.one(node);
        if state == State::Recoverable && reason == failure {
            self.board.set(node, State::Ok, None);
        }
    }

    fn unproven(&self) -> MutexGuard<'_, BTreeMap<usize, String>> {
        self.unproven.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
