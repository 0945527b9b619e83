//! Code that may block its thread, and what goes on beside it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::{Handle, RuntimeFlavor};
#[cfg(not(target_family = "wasm"))]
use tokio::task::block_in_place;

/// Whether a task that blocks its thread leaves another one to the rest.
pub(crate) fn has_several_threads() -> bool {
    matches!(
        Handle::current().runtime_flavor(),
        RuntimeFlavor::MultiThread
    )
}

/// Polls a component's code, in a task of the runtime. Where there are several threads, whatever else this one has to do is
/// handed to another one first: other tasks, timers and sockets among them.
pub(crate) fn poll_apart<F: Future + Unpin>(
    future: &mut F,
    context: &mut Context<'_>,
) -> Poll<F::Output> {
    let mut future = Pin::new(future);
    #[cfg(not(target_family = "wasm"))]
    if has_several_threads() {
        return block_in_place(|| future.as_mut().poll(context));
    }
    future.as_mut().poll(context)
}
