//! A component's value between the step that made or started it and whoever takes it over.

use std::sync::Weak;
use std::time::Duration;

use tokio::runtime::Handle as Runtime;
use tokio::time::{Instant, timeout};

use super::life::Life;
use crate::component::AnyComponent;
use crate::future::spawn;
use crate::supervision::{Handle, LOG_TARGET, LifecycleEvent, Outcome, Phase};

/// What a build has made, or a start has started. Nobody takes over what a step ends with that was given up before: what has
/// started then is stopped all the same, and what has not is dropped.
pub(super) struct Made {
    value: Option<AnyComponent>,
    has_started: bool,
    life: Weak<Life>,
    node: usize,
    handle: Handle,
    /// How long its stop may take.
    limit: Duration,
}

impl Made {
    /// `value` is `None` while it is being built.
    pub(super) fn new(life: &Life, node: usize, value: Option<AnyComponent>) -> Self {
        Self {
            value,
            has_started: false,
            life: Weak::clone(&life.this),
            node,
            handle: life.handle(node).clone(),
            limit: life.limits(node).stop,
        }
    }

    pub(super) fn built(mut self, value: AnyComponent) -> Self {
        self.value = Some(value);
        self
    }

    pub(super) fn has_started(&mut self) {
        self.has_started = true;
    }

    /// # Panics
    /// If it has not been built.
    pub(super) fn value(&self) -> AnyComponent {
        self.value.clone().expect("it has been built")
    }

    /// Takes it over.
    pub(super) fn take(mut self) -> AnyComponent {
        let value = self.value();
        self.value = None;
        value
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        let Some(value) = self.value.take() else {
            return;
        };
        if !self.has_started {
            return self.handle.discard(value);
        }
        let left = match self.life.upgrade() {
            Some(life) => life.started_late(self.node, value),
            None => Some(value),
        };
        if let Some(value) = left {
            stop_at_once(value, self.handle.clone(), self.limit);
        }
    }
}

/// Stops, in the background, what has started when all others had been stopped already.
fn stop_at_once(value: AnyComponent, handle: Handle, limit: Duration) {
    let component = handle.status().component;
    let Ok(runtime) = Runtime::try_current() else {
        tracing::error!(target: LOG_TARGET, component, "started after it was given up, and is not stopped: its runtime is gone");
        return handle.discard(value);
    };
    let stopping = async move {
        let phase = Phase::Stop;
        handle.tell(&LifecycleEvent::Begun {
            component: &component,
            phase,
        });
        let begun = Instant::now();
        let stop = handle.step(&component, phase, value.stop());
        let outcome = match timeout(limit, stop).await {
            Ok(Ok(())) => Outcome::Done,
            Ok(Err(outcome)) => handle.without_secrets(outcome),
            Err(_) => Outcome::TimedOut(limit),
        };
        handle.tell(&LifecycleEvent::Ended {
            component: &component,
            phase,
            outcome: &outcome,
            took: begun.elapsed(),
        });
        tracing::warn!(target: LOG_TARGET, component, %outcome, "started after it was given up, and was stopped at once");
        handle.discard(value);
    };
    spawn(&runtime, Box::pin(stopping));
}
