//! The background tasks of one component: they belong to it, and end with it.

use std::future::Future;
use std::sync::PoisonError;
use std::time::Duration;

#[cfg(shuttle)]
use shuttle::sync::{Mutex, MutexGuard};
#[cfg(not(shuttle))]
use std::sync::{Mutex, MutexGuard};

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

/// Tells a component's tasks that they shall end; made by [`Handle::shutdown`](crate::Handle::shutdown) and handed to
/// [`Component::work`](crate::Component::work).
///
/// ```
/// # async fn next_message() -> String { String::new() }
/// async fn work(shutdown: treenail::Shutdown) {
///     loop {
///         tokio::select! {
///             () = shutdown.requested() => return,
///             message = next_message() => println!("{message}"),
///         }
///     }
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    /// Ends when the component's tasks shall end: everything that needs the component has stopped, or the start is rolled
    /// back, or the application was dropped. May be awaited any number of times, by any number of tasks.
    pub async fn requested(&self) {
        // Where the sender is gone there is nobody left to work for.
        let _ = self.0.clone().wait_for(|requested| *requested).await;
    }

    /// Whether the tasks shall end.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }
}

/// The tasks of one node. Empty until one is spawned; `None` once the component has been stopped.
#[derive(Debug)]
pub(crate) struct Tasks {
    shutdown: watch::Sender<bool>,
    set: Mutex<Option<TaskSet>>,
}

/// Each task ends with what went wrong after it had been asked to end.
type TaskSet = JoinSet<Option<String>>;

/// How the tasks of a node have ended.
#[derive(Debug, Default)]
pub(crate) struct TasksEnded {
    /// What went wrong in those that were asked to end.
    pub(crate) failures: Vec<String>,
    /// How many had to be aborted.
    pub(crate) aborted: usize,
}

impl TasksEnded {
    /// What went wrong in tasks that had so long to end.
    pub(crate) fn words(mut self, limit: Duration) -> Option<String> {
        match self.aborted {
            0 => {}
            1 => self.failures.push(format!(
                "a task of it had not ended within {limit:?} and was aborted"
            )),
            tasks => self.failures.push(format!(
                "{tasks} tasks of it had not ended within {limit:?} and were aborted"
            )),
        }
        (!self.failures.is_empty()).then(|| self.failures.join("; "))
    }
}

impl Tasks {
    pub(crate) fn new() -> Self {
        Self {
            shutdown: watch::channel(false).0,
            set: Mutex::new(Some(JoinSet::new())),
        }
    }

    pub(crate) fn shutdown(&self) -> Shutdown {
        Shutdown(self.shutdown.subscribe())
    }

    fn set(&self) -> MutexGuard<'_, Option<TaskSet>> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Spawns a task. Where the component has stopped already, the task is dropped instead; says whether it was spawned.
    pub(crate) fn spawn(
        &self,
        task: impl Future<Output = Option<String>> + Send + 'static,
    ) -> bool {
        let mut set = self.set();
        let Some(set) = set.as_mut() else {
            return false;
        };
        // So that a component that spawns for ever does not grow for ever.
        forget_ended(set);
        set.spawn(task);
        true
    }

    /// Where no task is left, no further one is accepted from the same moment on.
    pub(crate) fn end_if_none(&self) -> bool {
        let mut set = self.set();
        if let Some(tasks) = set.as_mut() {
            forget_ended(tasks);
            if !tasks.is_empty() {
                return false;
            }
        }
        *set = None;
        drop(set);
        self.request_end();
        true
    }

    /// Asks the tasks to end and waits for them, at most so long; then aborts what is left.
    pub(crate) async fn end(&self, limit: Duration) -> TasksEnded {
        self.request_end();
        let begun = Instant::now();
        let mut all = TasksEnded::default();
        // A task may spawn another one while it ends: taken out together, until none is left.
        while let Some(mut set) = self.take() {
            loop {
                let left = limit.saturating_sub(begun.elapsed());
                match timeout(left, set.join_next()).await {
                    Ok(Some(ended)) => all.failures.extend(ended.ok().flatten()),
                    Ok(None) | Err(_) => break,
                }
            }
            if !set.is_empty() {
                all.aborted = set.len();
                self.close();
                abort_and_wait(set).await;
                break;
            }
        }
        all
    }

