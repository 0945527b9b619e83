//! The scheduler: runs one task per turn, each as soon as the turns it waits for are done, none longer than it may. A turn is
//! what a node does in a phase; here it is no more than its number.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep_until};

use super::wanted::Wanted;
use crate::supervision::{CatchPanic, Outcome, abort_and_wait, has_several_threads, poll_apart};

/// How the tasks of a phase follow one another.
pub(super) struct ScheduleOptions {
    /// One at a time.
    pub(super) sequential: bool,
    /// Among those that are ready the highest number goes first.
    pub(super) backwards: bool,
    /// How long all of them may take together. After that each that is left is still begun, and dropped where it is not
    /// done at once.
    pub(super) total: Duration,
    /// How long one may take before it is named, and how long until it is named again.
    pub(super) patience: Duration,
    /// The phase ends when this does.
    pub(super) wanted: Option<Wanted>,
}

/// What is done in the turns.
pub(super) trait PhaseSteps<T> {
    /// A turn's task, or `None` where there is nothing to do. Nothing of a component's own is called before the task is polled.
    fn begin(&mut self, turn: usize) -> Option<CatchPanic<T>>;

    /// How long the task that a turn has begun may take.
    fn limit(&self, turn: usize) -> Duration;

    /// Whether a task that is under way is dropped when another one fails; else it is awaited.
    fn may_be_dropped(&self, turn: usize) -> bool;

    /// A task is not done yet, so long after it began.
    fn waiting(&mut self, turn: usize, elapsed: Duration);

    /// How a turn's task ended.
    fn end(&mut self, turn: usize, ended: Result<T, Outcome>, took: Duration) -> Next;
}

/// What follows the end of a turn's task.
pub(super) enum Next {
    /// The turns that waited for this one.
    Others,
    /// This turn begins another task.
    Again,
    /// Nothing more is begun.
    Nothing,
}

/// What the runtime's timers tell apart. Less than that is no time, and what is done at once is in time.
const RESOLUTION: Duration = Duration::from_millis(1);

/// How long a task may block its thread that is begun when the time of the phase is spent already, and how much longer one is
/// waited for that the runtime has not even begun in its time.
const LAST_CALL: Duration = Duration::from_millis(100);

/// Runs the tasks. Among those that are ready the lowest number goes first, unless backwards.
///
/// Where the runtime has several threads each task is one of the runtime's, so that one that blocks its thread is named and
/// given up like one that waits. Where it has one thread, a task is polled once in place: most components are ready at once,
/// and then cost no task of the runtime; and that one has blocked the thread for too long is told when it has returned.
///
/// What a task that was given up makes in the end is dropped.
pub(super) async fn run_steps<T: Send + 'static>(
    waits: &[BTreeSet<usize>],
    options: &ScheduleOptions,
    steps: &mut impl PhaseSteps<T>,
) {
    let mut scheduler = Scheduler {
        options,
        queue: ReadyQueue::new(waits, options.backwards),
        running: Vec::new(),
        tasks: JoinSet::new(),
        end: Instant::now().checked_add(options.total),
        wanted: options.wanted.clone(),
        going: true,
        in_place: !has_several_threads(),
    };
    while scheduler.begin(steps).await {
        let wakeup = scheduler.next().await;
        scheduler.handle(wakeup, steps);
    }
    abort_and_wait(scheduler.tasks).await;
}

/// A phase that is under way.
struct Scheduler<'a, T> {
    options: &'a ScheduleOptions,
    queue: ReadyQueue,
    /// In the order of their turns.
    running: Vec<RunningStep>,
    tasks: JoinSet<EndedStep<T>>,
    /// When the time of the phase is spent; `None`: never.
    end: Option<Instant>,
    wanted: Option<Wanted>,
    going: bool,
    /// Whether tasks are polled in place first.
    in_place: bool,
}

/// A task of a turn that has ended: how, since when it was under way, and when it ended.
struct EndedStep<T> {
    turn: usize,
    ended: Result<T, Outcome>,
    begun: Instant,
    at: Instant,
}

/// A task that was not done at once.
struct RunningStep {
    turn: usize,
    spawned: Instant,
    /// When it was first polled: that is when it has begun.
    polled: Arc<OnceLock<Instant>>,
    /// It was not polled in its time, and has got some more.
    is_called_last: bool,
    /// `None`: never.
    deadline: Option<Instant>,
    /// When the time for all is spent; `None`: never.
    end: Option<Instant>,
    /// When it is named the next time; `None`: never.
    named: Option<Instant>,
    task: AbortHandle,
}

