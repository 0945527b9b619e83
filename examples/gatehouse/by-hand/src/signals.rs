//! Signals: the first one stops the program in order, the second one at once.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// How many signals have come.
pub(crate) fn listen() -> io::Result<watch::Receiver<u8>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let (count, counted) = watch::channel(0);
    tokio::spawn(async move {
        loop {
            let number = tokio::select! {
                _ = interrupt.recv() => 2,
                _ = terminate.recv() => 15,
            };
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
