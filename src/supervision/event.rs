//! What happens to components, for those who watch.

use std::time::Duration;

use super::outcome::{Outcome, Phase};
use super::status::{State, Status};

/// What the log calls the place of everything that happens to components, wherever the code stands: filters of users name it.
pub(crate) const LOG_TARGET: &str = "treenail::lifecycle";

/// Something that happened to a component.
///
/// `component` is its id, or the name of the instance in the configuration.
#[derive(Debug)]
#[non_exhaustive]
pub enum LifecycleEvent<'a> {
    /// A step of its life began.
    Begun {
        /// Which component.
        component: &'a str,
        /// Which step.
        phase: Phase,
    },
    /// A step of its life ended.
    Ended {
        /// Which component.
        component: &'a str,
        /// Which step.
        phase: Phase,
        /// How it ended.
        outcome: &'a Outcome,
        /// How long it took.
        took: Duration,
    },
    /// It is not built or not started, because something it cannot do without is not there.
    LeftOut {
        /// Which component.
        component: &'a str,
        /// What it needs and misses.
        missing: &'a str,
    },
    /// It takes long.
    Waiting {
        /// Which component.
        component: &'a str,
        /// Which step.
        phase: Phase,
        /// Since when.
        elapsed: Duration,
        /// Components that cannot go on before.
        held_up: &'a [&'a str],
    },
    /// It reported a state.
    Reported(&'a Status),
    /// Its run failed and begins again.
    Restarting {
        /// Which component.
        component: &'a str,
        /// How many times in a row, this one included.
        attempt: u32,
        /// After this time.
        after: Duration,
    },
}

/// Prints an event to the log. Endings of steps are printed by the lifecycle, in the order of the composition.
pub(super) fn log(event: &LifecycleEvent<'_>) {
    match event {
        LifecycleEvent::Begun { component, phase } => {
            tracing::trace!(target: LOG_TARGET, component, %phase, "begun");
        }
        LifecycleEvent::Ended {
            phase: Phase::Run,
            component,
            outcome,
            took,
        } => match outcome {
            Outcome::Done => {
                tracing::trace!(target: LOG_TARGET, component, ?took, "its run has ended");
            }
            outcome => {
                tracing::warn!(target: LOG_TARGET, component, %outcome, ?took, "its run has failed");
            }
        },
        LifecycleEvent::Ended { .. } => {}
        LifecycleEvent::LeftOut { component, missing } => {
            tracing::warn!(target: LOG_TARGET, component, missing, "left out: what it needs is not there");
        }
        LifecycleEvent::Waiting {
            component,
            phase,
            elapsed,
            held_up,
        } => {
            let mut words = format!("still waiting for `{component}` ({} s)", elapsed.as_secs());
            if !held_up.is_empty() {
                words.push_str(", needed by ");
                words.push_str(&held_up.join(", "));
            }
            tracing::warn!(target: LOG_TARGET, component, %phase, "{words}");
        }
        LifecycleEvent::Reported(Status {
            component,
            state,
            reason,
            ..
        }) => {
            let reason = reason.as_deref().unwrap_or_default();
            match state {
                State::Ok => {
                    tracing::info!(target: LOG_TARGET, component, %state, "reported");
                }
                State::Recoverable => {
                    tracing::warn!(target: LOG_TARGET, component, %state, reason, "reported");
                }
                _ => {
                    tracing::error!(target: LOG_TARGET, component, %state, reason, "reported");
                }
            }
        }
        LifecycleEvent::Restarting {
            component,
            attempt,
            after,
        } => {
            tracing::warn!(target: LOG_TARGET, component, attempt, ?after, "runs again");
        }
    }
}