impl RunningStep {
    fn begun(&self) -> Instant {
        self.polled.get().copied().unwrap_or(self.spawned)
    }

    /// A task that the runtime was late to poll has its time from then on. One that it has not polled yet gets some more, once:
    /// else a component's `stop` would not have been called at all.
    fn extend(&mut self, limit: Duration, now: Instant) {
        if let Some(begun) = self.polled.get() {
            self.deadline = begun.checked_add(limit.max(RESOLUTION));
            return;
        }
        let is_over = |when: Option<Instant>| when.is_some_and(|when| when <= now);
        if !self.is_called_last && (is_over(self.deadline) || is_over(self.end)) {
            self.is_called_last = true;
            let later = |when: Instant| Some(when.max(now.checked_add(LAST_CALL)?));
            self.deadline = self.deadline.and_then(later);
            self.end = self.end.and_then(later);
        }
    }
}

/// Why the scheduler goes on.
enum Wakeup<T> {
    Done(EndedStep<T>),
    /// Some deadline has passed, or somebody has to be named.
    Time,
    Unwanted,
}

impl<T: Send + 'static> Scheduler<'_, T> {
    /// Begins whatever is ready. Answers whether there is anything to wait for.
    async fn begin(&mut self, steps: &mut impl PhaseSteps<T>) -> bool {
        while self.going && (!self.options.sequential || self.running.is_empty()) {
            let Some(turn) = self.queue.next() else { break };
            let Some(mut task) = steps.begin(turn) else {
                self.queue.done(turn);
                continue;
            };
            let now = Instant::now();
            let spent = self.end.is_some_and(|end| end <= now);
            let total = self.options.total;
            let polled = Arc::new(match self.in_place {
                true => OnceLock::from(now),
                false => OnceLock::new(),
            });
            let first = Arc::clone(&polled);
            // After the time for all it is dropped where it is not done at once.
            let mut step = move |context: &mut Context<'_>| {
                let begun = *first.get_or_init(Instant::now);
                let ended = match poll_apart(&mut task, context) {
                    Poll::Pending if spent => Err(Outcome::OutOfTime(total)),
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(ended) => ended,
                };
                Poll::Ready(EndedStep {
                    turn,
                    ended,
                    begun,
                    at: Instant::now(),
                })
            };
            if self.in_place
                && let Poll::Ready(ended) = poll_fn(|context| Poll::Ready(step(context))).await
            {
                self.ended(steps, ended);
                continue;
            }
            let running = RunningStep {
                turn,
                spawned: now,
                polled,
                is_called_last: false,
                deadline: now.checked_add(steps.limit(turn).max(RESOLUTION)),
                end: match spent {
                    true => now.checked_add(LAST_CALL),
                    false => self.end,
                },
                named: now.checked_add(self.options.patience),
                task: self.tasks.spawn(poll_fn(step)),
            };
            let place = self.running.partition_point(|one| one.turn < turn);
            self.running.insert(place, running);
        }
        if !self.going {
            self.running.retain(|running| {
                let is_dropped = steps.may_be_dropped(running.turn);
                if is_dropped {
                    running.task.abort();
                }
                !is_dropped
            });
        }
        !self.running.is_empty()
    }

    /// Waits for whatever comes first.
    async fn next(&mut self) -> Wakeup<T> {
        let running = self.running.iter();
        let wake = running.flat_map(|task| [task.deadline, task.end, task.named]);
        let wake = wake.flatten().min();
        let mut sleep = pin!(async {
            match wake {
                Some(wake) => sleep_until(wake).await,
                None => std::future::pending().await,
            }
        });
        let Self { tasks, wanted, .. } = self;
        let mut unwanted = pin!(async {
            match wanted {
                Some(wanted) => wanted.ended().await,
                None => std::future::pending().await,
            }
        });
        poll_fn(|context| {
            // Tasks that were dropped end with an error, and are nobody's news.
            while let Poll::Ready(Some(ended)) = tasks.poll_join_next(context) {
                if let Ok(ended) = ended {
                    return Poll::Ready(Wakeup::Done(ended));
                }
            }
            if unwanted.as_mut().poll(context).is_ready() {
                return Poll::Ready(Wakeup::Unwanted);
            }
            sleep.as_mut().poll(context).map(|()| Wakeup::Time)
        })
        .await
    }

    fn handle(&mut self, wakeup: Wakeup<T>, steps: &mut impl PhaseSteps<T>) {
        match wakeup {
            // What was given up may be done after all: it was told as given up.
            Wakeup::Done(ended) => {
                let place = self
                    .running
                    .binary_search_by_key(&ended.turn, |one| one.turn);
                if let Ok(place) = place {
                    self.running.remove(place);
                    self.ended(steps, ended);
                }
            }
            Wakeup::Unwanted => (self.going, self.wanted) = (false, None),
            Wakeup::Time => self.time(steps),
        }
    }

    fn time(&mut self, steps: &mut impl PhaseSteps<T>) {
        let at = Instant::now();
        let is_over = |when: Option<Instant>| when.is_some_and(|when| when <= at);
        for task in &mut self.running {
            task.extend(steps.limit(task.turn), at);
        }
        let over = |task: &mut RunningStep| is_over(task.deadline) || is_over(task.end);
        let over = self.running.extract_if(.., over).collect::<Vec<_>>();
        for task in over {
            let turn = task.turn;
            task.task.abort();
            let ended = Err(match is_over(task.deadline) {
                true => Outcome::TimedOut(steps.limit(turn)),
                false => Outcome::OutOfTime(self.options.total),
            });
            let begun = task.begun();
            self.ended(
                steps,
                EndedStep {
                    turn,
                    ended,
                    begun,
                    at,
                },
            );
        }
        for task in &mut self.running {
            if is_over(task.named) {
                steps.waiting(task.turn, at.saturating_duration_since(task.begun()));
                task.named = at.checked_add(self.options.patience);
            }
        }
    }

    fn ended(&mut self, steps: &mut impl PhaseSteps<T>, step: EndedStep<T>) {
        let EndedStep {
            turn,
            ended,
            begun,
            at,
        } = step;
        let (took, limit) = (at.saturating_duration_since(begun), steps.limit(turn));
        // What has blocked the only thread, or that of the scheduler, may have taken longer than it was watched.
        let is_spent = self.end.is_some_and(|end| begun < end && end < at);
        let (ended, late) = match ended {
            Ok(made) if took > limit.max(RESOLUTION) => (Err(Outcome::TimedOut(limit)), Some(made)),
            Ok(made) if is_spent => (Err(Outcome::OutOfTime(self.options.total)), Some(made)),
            ended => (ended, None),
        };
        match steps.end(turn, ended, took) {
            Next::Others => self.queue.done(turn),
            Next::Again => self.queue.again(turn),
            Next::Nothing => self.going = false,
        }
        // Now that it has failed.
        drop(late);
    }
}

