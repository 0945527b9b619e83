//! The runs of a component: begun after its start, and again when they fail, as its manifest says.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

use crate::component::AnyComponent;
use crate::container::{Entry, Restart};
use crate::supervision::{CatchPanic, Handle, LifecycleEvent, Outcome, Phase, State};

/// Begins a component's run. Most have none: they are done when they are first asked, and cost no task.
pub(super) async fn run(value: AnyComponent, entry: &'static Entry, name: String, handle: Handle) {
    let begun = Instant::now();
    let spawner = handle.clone();
    let mut runs = Runs {
        entry,
        name,
        handle,
        failures: VecDeque::new(),
    };
    let mut run = runs.run(&value);
    let first = poll_fn(|context| Poll::Ready(Pin::new(&mut run).poll(context))).await;
    if matches!(first, Poll::Ready(Ok(()))) {
        return;
    }
    spawner.spawn(async move {
        let mut begun = begun;
        let mut ended = match first {
            Poll::Ready(ended) => ended,
            Poll::Pending => run.await,
        };
        while runs.again(ended, begun).await {
            begun = Instant::now();
            ended = runs.run(&value).await;
        }
    });
}

/// The runs of one component, one after the other.
struct Runs {
    entry: &'static Entry,
    name: String,
    handle: Handle,
    /// When it failed, as far back as the policy looks.
    failures: VecDeque<Instant>,
}

impl Runs {
    /// Calls the component's `work`.
    fn run(&self, value: &AnyComponent) -> CatchPanic<()> {
        let work = value.work(self.handle.shutdown());
        self.handle.run(&self.name, work)
    }

    /// Judges how a run ended. Answers, after the back-off, whether there is another one.
    async fn again(&mut self, ended: Result<(), Outcome>, begun: Instant) -> bool {
        let outcome = ended.err().unwrap_or(Outcome::Done);
        let outcome = self.handle.without_secrets(outcome);
        self.handle.tell(&LifecycleEvent::Ended {
            component: &self.name,
            phase: Phase::Run,
            outcome: &outcome,
            took: begun.elapsed(),
        });
        if outcome.is_done() {
            return false;
        }
        let Some(after) = self.back_off() else {
            let state = match self.entry.fatal {
                true => State::Fatal,
                false => State::Permanent,
            };
            self.handle.report(state, Some(outcome.to_string()));
            return false;
        };
        self.handle
            .set(State::Recoverable, Some(outcome.to_string()));
        self.handle.tell(&LifecycleEvent::Restarting {
            component: &self.name,
            attempt: u32::try_from(self.failures.len()).unwrap_or(u32::MAX),
            after,
        });
        let shutdown = self.handle.shutdown();
        // Whether the shutdown came first.
        let stopped = tokio::time::timeout(after, shutdown.requested()).await;
        if stopped.is_ok() {
            return false;
        }
        self.handle.set(State::Ok, None);
        true
    }

    /// How long to wait before the next run; `None`: no more of them.
    fn back_off(&mut self) -> Option<Duration> {
        let Restart {
            restarts,
            within,
            initial,
            longest,
        } = self.entry.restart?;
        let now = Instant::now();
        let recent = |failure: &Instant| now.duration_since(*failure) < within;
        self.failures.retain(recent);
        let before = u32::try_from(self.failures.len()).unwrap_or(u32::MAX);
        if before >= restarts {
            return None;
        }
        self.failures.push_back(now);
        Some(
            initial
                .saturating_mul(2u32.saturating_pow(before))
                .min(longest),
        )
    }
}
