//! The states of all components at one place, where they can be watched.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

#[cfg(shuttle)]
use shuttle::sync::{Mutex, MutexGuard};
#[cfg(not(shuttle))]
use std::sync::{Mutex, MutexGuard};

use tokio::sync::watch;

use super::status::{State, Status, StatusChange, Watch};

/// A component's row on the board, or beside it.
#[derive(Debug)]
pub(crate) struct Row {
    component: String,
    /// Its number on the board; [`Row::NOWHERE`] where it is not shown. Changed by the board alone, under its lock.
    at: AtomicUsize,
    /// Its state while it is not shown. Locked under the lock of the board alone, and nothing else is locked in the meantime.
    hidden: Mutex<Status>,
}

impl Row {
    const NOWHERE: usize = usize::MAX;

    /// Of a component, with its plugin, and whether that is optional. It stands nowhere yet.
    pub(crate) fn new(component: String, plugin: &'static str, optional: bool) -> Self {
        let status = Status {
            component: component.clone(),
            plugin,
            state: State::None,
            reason: None,
            optional,
            unproven: None,
        };
        Self {
            component,
            at: AtomicUsize::new(Self::NOWHERE),
            hidden: Mutex::new(status),
        }
    }

    /// The name of its component.
    pub(crate) fn component(&self) -> &str {
        &self.component
    }

    fn hidden(&self) -> MutexGuard<'_, Status> {
        self.hidden.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at its status, of these that are shown or of its own.
    fn look<T>(&self, shown: &[Status], look: impl FnOnce(&Status) -> T) -> T {
        match shown.get(self.at.load(Ordering::Relaxed)) {
            Some(status) => look(status),
            None => look(&self.hidden()),
        }
    }

    fn status(&self, shown: &[Status]) -> Status {
        self.look(shown, Status::clone)
    }
}

/// The states of the components that are shown, by row; can be watched.
#[derive(Debug)]
pub(crate) struct StatusBoard(watch::Sender<Vec<Status>>);

impl StatusBoard {
    /// Without rows.
    pub(crate) fn new() -> Self {
        Self(watch::channel(Vec::new()).0)
    }

    /// Shows these rows, in this order, and no more those that are `gone`. A row keeps its state.
    pub(crate) fn show(&self, rows: &[&Row], gone: &[&Row]) {
        self.0.send_modify(|statuses| {
            let shown = rows.iter().enumerate().map(|(at, row)| {
                let status = row.status(statuses);
                row.at.store(at, Ordering::Relaxed);
                status
            });
            let shown: Vec<Status> = shown.collect();
            for row in gone {
                let status = row.status(statuses);
                row.at.store(Row::NOWHERE, Ordering::Relaxed);
                *row.hidden() = status;
            }
            *statuses = shown;
        });
    }

    /// Puts a component into a state if it may get there.
    pub(crate) fn set(&self, row: &Row, state: State, reason: Option<String>) -> StatusChange {
        self.change(row, |status| status.set(state, reason))
    }

    /// What a component says of itself. After a run that failed, that all is well counts once the next run has held.
    pub(crate) fn report(&self, row: &Row, state: State, reason: Option<String>) -> StatusChange {
        self.change(row, |status| match status.unproven.clone() {
            failure @ Some(_) if state == State::Ok => status.set(State::Recoverable, failure),
            _ => status.set(state, reason),
        })
    }

    /// A run has failed, and another one follows.
    pub(crate) fn run_failed(&self, row: &Row, failure: String) {
        self.change(row, |status| {
            status.unproven = Some(failure.clone());
            status.set(State::Recoverable, Some(failure))
        });
    }

    /// The run after one that failed has held. What the component has said of itself in the meantime stays.
    pub(crate) fn run_held(&self, row: &Row) {
        self.change(row, |status| {
            let failure = status.unproven.take();
            match status.state == State::Recoverable && status.reason == failure {
                true => status.set(State::Ok, None),
                false => StatusChange::Nothing,
            }
        });
    }

    /// Changes a row; who watches is told where that is a change of what is shown. Nobody watches most starts and stops, and to
    /// tell nobody would take longer than the change.
    fn change(&self, row: &Row, change: impl FnOnce(&mut Status) -> StatusChange) -> StatusChange {
        let mut made = StatusChange::Nothing;
        self.0.send_if_modified(|statuses| {
            match statuses.get_mut(row.at.load(Ordering::Relaxed)) {
                Some(status) => {
                    made = change(status);
                    made == StatusChange::Made && self.0.receiver_count() > 0
                }
                None => {
                    made = change(&mut row.hidden());
                    false
                }
            }
        });
        made
    }

