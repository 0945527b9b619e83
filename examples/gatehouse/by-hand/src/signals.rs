//! Signals: the first one stops the program in order, the second one at once.

use std::io;

use tokio::sync::watch;

/// How many signals have come.
pub(crate) fn listen() -> io::Result<watch::Receiver<u8>> {
    let mut signals = Signals::take()?;
    let (count, counted) = watch::channel(0);
    tokio::spawn(async move {
        loop {
            let number = signals.next().await;
            if *count.borrow() > 0 {
                std::process::exit(128 + number);
            }
            count.send_replace(1);
        }
    });
    Ok(counted)
}

/// Ends with the first signal.
pub(crate) async fn requested(mut signal: watch::Receiver<u8>) {
    let _ = signal.wait_for(|count| *count > 0).await;
}

/// SIGINT and SIGTERM.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn take() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// The number of the next one.
    async fn next(&mut self) -> i32 {
        tokio::select! {
            _ = self.interrupt.recv() => 2,
            _ = self.terminate.recv() => 15,
        }
    }
}

/// Ctrl-C.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn take() -> io::Result<Self> {
        Ok(Self)
    }

    /// The number of the next one.
    async fn next(&mut self) -> i32 {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
        2
    }
}
