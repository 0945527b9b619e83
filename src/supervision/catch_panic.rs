//! A call of a component's code that is under way, with its panics caught.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::outcome::Outcome;
use crate::error::{Result, panic_message};

/// One step of one node.
pub(crate) type StepFuture<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

/// Turns a panic into an outcome.
pub(crate) struct CatchPanic<T>(pub(crate) StepFuture<T>);

impl<T> Future for CatchPanic<T> {
    type Output = Result<T, Outcome>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(context))) {
            Ok(poll) => poll.map(|ended| ended.map_err(Outcome::Failed)),
            Err(panic) => Poll::Ready(Err(Outcome::Panicked(panic_message(&*panic)))),
        }
    }
}