    pub(crate) fn get(&self, row: &Row) -> State {
        row.look(&self.0.borrow(), |status| status.state)
    }

    pub(crate) fn one(&self, row: &Row) -> Status {
        row.status(&self.0.borrow())
    }

    /// The states as they are now.
    pub(crate) fn all(&self) -> Vec<Status> {
        self.0.borrow().clone()
    }

    pub(crate) fn watch(&self) -> Watch {
        self.0.subscribe()
    }

    /// Waits until a component has failed fatally.
    pub(crate) async fn fatal(&self) -> Status {
        let fatal = |status: &&Status| status.state == State::Fatal;
        let mut receiver = self.0.subscribe();
        loop {
            if let Some(status) = receiver.borrow_and_update().iter().find(fatal) {
                return status.clone();
            }
            // The sender lives in `self`, so a change can always come.
            let _ = receiver.changed().await;
        }
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use super::*;

    fn board() -> (StatusBoard, Row) {
        let (board, row) = (StatusBoard::new(), row("a"));
        board.show(&[&row], &[]);
        (board, row)
    }

    fn row(name: &str) -> Row {
        Row::new(name.to_owned(), "test", false)
    }

    #[test]
    fn a_row_keeps_its_state_where_others_come_and_go() {
        let (board, a) = board();
        let (b, c) = (row("b"), row("c"));
        board.set(&a, State::Starting, None);
        board.show(&[&b, &a], &[]);
        board.set(&b, State::Starting, None);
        board.show(&[&c, &b], &[&a]);
        let shown: Vec<String> = board.all().iter().map(Status::to_string).collect();
        assert_eq!(shown, ["c: none", "b: starting"]);
        let mut watch = board.watch();
        assert_eq!(board.set(&a, State::Ok, None), StatusChange::Made);
        assert!(!watch.has_changed().unwrap(), "it is not shown");
        board.show(&[&b, &a], &[&c]);
        let shown: Vec<String> = board.all().iter().map(Status::to_string).collect();
        assert_eq!(shown, ["b: starting", "a: ok"]);
        assert!(watch.borrow_and_update().len() == 2);
    }

    #[test]
    fn a_change_that_the_table_does_not_allow_changes_nothing() {
        let (board, a) = board();
        let set = |state, reason: Option<&str>| board.set(&a, state, reason.map(str::to_owned));
        assert_eq!(
            set(State::Ok, None),
            StatusChange::Refused,
            "it has not begun"
        );
        assert_eq!(set(State::Starting, None), StatusChange::Made);
        assert_eq!(set(State::Permanent, Some("broken")), StatusChange::Made);
        assert_eq!(set(State::Permanent, Some("broken")), StatusChange::Nothing);
        assert_eq!(
            set(State::Ok, None),
            StatusChange::Refused,
            "it is for good"
        );
        assert_eq!(board.all()[0].to_string(), "a: permanent (broken)");
        assert_eq!(set(State::Stopping, None), StatusChange::Made);
        assert_eq!(
            set(State::Fatal, None),
            StatusChange::Refused,
            "it is stopping"
        );
    }

    #[test]
    fn who_watches_hears_of_changes_and_of_nothing_else() {
        let (board, a) = board();
        let mut watch = board.watch();
        board.set(&a, State::Starting, None);
        assert!(watch.has_changed().unwrap());
        watch.mark_unchanged();
        board.set(&a, State::Starting, None);
        board.set(&a, State::None, None);
        assert!(!watch.has_changed().unwrap());
    }

    #[test]
    fn after_a_failed_run_all_is_well_once_the_next_one_has_held() {
        let (board, a) = board();
        board.set(&a, State::Starting, None);
        board.set(&a, State::Ok, None);
        board.run_failed(&a, "refused".into());
        assert_eq!(board.report(&a, State::Ok, None), StatusChange::Nothing);
        board.report(&a, State::Recoverable, Some("slow".into()));
        assert_eq!(board.report(&a, State::Ok, None), StatusChange::Made);
        assert_eq!(board.one(&a).to_string(), "a: recoverable (refused)");
        board.run_held(&a);
        assert_eq!(board.get(&a), State::Ok);
        board.run_failed(&a, "refused".into());
        board.report(&a, State::Recoverable, Some("slow".into()));
        board.run_held(&a);
        assert_eq!(board.one(&a).to_string(), "a: recoverable (slow)");
    }
}
