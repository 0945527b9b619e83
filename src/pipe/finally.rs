//! What is done when a step has ended, whatever became of it.

use std::future::Future;
use std::sync::{Mutex, PoisonError};

use super::catch_panic::catch_panic;
use super::event::StepOutcome;
use crate::error::{Error, Result};
use crate::future::BoxFuture;
use crate::template::PipeResult;

type Ending = Box<dyn FnOnce(StepOutcome, Option<&Error>) -> BoxFuture<'static, ()> + Send>;

/// What the steps inside a step have left to be done at its end.
#[derive(Default)]
pub(super) struct Endings(Mutex<Vec<Ending>>);

impl Endings {
    pub(super) fn push<F, D>(&self, ending: F)
    where
        F: FnOnce(StepOutcome, Option<&Error>) -> D + Send + 'static,
        D: Future<Output = ()> + Send + 'static,
    {
        let ending: Ending = Box::new(|outcome, error| Box::pin(ending(outcome, error)));
        self.list().push(ending);
    }

    /// Does all of it, the last one first, and returns the panics: one keeps no other from being done.
    pub(super) async fn run(&self, ended: &Result<PipeResult>) -> Vec<Error> {
        let (outcome, error) = StepOutcome::of_run(ended);
        let mut panics = Vec::new();
        while let Some(ending) = self.next() {
            let done = async {
                ending(outcome, error).await;
                Ok(())
            };
            panics.extend(catch_panic(done).await.err());
        }
        panics
    }

    fn next(&self) -> Option<Ending> {
        self.list().pop()
    }

    fn list(&self) -> std::sync::MutexGuard<'_, Vec<Ending>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
