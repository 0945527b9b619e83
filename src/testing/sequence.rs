//! What happened, in order, as texts that tests compare.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::supervision::{LifecycleEvent, Outcome, Phase, Status};

/// What happened to the components of a trial, in the order in which it happened. Clones are the same sequence.
///
/// Every event is one text: the component, then
///
/// | text | when |
/// |---|---|
/// | `build`, `start`, `stop`, `reconfigure` | a step began |
/// | `built`, `started`, `ran`, `stopped`, `reconfigured` | it ended as it should |
/// | `build failed`, `start failed`, `run failed`, `stop failed` | it ended with an error, a panic, or too late |
/// | `left out` | something it cannot do without is not there |
/// | `restarting` | its run begins again |
/// | `waiting` | it was named because it hangs |
/// | `reported ok`, `reported recoverable`, ... | it reported a state |
#[derive(Debug, Clone, Default)]
pub struct Sequence(Arc<Mutex<Vec<String>>>);

impl Sequence {
    pub(super) fn record(&self, event: &LifecycleEvent<'_>) {
        let text = text(event);
        self.lock().push(text);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All events.
    #[must_use]
    pub fn all(&self) -> Vec<String> {
        self.lock().clone()
    }

    /// All events since the beginning, or since they were taken before: so that a test sees what one reload does.
    #[must_use]
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.lock())
    }

    /// The events of one component, without its name.
    #[must_use]
    pub fn of(&self, component: &str) -> Vec<String> {
        let events = self.lock();
        let own = events
            .iter()
            .filter_map(|event| event.strip_prefix(component)?.strip_prefix(' '));
        own.map(str::to_owned).collect()
    }

    /// How many times an event happened.
    #[must_use]
    pub fn count(&self, event: &str) -> usize {
        self.lock().iter().filter(|one| *one == event).count()
    }

    /// Checks that these events happened, in this order; others may lie between them.
    ///
    /// # Panics
    /// If one did not happen, or only before the one that it shall follow. The message has the whole sequence.
    #[track_caller]
    pub fn assert_order(&self, events: &[&str]) {
        let all = self.all();
        let mut rest = all.iter();
        for event in events {
            assert!(
                rest.any(|one| one == event),
                "`{event}` did not happen, or not after what stands before it in {events:?}; this happened:\n  {}",
                all.join("\n  ")
            );
        }
    }

    /// Checks that none of these events happened.
    ///
    /// # Panics
    /// If one did. The message has the whole sequence.
    #[track_caller]
    pub fn assert_never(&self, events: &[&str]) {
        let all = self.all();
        for event in events {
            assert!(
                all.iter().all(|one| one != event),
                "`{event}` happened; this happened:\n  {}",
                all.join("\n  ")
            );
        }
    }
}

fn text(event: &LifecycleEvent<'_>) -> String {
    match event {
        LifecycleEvent::Begun { component, phase } => format!("{component} {phase}"),
        LifecycleEvent::Ended {
            component,
            phase,
            outcome: Outcome::Done,
            ..
        } => {
            let done = match phase {
                Phase::Build => "built",
                Phase::Start => "started",
                Phase::Run => "ran",
                Phase::Stop => "stopped",
                Phase::Reconfigure => "reconfigured",
            };
            format!("{component} {done}")
        }
        LifecycleEvent::Ended {
            component, phase, ..
        } => format!("{component} {phase} failed"),
        LifecycleEvent::LeftOut { component, .. } => format!("{component} left out"),
        LifecycleEvent::Restarting { component, .. } => format!("{component} restarting"),
        LifecycleEvent::Waiting { component, .. } => format!("{component} waiting"),
        LifecycleEvent::Reported(Status {
            component, state, ..
        }) => format!("{component} reported {state}"),
    }
}
