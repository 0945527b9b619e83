//! A call of a component's code that is under way, with its panics caught.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::Supervision;
use super::outcome::{Outcome, StepFuture};
use super::supervised::Supervised;
use crate::error::{Error, catch};

/// Turns panics into outcomes: of the step, of the `Drop` of what it held, and of its error while that is put into words.
pub(crate) struct CatchPanic<T> {
    /// `None` once it has ended.
    step: Option<StepFuture<T>>,
    supervision: Arc<Supervision>,
    component: Arc<Supervised>,
}

impl<T> CatchPanic<T> {
    /// A step of a component.
    pub(super) fn new(
        step: StepFuture<T>,
        supervision: &Arc<Supervision>,
        component: &Arc<Supervised>,
    ) -> Self {
        Self {
            step: Some(step),
            supervision: Arc::clone(supervision),
            component: Arc::clone(component),
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
                self.component.panicked(&message, &self.supervision);
                Err(outcome)
            }
            (ended, Ok(())) => ended,
        };
        Poll::Ready(ended)
    }
}

impl<T> Drop for CatchPanic<T> {
    fn drop(&mut self) {
        let step = self.step.take();
        self.component.discard(step, &self.supervision);
    }
}

/// The outcome of an error, which is put into words once, here: later nobody would know whose panic it was.
fn failed(error: Error) -> Outcome {
    match catch(|| format!("{error:#}")) {
        Ok(_) => Outcome::Failed(error),
        Err(message) => Outcome::Panicked(message),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::panic::panic_any;

    use super::*;
    use crate::{Handle, Result};

    /// Panics when it is dropped, and where it is to be told.
    #[derive(Debug)]
    struct Wicked {
        when_told: bool,
    }

    impl fmt::Display for Wicked {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            assert!(!self.when_told, "when told");
            f.write_str("wicked")
        }
    }

    impl std::error::Error for Wicked {}

    impl Drop for Wicked {
        fn drop(&mut self) {
            panic!("when dropped");
        }
    }

    async fn ended<T>(
        step: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T, Outcome> {
        Handle::detached("a").step_of(Box::pin(step)).await
    }

    #[tokio::test]
    async fn an_error_that_panics_when_it_is_told_or_dropped_is_an_outcome() {
        let told = ended::<()>(async { Err(Wicked { when_told: true }.into()) }).await;
        assert!(matches!(told, Err(Outcome::Panicked(message)) if message == "when told"));
        let dropped = ended::<()>(async { Err(Wicked { when_told: false }.into()) }).await;
        assert!(matches!(&dropped, Err(Outcome::Failed(error)) if error.to_string() == "wicked"));
        drop(dropped);
    }

    #[tokio::test]
    async fn a_panic_is_an_outcome_whatever_was_thrown() {
        let thrown = ended::<()>(async { panic_any(Wicked { when_told: false }) }).await;
        assert!(matches!(thrown, Err(Outcome::Panicked(message)) if message == "(no message)"));
    }

    #[tokio::test]
    async fn a_panic_of_what_a_step_held_is_its_outcome_or_is_told_beside_it() {
        /// Ends at once, and is dropped after that.
        struct Ends(bool, #[allow(dead_code, reason = "it is dropped")] Wicked);
        impl Future for Ends {
            type Output = Result<()>;
            fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
                match self.0 {
                    true => Poll::Ready(Ok(())),
                    false => Poll::Ready(Err(Error::msg("refused"))),
                }
            }
        }
        let wicked = || Wicked { when_told: false };
        let outcome = ended(Ends(true, wicked())).await;
        assert!(matches!(outcome, Err(Outcome::Panicked(message)) if message == "when dropped"));
        let outcome = ended(Ends(false, wicked())).await;
        assert!(matches!(outcome, Err(Outcome::Failed(error)) if error.to_string() == "refused"));
        drop(Handle::detached("a").step_of(Box::pin(Ends(true, wicked()))));
    }
}
