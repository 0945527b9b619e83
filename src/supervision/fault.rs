//! Faults: what goes wrong in the place of a component's own step.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::catch_panic::StepFuture;
use super::outcome::Phase;
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

    fn inject<T: Send + 'static>(self, step: StepFuture<T>) -> StepFuture<T> {
        match self {
            Self::Error(message) => Box::pin(std::future::ready(Err(Error::msg(message)))),
            Self::Panic(message) => Box::pin(async move { panic!("{message}") }),
            Self::Hang => Box::pin(std::future::pending()),
            Self::Delay(time) => Box::pin(async move {
                tokio::time::sleep(time).await;
                step.await
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
