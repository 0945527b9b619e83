//! Faults: what goes wrong in the place of a component's own step.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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

/// The faults of a trial, by component and phase. Clones are the same faults.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults(Arc<Mutex<BTreeMap<(String, Phase), PlannedFault>>>);

#[derive(Debug)]
struct PlannedFault {
    fault: Fault,
    /// The component has come to the phase.
    used: bool,
}

impl Faults {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<(String, Phase), PlannedFault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, component: &str, phase: Phase, fault: Fault) {
        let fault = PlannedFault { fault, used: false };
        self.lock().insert((component.to_owned(), phase), fault);
    }

    pub(crate) fn remove(&self, component: &str, phase: Phase) {
        self.lock().remove(&(component.to_owned(), phase));
    }

    /// The step, with what shall go wrong.
    pub(crate) fn inject<T: Send + 'static>(
        &self,
        component: &str,
        phase: Phase,
        step: StepFuture<T>,
    ) -> StepFuture<T> {
        let mut faults = self.lock();
        let planned = faults.get_mut(&(component.to_owned(), phase));
        let fault = planned.map(|planned| {
            planned.used = true;
            planned.fault.clone()
        });
        drop(faults);
        match fault {
            Some(fault) => fault.inject(step),
            None => step,
        }
    }

    pub(crate) fn unused(&self) -> Vec<String> {
        let faults = self.lock();
        let unused = faults.iter().filter(|(_, planned)| !planned.used);
        unused
            .map(|((component, phase), _)| format!("{component} {phase}"))
            .collect()
    }
}
