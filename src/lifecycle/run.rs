//! The runs of a component: begun after its start, and again when they fail, as its manifest says.

use std::collections::VecDeque;
use std::collections::hash_map::RandomState;
use std::future::poll_fn;
use std::hash::BuildHasher as _;
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

use crate::component::AnyComponent;
use crate::container::{Entry, Restart};
use crate::error::{Error, Result};
use crate::supervision::{
    CatchPanic, Handle, LifecycleEvent, Outcome, Phase, State, has_several_threads, poll_apart,
};

/// Begins a component's run, in a task of its own. Most have none: where the runtime has one thread they are done when they
/// are first asked, and cost no task. Where it has several, one that blocks its thread at once holds nobody up.
pub(super) async fn run(
    value: AnyComponent,
    entry: &'static Entry,
    name: String,
    handle: Handle,
    jitter: bool,
) {
    let spawner = handle.clone();
    let mut runs = Runs {
        entry,
        name,
        handle,
        jitter,
        failures: VecDeque::new(),
    };
    let mut begun = Instant::now();
    let mut run = runs.run(&value);
    let mut first = Poll::Pending;
    if !has_several_threads() {
        first = poll_once(&mut run).await;
        if matches!(first, Poll::Ready(Ok(()))) {
            return;
        }
    }
    spawner.spawn_fallible(Box::pin(async move {
        if first.is_pending() {
            first = poll_once(&mut run).await;
        }
        let mut ended = match first {
            Poll::Ready(ended) => ended,
            Poll::Pending => run.await,
        };
        while runs.again(ended, begun).await? {
            begun = Instant::now();
            ended = runs.run_again(&value).await;
        }
        Ok(())
    }));
}

async fn poll_once(run: &mut CatchPanic<()>) -> Poll<Result<(), Outcome>> {
    poll_fn(|context| Poll::Ready(poll_apart(run, context))).await
}

/// The runs of one component, one after the other.
struct Runs {
    entry: &'static Entry,
    name: String,
    handle: Handle,
    /// Whether the back-off varies at random.
    jitter: bool,
    /// When it failed, as far back as the policy looks.
    failures: VecDeque<Instant>,
}

impl Runs {
    /// Calls the component's `work`.
    fn run(&self, value: &AnyComponent) -> CatchPanic<()> {
        let work = value.work(self.handle.shutdown());
        self.handle.step(&self.name, Phase::Run, work)
    }

    /// Calls `work` after a failure. When that has held for long enough, or has done its work, all is well again.
    async fn run_again(&self, value: &AnyComponent) -> Result<(), Outcome> {
        let mut run = self.run(value);
        let restart = self.entry.restart;
        let unproven = restart.map_or(Duration::ZERO, |restart| restart.healthy_after);
        if let Ok(ended) = tokio::time::timeout(unproven, &mut run).await {
            if ended.is_ok() {
                self.handle.run_held();
            }
            return ended;
        }
        self.handle.run_held();
        run.await
    }

    /// Judges how a run ended. Answers, after the back-off, whether there is another one; of the last one what went wrong.
    async fn again(&mut self, ended: Result<(), Outcome>, begun: Instant) -> Result<bool> {
        let outcome = ended.err().unwrap_or(Outcome::Done);
        let outcome = self.handle.without_secrets(outcome);
        self.handle.tell(&LifecycleEvent::Ended {
            component: &self.name,
            phase: Phase::Run,
            outcome: &outcome,
            took: begun.elapsed(),
        });
        if outcome.is_done() {
            return Ok(false);
        }
        let shutdown = self.handle.shutdown();
        if shutdown.is_requested() {
            // A work that may fail and begin again may as well fail at its end.
            return match self.entry.restart {
                Some(_) => Ok(false),
                None => Err(Error::msg(format!("its work, asked to end: {outcome}"))),
            };
        }
        let Some(after) = self.back_off() else {
            let state = match self.entry.fatal {
                true => State::Fatal,
                false => State::Permanent,
            };
            self.handle.report(state, Some(outcome.to_string()));
            return Ok(false);
        };
        self.handle.run_failed(outcome.to_string());
        self.handle.tell(&LifecycleEvent::Restarting {
            component: &self.name,
            attempt: u32::try_from(self.failures.len()).unwrap_or(u32::MAX),
            after,
        });
        // Whether the shutdown came first.
        let stopped = tokio::time::timeout(after, shutdown.requested()).await;
        Ok(stopped.is_err())
    }

    /// How long to wait before the next run; `None`: no more of them.
    fn back_off(&mut self) -> Option<Duration> {
        let Restart {
            restarts,
            within,
            initial,
            longest,
            healthy_after: _,
        } = self.entry.restart?;
        let now = Instant::now();
        let recent = |failure: &Instant| now.saturating_duration_since(*failure) < within;
        self.failures.retain(recent);
        let before = u32::try_from(self.failures.len()).unwrap_or(u32::MAX);
        if before >= restarts {
            return None;
        }
        self.failures.push_back(now);
        let doubled = initial.saturating_mul(2u32.saturating_pow(before));
        let back_off = doubled.min(longest);
        Some(match self.jitter {
            true => shortened(back_off, RandomState::new().hash_one(before)),
            false => back_off,
        })
    }
}

/// A time between the half of a back-off and the whole, as a random number says.
fn shortened(back_off: Duration, random: u64) -> Duration {
    let steps = u32::try_from(random % 1024).unwrap_or_default();
    back_off / 2 + back_off / 2 * steps / 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_back_off_is_shortened_by_half_at_most() {
        let second = Duration::from_secs(1);
        assert_eq!(shortened(second, 1024), second / 2);
        assert_eq!(shortened(second, 512), second * 3 / 4);
        assert!((0..5000).all(|random| (second / 2..second).contains(&shortened(second, random))));
    }
}