    /// The tasks there are. Where there are none, no further one is accepted from the same moment on.
    fn take(&self) -> Option<TaskSet> {
        let mut set = self.set();
        match set.as_mut() {
            Some(tasks) if !tasks.is_empty() => Some(std::mem::take(tasks)),
            _ => {
                *set = None;
                None
            }
        }
    }

    /// Asks the tasks to end, once. Most components have none that listen.
    fn request_end(&self) {
        self.shutdown.send_if_modified(|requested| {
            !std::mem::replace(requested, true) && self.shutdown.receiver_count() > 0
        });
    }

    fn close(&self) {
        *self.set() = None;
    }

    /// Aborts everything without waiting.
    pub(crate) fn abort(&self) {
        self.request_end();
        self.close();
    }
}

/// Lets the tasks go that have ended by themselves.
#[cfg_attr(shuttle, allow(clippy::ptr_arg, unused_variables))]
fn forget_ended(tasks: &mut TaskSet) {
    #[cfg(not(shuttle))]
    while tasks.try_join_next().is_some() {}
}

/// How long aborted tasks are awaited. One that blocks its thread is left behind after that.
const ABORT_WAIT: Duration = Duration::from_millis(500);

/// Aborts tasks and waits until they are gone, so that what follows finds nothing of them at work.
pub(crate) async fn abort_and_wait<T: 'static>(mut tasks: JoinSet<T>) {
    tasks.abort_all();
    let all = async { while tasks.join_next().await.is_some() {} };
    if timeout(ABORT_WAIT, all).await.is_err() {
        #[cfg(not(shuttle))]
        tasks.detach_all();
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn tasks_are_asked_to_end_and_awaited() {
        let (tasks, ended) = (Arc::new(Tasks::new()), Arc::new(AtomicUsize::new(0)));
        for seconds in 1..=3 {
            let (shutdown, ended) = (tasks.shutdown(), Arc::clone(&ended));
            tasks.spawn(async move {
                shutdown.requested().await;
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                ended.fetch_add(1, Ordering::SeqCst);
                None
            });
        }
        assert_eq!(tasks.end(Duration::from_secs(10)).await.aborted, 0);
        assert_eq!(ended.load(Ordering::SeqCst), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_does_not_end_is_aborted_at_the_deadline() {
        let tasks = Tasks::new();
        let alive = Arc::new(());
        let held = Arc::clone(&alive);
        tasks.spawn(async move {
            let _held = held;
            std::future::pending().await
        });
        let begun = Instant::now();
        assert_eq!(tasks.end(Duration::from_secs(5)).await.aborted, 1);
        assert_eq!(begun.elapsed(), Duration::from_secs(5));
        assert_eq!(Arc::strong_count(&alive), 1, "what it held is let go");
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_is_spawned_while_others_end_is_awaited_too() {
        let (tasks, ended) = (Arc::new(Tasks::new()), Arc::new(AtomicUsize::new(0)));
        let (again, count, shutdown) = (Arc::clone(&tasks), Arc::clone(&ended), tasks.shutdown());
        tasks.spawn(async move {
            shutdown.requested().await;
            again.spawn(async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                count.fetch_add(1, Ordering::SeqCst);
                None
            });
            None
        });
        assert_eq!(tasks.end(Duration::from_secs(5)).await.aborted, 0);
        assert_eq!(ended.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_limit_tasks_are_awaited_and_what_goes_wrong_in_them_is_told() {
        let tasks = Tasks::new();
        let shutdown = tasks.shutdown();
        tasks.spawn(async move {
            shutdown.requested().await;
            Some("not written".to_owned())
        });
        assert!(!tasks.end_if_none());
        let ended = tasks.end(Duration::MAX).await;
        assert_eq!(
            (ended.aborted, ended.failures),
            (0, vec!["not written".to_owned()])
        );
        assert!(tasks.end_if_none());
    }

    #[tokio::test]
    async fn nothing_is_spawned_once_the_component_has_stopped() {
        let tasks = Tasks::new();
        tasks.end(Duration::ZERO).await;
        assert!(!tasks.spawn(async { None }));
        assert!(tasks.shutdown().is_requested());
    }
}
