//! Faults: what goes wrong in the place of a component's own step.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::outcome::{Phase, StepFuture};
use crate::error::Error;

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The step returns an error with this message; the component's own code is not called.
    Error(String),
    /// The step panics with this message; the component's own code is not called.
    Panic(String),
    /// The step never ends; the component's own code is not called.
    Hang,
    /// The component's own code is called after this time.
    Delay(Duration),
    /// The step blocks its thread for this time; then the component's own code is called.
    Block(Duration),
    /// The step never ends, and panics with this message when it is dropped; the component's own code is not called.
    PanicInDrop(String),
}

/// Panics when it is dropped.
struct PanicInDrop(String);

impl Drop for PanicInDrop {
    fn drop(&mut self) {
        panic!("{}", self.0);
    }
}

impl Fault {
    /// An error with this message.
    pub fn error(message: impl Into<String>) -> Self {
        Self::Error(message.into())
    }

    /// A panic with this message.
    pub fn panic(message: impl Into<String>) -> Self {
        Self::Panic(message.into())
    }

    /// A panic with this message when a step that never ends is dropped.
    pub fn panic_in_drop(message: impl Into<String>) -> Self {
        Self::PanicInDrop(message.into())
    }

    fn inject<T: Send + 'static>(self, step: StepFuture<T>) -> StepFuture<T> {
        match self {
            Self::Error(message) => Box::pin(std::future::ready(Err(Error::msg(message)))),
            Self::Panic(message) => Box::pin(async move { panic!("{message}") }),
            Self::Hang => Box::pin(std::future::pending()),
            Self::Delay(time) => Box::pin(async move {
                tokio::time::sleep(time).await;
                step.await
            }),
            Self::Block(time) => Box::pin(async move {
                std::thread::sleep(time);
                step.await
            }),
            Self::PanicInDrop(message) => Box::pin(async move {
                let _guard = PanicInDrop(message);
                std::future::pending().await
            }),
        }
    }
}

/// The faults of a trial, by component and phase.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults(BTreeMap<(String, Phase), (Fault, Arc<AtomicBool>)>);

impl Faults {
    pub(crate) fn add(&mut self, component: &str, phase: Phase, fault: Fault) {
        self.0
            .insert((component.to_owned(), phase), (fault, Arc::default()));
    }

    /// The step, with what shall go wrong.
    pub(crate) fn inject<T: Send + 'static>(
        &self,
        component: &str,
        phase: Phase,
        step: StepFuture<T>,
    ) -> StepFuture<T> {
        match self.0.get(&(component.to_owned(), phase)) {
            Some((fault, used)) => {
                used.store(true, Ordering::Relaxed);
                fault.clone().inject(step)
            }
            None => step,
        }
    }

    pub(crate) fn unused(&self) -> Vec<String> {
        let unused = self
            .0
            .iter()
            .filter(|(_, (_, used))| !used.load(Ordering::Relaxed));
        unused
            .map(|((component, phase), _)| format!("{component} {phase}"))
            .collect()
    }
}
