//! What goes on with components beside building, starting and stopping them: states, tasks, runs.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

use super::drive::Task;
use super::event::{LifecycleEvent, log};
use super::options::{Lifecycle, Observer};
use super::report::{Outcome, Phase};
use super::tasks::Tasks;
use crate::container::{Entry, Value};
use crate::handle::Handle;
use crate::redact::Redactor;
use crate::status::{Board, State, Status};

/// The states and tasks of all nodes. It holds no component, so a component may hold it.
pub(crate) struct Supervision {
    pub(crate) board: Board,
    pub(crate) tasks: Box<[Tasks]>,
    pub(crate) redactor: Redactor,
    observer: Option<Observer>,
    #[cfg(feature = "testing")]
    faults: crate::testing::Faults,
}

impl Supervision {
    pub(crate) fn new(
        nodes: impl ExactSizeIterator<Item = (String, &'static str)>,
        options: &Lifecycle,
        redactor: Redactor,
    ) -> Arc<Self> {
        let tasks = (0..nodes.len()).map(|_| Tasks::new()).collect();
        Arc::new(Self {
            board: Board::new(nodes),
            tasks,
            redactor,
            observer: options.observer.clone(),
            #[cfg(feature = "testing")]
            faults: options.faults.clone(),
        })
    }

    /// A component's step; where a test asked for a fault, with that.
    #[cfg_attr(not(feature = "testing"), allow(clippy::unused_self, unused_variables))]
    pub(crate) fn step<T: Send + 'static>(
        &self,
        component: &str,
        phase: Phase,
        step: Task<T>,
    ) -> Task<T> {
        #[cfg(feature = "testing")]
        let step = self.faults.inject(component, phase, step);
        step
    }

    /// Tells whoever watches.
    pub(crate) fn tell(&self, event: &LifecycleEvent<'_>) {
        log(event);
        if let Some(observer) = &self.observer {
            observer(event);
        }
    }

    /// A component reports a state of its own.
    pub(crate) fn report(&self, node: usize, state: State, reason: Option<String>) {
        let reason = reason.map(|reason| self.redactor.redact(&reason).into_owned());
        if self.board.set(node, state, reason) {
            self.tell(&LifecycleEvent::Reported(&self.board.one(node)));
        } else {
            let Status {
                component,
                state: now,
                ..
            } = self.board.one(node);
            tracing::debug!(component, reported = %state, %now, "a report that comes too late or too early");
        }
    }
}

/// When a run that failed begins again: the intensity of an Erlang supervisor, with a back-off that doubles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restart {
    /// So many restarts are allowed...
    pub restarts: u32,
    /// ...in so much time.
    pub within: Duration,
    /// The time before the first restart; it doubles with each.
    pub initial: Duration,
    /// The time before a restart is never longer.
    pub longest: Duration,
}

/// Begins a component's run. Most have none: they are done when they are first asked, and cost no task.
pub(super) async fn run(value: Value, entry: &'static Entry, name: String, handle: Handle) {
    let begun = Instant::now();
    let mut run = handle.run(&value, &name);
    let first = poll_fn(|context| Poll::Ready(Pin::new(&mut run).poll(context))).await;
    if matches!(first, Poll::Ready(Ok(()))) {
        return;
    }
    let spawner = handle.clone();
    let mut runs = Runs {
        entry,
        name,
        handle,
        failures: VecDeque::new(),
    };
    spawner.spawn(async move {
        let mut begun = begun;
        let mut ended = match first {
            Poll::Ready(ended) => ended,
            Poll::Pending => run.await,
        };
        while runs.again(ended, begun).await {
            begun = Instant::now();
            ended = runs.handle.run(&value, &runs.name).await;
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
