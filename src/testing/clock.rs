//! A clock that stands still until a test moves it.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::clock::Clock;

/// A [`Clock`] that stands still until a test moves it. Clones are the same clock.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use std::time::Duration;
/// use treenail::{Clock, testing::ManualClock};
///
/// let clock = ManualClock::new();
/// let sleeper = tokio::spawn({
///     let clock = clock.clone();
///     async move { clock.sleep(Duration::from_secs(60)).await }
/// });
/// while clock.sleepers() == 0 {
///     tokio::task::yield_now().await; // it sleeps from when it is first polled
/// }
/// clock.advance(Duration::from_secs(60));
/// sleeper.await.unwrap();
/// # }
/// ```
///
/// In a composition it is provided by a component of the test's own that holds one.
#[derive(Debug, Clone)]
pub struct ManualClock {
    zero: Instant,
    passed: watch::Sender<Duration>,
}

impl ManualClock {
    /// A clock that shows the time of now.
    #[must_use]
    pub fn new() -> Self {
        Self {
            zero: Instant::now(),
            passed: watch::Sender::new(Duration::ZERO),
        }
    }

    /// Moves it, and wakes who has slept long enough.
    pub fn advance(&self, time: Duration) {
        self.passed.send_modify(|passed| *passed += time);
    }

    /// How many are asleep.
    #[must_use]
    pub fn sleepers(&self) -> usize {
        self.passed.receiver_count()
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        self.zero + *self.passed.borrow()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let wake = self.passed.borrow().saturating_add(duration);
        let mut passed = self.passed.subscribe();
        Box::pin(async move {
            // The sender lives in `self`, which is borrowed.
            let _ = passed.wait_for(|passed| *passed >= wake).await;
        })
    }
}
