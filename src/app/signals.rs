//! SIGINT and SIGTERM.

use std::io;

use crate::supervision::LOG_TARGET;

/// The signals that ask a process to end.
pub(crate) struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

/// What a shell reports of a process that a signal ended: 128 and the signal's number.
const INTERRUPTED: i32 = 128 + 2;
#[cfg(unix)]
const TERMINATED: i32 = 128 + 15;

impl Signals {
    #[cfg(unix)]
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    #[cfg(not(unix))]
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for a signal; gives the exit status of a process that it ends.
    #[cfg(unix)]
    async fn next(&mut self) -> i32 {
        std::future::poll_fn(|context| {
            if self.interrupt.poll_recv(context).is_ready() {
                std::task::Poll::Ready(INTERRUPTED)
            } else if self.terminate.poll_recv(context).is_ready() {
                std::task::Poll::Ready(TERMINATED)
            } else {
                std::task::Poll::Pending
            }
        })
        .await
    }

    #[cfg(not(unix))]
    async fn next(&mut self) -> i32 {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        INTERRUPTED
    }

    /// Ends at the first signal. From then on a second one ends the process at once, with the exit status that a shell
    /// reports of a process that this signal ended.
    pub(crate) async fn first(mut self) {
        self.next().await;
        tracing::info!(target: LOG_TARGET, "asked to end; a second signal ends at once");
        tokio::spawn(async move {
            let status = self.next().await;
            std::process::exit(status);
        });
    }
}