/// The turns that wait for nothing more, and what the others wait for.
struct ReadyQueue {
    /// How many turns each one still waits for.
    missing: Vec<usize>,
    /// The turns that wait for each one.
    waiting: Vec<Vec<usize>>,
    ready: BTreeSet<usize>,
    backwards: bool,
}

impl ReadyQueue {
    fn new(waits: &[BTreeSet<usize>], backwards: bool) -> Self {
        let mut waiting = vec![Vec::new(); waits.len()];
        for (turn, waits) in waits.iter().enumerate() {
            for wait in waits {
                waiting[*wait].push(turn);
            }
        }
        let missing = waits.iter().map(BTreeSet::len).collect::<Vec<_>>();
        let ready = (0..missing.len())
            .filter(|turn| missing[*turn] == 0)
            .collect();
        Self {
            missing,
            waiting,
            ready,
            backwards,
        }
    }

    fn next(&mut self) -> Option<usize> {
        if self.backwards {
            self.ready.pop_last()
        } else {
            self.ready.pop_first()
        }
    }

    /// A turn has something left to do.
    fn again(&mut self, turn: usize) {
        self.ready.insert(turn);
    }

    fn done(&mut self, turn: usize) {
        for waiting in std::mem::take(&mut self.waiting[turn]) {
            self.missing[waiting] -= 1;
            if self.missing[waiting] == 0 {
                self.ready.insert(waiting);
            }
        }
    }
}
