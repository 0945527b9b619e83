//! The scheduler: runs one task per node, each as soon as the nodes it waits for are done.

use std::any::Any;
use std::collections::BTreeSet;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::report::Outcome;
use crate::Result;

/// One step of one node.
pub(super) type Task<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

/// How long each task may take, and how they follow one another.
pub(super) struct Pace {
    pub(super) limit: Duration,
    /// One at a time.
    pub(super) sequential: bool,
    /// When one fails, those under way are awaited instead of dropped.
    pub(super) lets_finish: bool,
    /// Among those that are ready the highest number goes first.
    pub(super) backwards: bool,
}

/// A node, how its task ended, and how long that took.
type Finished<T> = (usize, Result<T, Outcome>, Duration);

/// Runs the tasks. `begin` makes a node's task, or `None` where there is nothing to do; `end` is told how it ended and
/// answers whether to go on. Among those that are ready the lowest number goes first, unless backwards.
///
/// A task is polled once in place: most components are ready at once, and then cost no task of the runtime.
pub(super) async fn drive<T: Send + 'static>(
    waits: &[BTreeSet<usize>],
    pace: &Pace,
    mut begin: impl FnMut(usize) -> Option<Task<T>>,
    mut end: impl FnMut(usize, Result<T, Outcome>, Duration) -> bool,
) {
    let mut order = Order::new(waits, pace.backwards);
    let mut running = JoinSet::new();
    let mut going = true;
    loop {
        while going && (!pace.sequential || running.is_empty()) {
            let Some(node) = order.next() else { break };
            if let Some((ended, took)) =
                first_poll(node, begin(node), pace.limit, &mut running).await
            {
                going = ended.is_none_or(|ended| end(node, ended, took));
                order.done(node);
            }
        }
        if !going && !pace.lets_finish {
            running.abort_all();
        }
        match running.join_next().await {
            Some(Ok((node, ended, took))) => {
                going = end(node, ended, took) && going;
                order.done(node);
            }
            Some(Err(_)) => {}
            None => return,
        }
    }
}

/// What came of the first poll: `None`, it runs on in the background; else how it ended, if there was anything to do.
async fn first_poll<T: Send + 'static>(
    node: usize,
    task: Option<Task<T>>,
    limit: Duration,
    running: &mut JoinSet<Finished<T>>,
) -> Option<(Option<Result<T, Outcome>>, Duration)> {
    let Some(task) = task else {
        return Some((None, Duration::ZERO));
    };
    let begun = Instant::now();
    let mut task = Guarded(task);
    match poll_fn(|context| Poll::Ready(Pin::new(&mut task).poll(context))).await {
        Poll::Ready(ended) => Some((Some(ended), begun.elapsed())),
        Poll::Pending => {
            running.spawn(async move {
                let ended = tokio::time::timeout(limit, task)
                    .await
                    .unwrap_or(Err(Outcome::TimedOut(limit)));
                (node, ended, begun.elapsed())
            });
            None
        }
    }
}

/// Turns a panic into an outcome.
struct Guarded<T>(Task<T>);

impl<T> Future for Guarded<T> {
    type Output = Result<T, Outcome>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(context))) {
            Ok(poll) => poll.map(|ended| ended.map_err(Outcome::Failed)),
            Err(panic) => Poll::Ready(Err(Outcome::Panicked(message(&*panic)))),
        }
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no message)")
        .to_owned()
}

/// Which nodes are ready.
struct Order {
    missing: Vec<usize>,
    waiting: Vec<Vec<usize>>,
    ready: BTreeSet<usize>,
    backwards: bool,
}

impl Order {
    fn new(waits: &[BTreeSet<usize>], backwards: bool) -> Self {
        let mut waiting = vec![Vec::new(); waits.len()];
        for (node, waits) in waits.iter().enumerate() {
            for wait in waits {
                waiting[*wait].push(node);
            }
        }
        let missing = waits.iter().map(BTreeSet::len).collect::<Vec<_>>();
        let ready = (0..missing.len())
            .filter(|node| missing[*node] == 0)
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

    fn done(&mut self, node: usize) {
        for waiting in std::mem::take(&mut self.waiting[node]) {
            self.missing[waiting] -= 1;
            if self.missing[waiting] == 0 {
                self.ready.insert(waiting);
            }
        }
    }
}
