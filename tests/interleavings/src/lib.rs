//! The states and the tasks of components, under a scheduler that tries the orders in which threads may meet.
//!
//! Tested are the very files of the runtime. Everything else that threads share there is written once (`OnceLock`) or
//! changed in one assignment under a lock that nothing else is taken under.
#![cfg(test)]
#![allow(dead_code, missing_docs)]

#[path = "../../../src/supervision/board.rs"]
mod board;
#[path = "../../../src/supervision/status.rs"]
mod status;
#[path = "../../../src/supervision/tasks.rs"]
mod tasks;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use board::{Row, StatusBoard};
use shuttle::future::{block_on, spawn};
use status::State;
use tasks::Tasks;

/// How many orders are tried; `INTERLEAVINGS` says otherwise.
fn tries() -> usize {
    let asked = std::env::var("INTERLEAVINGS").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(20_000)
}

/// Whether a component may get from one state to another in any number of changes.
fn reaches(from: State, to: State, states: &[State]) -> bool {
    let mut reached = vec![from];
    let mut next = 0;
    while next < reached.len() {
        for state in states {
            if reached[next].may_become(*state) && !reached.contains(state) {
                reached.push(*state);
            }
        }
        next += 1;
    }
    reached.contains(&to)
}

#[test]
fn reports_that_meet_the_lifecycle_never_take_a_component_where_it_may_not_go() {
    use State::{Fatal, Ok, Permanent, Recoverable, Starting, Stopped, Stopping};
    let all = [
        State::None,
        Starting,
        Ok,
        Recoverable,
        Permanent,
        Fatal,
        Stopping,
        Stopped,
    ];
    let round = move || {
        block_on(async move {
            let row = Arc::new(Row::new("a".to_owned(), "test", false));
            let board = Arc::new(StatusBoard::new());
            board.show(&[&*row], &[]);
            let mut watch = board.watch();
            let plays: [&[State]; 3] = [
                &[Starting, Ok, Stopping, Stopped],
                &[Recoverable, Ok, Recoverable],
                &[Permanent, Fatal],
            ];
            let mut players = Vec::new();
            for states in plays {
                let (board, row) = (Arc::clone(&board), Arc::clone(&row));
                players.push(spawn(async move {
                    for state in states {
                        board.set(&row, *state, None);
                        shuttle::future::yield_now().await;
                    }
                }));
            }
            let watcher = spawn(async move {
                let mut seen = watch.borrow_and_update()[0].state;
                while watch.changed().await.is_ok() {
                    let now = watch.borrow_and_update()[0].state;
                    assert!(reaches(seen, now, &all), "from {seen} to {now}");
                    seen = now;
                }
            });
            for player in players {
                player.await.unwrap();
            }
            assert_eq!(board.get(&row), Stopped, "the lifecycle has the last word");
            drop(board);
            watcher.await.unwrap();
        });
    };
    shuttle::check_random(round, tries());
}

#[test]
fn a_task_is_awaited_or_never_spawned_whenever_the_component_stops() {
    let round = || {
        block_on(async {
            let (tasks, alive) = (Arc::new(Tasks::new()), Arc::new(AtomicUsize::new(0)));
            let mut spawners = Vec::new();
            for _ in 0..2 {
                let (tasks, alive) = (Arc::clone(&tasks), Arc::clone(&alive));
                spawners.push(spawn(async move {
                    for _ in 0..2 {
                        let (shutdown, count) = (tasks.shutdown(), Alive::of(&alive));
                        tasks.spawn(async move {
                            let _count = count;
                            shutdown.requested().await;
                            None
                        });
                        shuttle::future::yield_now().await;
                    }
                }));
            }
            assert_eq!(tasks.end(Duration::from_secs(1)).await.aborted, 0);
            assert!(!tasks.spawn(async { None }), "the component has stopped");
            for spawner in spawners {
                spawner.await.unwrap();
            }
            assert_eq!(alive.load(Ordering::SeqCst), 0, "a task is left");
        });
    };
    shuttle::check_random(round, tries());
}

/// Counts itself as long as it lives.
struct Alive(Arc<AtomicUsize>);

impl Alive {
    fn of(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
