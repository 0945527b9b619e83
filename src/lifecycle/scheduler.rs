//! The scheduler: runs one task per turn, each as soon as the turns it waits for are done, none longer than it may. A turn is
//! what a node does in a phase; here it is no more than its number.

use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep_until};

use super::wanted::Wanted;
use crate::error::panic_message;
use crate::supervision::{CatchPanic, Outcome, StepFuture, abort_and_wait};

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
    /// A turn's task, or `None` where there is nothing to do.
    fn begin(&mut self, turn: usize) -> Option<StepFuture<T>>;

    /// How long a turn's task may take.
    fn limit(&self, turn: usize) -> Duration;

    /// Whether a task that is under way is dropped when another one fails; else it is awaited.
    fn may_be_dropped(&self, turn: usize) -> bool;

    /// A task is not done yet, so long after it began.
    fn waiting(&mut self, turn: usize, elapsed: Duration);

    /// How a turn's task ended. Answers whether to go on.
    fn end(&mut self, turn: usize, ended: Result<T, Outcome>, took: Duration) -> bool;
}

/// Runs the tasks. Among those that are ready the lowest number goes first, unless backwards.
///
/// A task is polled once in place: most components are ready at once, and then cost no task of the runtime.
pub(super) async fn run_steps<T: Send + 'static>(
    waits: &[BTreeSet<usize>],
    options: &ScheduleOptions,
    steps: &mut impl PhaseSteps<T>,
) {
    let mut scheduler = Scheduler {
        options,
        queue: ReadyQueue::new(waits, options.backwards),
        running: BTreeMap::new(),
        tasks: JoinSet::new(),
        end: Instant::now().checked_add(options.total),
        wanted: options.wanted.clone(),
        going: true,
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
    running: BTreeMap<usize, RunningStep>,
    tasks: JoinSet<(usize, Result<T, Outcome>)>,
    /// When the time of the phase is spent; `None`: never.
    end: Option<Instant>,
    wanted: Option<Wanted>,
    going: bool,
}

/// A task that was not done at once.
struct RunningStep {
    begun: Instant,
    /// `None`: never.
    deadline: Option<Instant>,
    /// When it is named the next time; `None`: never.
    named: Option<Instant>,
    task: AbortHandle,
}

/// Why the scheduler goes on.
enum Wakeup<T> {
    /// The task of a turn has ended.
    Done(usize, Result<T, Outcome>),
    /// Some deadline has passed, or somebody has to be named.
    Time,
    Unwanted,
}

impl<T: Send + 'static> Scheduler<'_, T> {
    /// Begins whatever is ready. Answers whether there is anything to wait for.
    async fn begin(&mut self, steps: &mut impl PhaseSteps<T>) -> bool {
        while self.going && (!self.options.sequential || self.running.is_empty()) {
            let Some(turn) = self.queue.next() else { break };
            let begun = Instant::now();
            // What makes the future is the component's own code too.
            let task = match catch_unwind(AssertUnwindSafe(|| steps.begin(turn))) {
                Ok(Some(task)) => task,
                Ok(None) => {
                    self.queue.done(turn);
                    continue;
                }
                Err(panic) => {
                    let panicked = Err(Outcome::Panicked(panic_message(&*panic)));
                    self.ended(steps, turn, panicked, begun.elapsed());
                    continue;
                }
            };
            let mut task = CatchPanic(task);
            match poll_fn(|context| Poll::Ready(Pin::new(&mut task).poll(context))).await {
                Poll::Ready(ended) => self.ended(steps, turn, ended, begun.elapsed()),
                Poll::Pending if self.is_spent() => {
                    let spent = Err(Outcome::OutOfTime(self.options.total));
                    self.ended(steps, turn, spent, begun.elapsed());
                }
                Poll::Pending => {
                    let task = self.tasks.spawn(async move { (turn, task.await) });
                    let running = RunningStep {
                        begun,
                        deadline: begun.checked_add(steps.limit(turn)),
                        named: begun.checked_add(self.options.patience),
                        task,
                    };
                    self.running.insert(turn, running);
                }
            }
        }
        if !self.going {
            let dropped = self
                .running
                .extract_if(.., |turn, _| steps.may_be_dropped(*turn));
            dropped.for_each(|(_, running)| running.task.abort());
        }
        !self.running.is_empty()
    }

    /// Waits for whatever comes first.
    async fn next(&mut self) -> Wakeup<T> {
        let deadlines = self.running.values().filter_map(|task| task.deadline);
        let named = self.running.values().filter_map(|task| task.named);
        // A spent phase has no running task, so its end is never waited for twice.
        let wake = deadlines.chain(named).chain(self.end).min();
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
                if let Ok((turn, ended)) = ended {
                    return Poll::Ready(Wakeup::Done(turn, ended));
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
            Wakeup::Done(turn, ended) => {
                // What was dropped may have been done at the same moment: it was told as dropped.
                if let Some(RunningStep { begun, .. }) = self.running.remove(&turn) {
                    self.ended(steps, turn, ended, begun.elapsed());
                }
            }
            Wakeup::Unwanted => (self.going, self.wanted) = (false, None),
            Wakeup::Time => self.time(steps),
        }
    }

    fn time(&mut self, steps: &mut impl PhaseSteps<T>) {
        let now = Instant::now();
        let spent = self.is_spent();
        let late = |task: &RunningStep| task.deadline.is_some_and(|deadline| deadline <= now);
        let over = self
            .running
            .extract_if(.., |_, task| spent || late(task))
            .collect::<Vec<_>>();
        for (turn, task) in over {
            task.task.abort();
            let outcome = match late(&task) {
                true => Outcome::TimedOut(steps.limit(turn)),
                false => Outcome::OutOfTime(self.options.total),
            };
            self.ended(steps, turn, Err(outcome), task.begun.elapsed());
        }
        for (turn, task) in &mut self.running {
            if task.named.is_some_and(|named| named <= now) {
                steps.waiting(*turn, task.begun.elapsed());
                task.named = now.checked_add(self.options.patience);
            }
        }
    }

    fn ended(
        &mut self,
        steps: &mut impl PhaseSteps<T>,
        turn: usize,
        ended: Result<T, Outcome>,
        took: Duration,
    ) {
        self.going = steps.end(turn, ended, took) && self.going;
        self.queue.done(turn);
    }

    fn is_spent(&self) -> bool {
        self.end.is_some_and(|end| end <= Instant::now())
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

    fn done(&mut self, turn: usize) {
        for waiting in std::mem::take(&mut self.waiting[turn]) {
            self.missing[waiting] -= 1;
            if self.missing[waiting] == 0 {
                self.ready.insert(waiting);
            }
        }
    }
}
