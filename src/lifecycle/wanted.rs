//! Whether an application that starts is still wanted.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use tokio::sync::watch;

/// Somebody waits for a start, and no component has asked for a shutdown.
#[derive(Clone)]
pub(super) struct Wanted {
    /// Closes when nobody waits any more.
    waiting: watch::Receiver<()>,
    /// The component that has asked for a shutdown, once one has.
    shutdown: watch::Receiver<Option<String>>,
}

impl Wanted {
    pub(super) fn new(
        waiting: watch::Receiver<()>,
        shutdown: watch::Receiver<Option<String>>,
    ) -> Self {
        Self { waiting, shutdown }
    }

    /// Ends when it is not wanted any more.
    pub(super) async fn ended(&mut self) {
        let Self { waiting, shutdown } = self;
        let mut waiting = pin!(waiting.changed());
        let mut shutdown = pin!(shutdown.wait_for(Option::is_some));
        poll_fn(|context| {
            let is_over = waiting.as_mut().poll(context).is_ready()
                || shutdown.as_mut().poll(context).is_ready();
            if is_over {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    /// Nobody waits any more.
    pub(super) fn is_given_up(&self) -> bool {
        self.waiting.has_changed().is_err()
    }

    /// The component that has asked for a shutdown, once one has.
    pub(super) fn shut_down_by(&self) -> Option<String> {
        self.shutdown.borrow().clone()
    }
}
