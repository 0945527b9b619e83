//! A call of a component's code that is under way, with its panics caught.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::handle::Handle;
use super::outcome::Outcome;
use crate::error::{Error, Result, catch};

/// One step of one node.
pub(crate) type StepFuture<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

/// Turns panics into outcomes: of the step, of the `Drop` of what it held, and of its error while that is put into words.
pub(crate) struct CatchPanic<T> {
    /// `None` once it has ended.
    step: Option<StepFuture<T>>,
    handle: Handle,
}

impl<T> CatchPanic<T> {
    /// A step of the component that has the handle.
    pub(crate) fn new(step: StepFuture<T>, handle: Handle) -> Self {
        Self {
            step: Some(step),
            handle,
        }
    }
}

impl<T> Future for CatchPanic<T> {
    type Output = Result<T, Outcome>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(step) = &mut self.step else {
            return Poll::Pending;
        };
        let ended = match catch(|| step.as_mut().poll(context)) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(ended)) => ended.map_err(failed),
            Err(message) => Err(Outcome::Panicked(message)),
        };
        let step = self.step.take();
        let ended = match (ended, catch(|| drop(step))) {
            (Ok(_), Err(message)) => Err(Outcome::Panicked(message)),
            (Err(outcome), Err(message)) => {
                self.handle.panicked(&message);
                Err(outcome)
            }
            (ended, Ok(())) => ended,
        };
        Poll::Ready(ended)
    }
}

impl<T> Drop for CatchPanic<T> {
    fn drop(&mut self) {
        self.handle.discard(self.step.take());
    }
}

/// The outcome of an error, which is put into words once, here: later nobody would know whose panic it was.
fn failed(error: Error) -> Outcome {
    match catch(|| format!("{error:#}")) {
        Ok(_) => Outcome::Failed(error),
        Err(message) => Outcome::Panicked(message),
    }
}
