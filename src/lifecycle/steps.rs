//! The steps of the phases: what is done at the beginning and at the end of each node's turn.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::life::{Life, Progress};
use super::ordered_log::OrderedLog;
use super::report::{Ended, StopReport};
use super::scheduler::PhaseSteps;
use crate::error::{Error, Result};
use crate::supervision::{LOG_TARGET, LifecycleEvent, Outcome, Phase, State, StepFuture};

/// What all phases do at the beginning and the end of a step.
pub(super) struct PhaseContext<'a> {
    pub(super) life: &'a Life,
    pub(super) phase: Phase,
    pub(super) waits: &'a [BTreeSet<usize>],
    pub(super) log: OrderedLog,
}

impl PhaseContext<'_> {
    fn begun(&self, node: usize) {
        let component = &self.life.node(node).name;
        let phase = self.phase;
        self.life
            .supervision
            .tell(&LifecycleEvent::Begun { component, phase });
    }

    fn with_fault<T: Send + 'static>(&self, node: usize, step: StepFuture<T>) -> StepFuture<T> {
        let name = &self.life.node(node).name;
        self.life.supervision.with_fault(name, self.phase, step)
    }

    fn waiting(&self, node: usize, elapsed: Duration) {
        let waits = |other: &usize| self.waits[*other].contains(&node);
        let held_up = (0..self.waits.len()).filter(waits);
        let held_up = held_up
            .map(|node| self.life.node(node).name.as_str())
            .collect::<Vec<_>>();
        self.life.supervision.tell(&LifecycleEvent::Waiting {
            component: &self.life.node(node).name,
            phase: self.phase,
            elapsed,
            held_up: &held_up,
        });
    }

    fn ended(&mut self, node: usize, outcome: Outcome, took: Duration) -> Ended {
        let component = &self.life.node(node).name;
        self.life.supervision.tell(&LifecycleEvent::Ended {
            component,
            phase: self.phase,
            outcome: &outcome,
            took,
        });
        self.log.ended(node, component, &outcome, took);
        self.life.timeline().record(node, self.phase, took);
        Ended {
            component: component.clone(),
            plugin: self.life.plugin_of(node).id.to_owned(),
            outcome,
            took,
        }
    }
}

/// The steps of building and of starting.
pub(super) struct StartupSteps<'a, B, D> {
    pub(super) phase: PhaseContext<'a>,
    pub(super) begin: B,
    pub(super) done: D,
    pub(super) failures: Vec<Ended>,
}

impl<T, B, D> PhaseSteps<T> for StartupSteps<'_, B, D>
where
    T: Send + 'static,
    B: Fn(usize) -> StepFuture<T>,
    D: Fn(usize, T) -> Option<State>,
{
    fn begin(&mut self, node: usize) -> Option<StepFuture<T>> {
        let life = self.phase.life;
        if let Some(missing) = life.missing(node) {
            if missing != node {
                let missing = &life.node(missing).name;
                let reason = format!("`{missing}` is not there");
                life.set_progress(node, Progress::LeftOut);
                life.supervision
                    .board
                    .set(node, State::Permanent, Some(reason));
                life.supervision.tell(&LifecycleEvent::LeftOut {
                    component: &life.node(node).name,
                    missing,
                });
            }
            self.phase.log.skip(node);
            return None;
        }
        life.set_progress(node, Progress::Begun);
        life.supervision.board.set(node, State::Starting, None);
        self.phase.begun(node);
        let step = (self.begin)(node);
        Some(self.phase.with_fault(node, step))
    }

    fn limit(&self, node: usize) -> Duration {
        let limits = self.phase.life.limits(node);
        match self.phase.phase {
            Phase::Build => limits.build,
            _ => limits.start,
        }
    }

    fn waiting(&mut self, node: usize, elapsed: Duration) {
        self.phase.waiting(node, elapsed);
    }

    fn end(&mut self, node: usize, ended: Result<T, Outcome>, took: Duration) -> bool {
        let life = self.phase.life;
        let outcome = match ended {
            Ok(value) => {
                if let Some(state) = (self.done)(node, value) {
                    life.set_progress(node, Progress::Started);
                    // What it has reported of itself in the meantime stays.
                    if life.supervision.board.get(node) == State::Starting {
                        life.supervision.board.set(node, state, None);
                    }
                }
                self.phase.ended(node, Outcome::Done, took);
                return true;
            }
            Err(outcome) => outcome.without_secrets(&life.supervision.redactor),
        };
        life.supervision.tasks[node].abort();
        let optional = life.plugin_of(node).optional;
        let (progress, state) = match optional {
            true => (Progress::LeftOut, State::Permanent),
            false => (Progress::Failed, State::Fatal),
        };
        life.set_progress(node, progress);
        life.supervision
            .board
            .set(node, state, Some(outcome.to_string()));
        let ended = self.phase.ended(node, outcome, took);
        if optional {
            tracing::warn!(target: LOG_TARGET, component = %ended.component, plugin = %ended.plugin, phase = %self.phase.phase, outcome = %ended.outcome, "optional plugin left out");
        } else {
            self.failures.push(ended);
        }
        optional
    }
}

/// A stop took longer than it may, after the tasks had their time.
#[derive(Debug)]
struct StopTimedOut;

impl fmt::Display for StopTimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not finished in time")
    }
}

impl std::error::Error for StopTimedOut {}

/// The steps of stopping: of every node that started, once.
pub(super) struct StopSteps<'a> {
    pub(super) phase: PhaseContext<'a>,
    /// When the time for all is spent; `None`: never.
    pub(super) end: Option<Instant>,
    pub(super) report: StopReport,
}

impl StopSteps<'_> {
    /// How long the tasks of a node may take to end. Half of what is left for all is kept for its `stop`.
    fn time_for_tasks(&self, node: usize) -> Duration {
        let limit = self.phase.life.limits(node).stop;
        match self.end {
            Some(end) => limit.min(end.saturating_duration_since(Instant::now()) / 2),
            None => limit,
        }
    }
}

impl PhaseSteps<()> for StopSteps<'_> {
    fn begin(&mut self, node: usize) -> Option<StepFuture<()>> {
        let life = self.phase.life;
        if life.progress()[node] != Progress::Started {
            // Built and given up, or left out: it has nothing to stop, but may have tasks.
            life.supervision.tasks[node].abort();
            life.supervision.board.set(node, State::Stopped, None);
            self.phase.log.skip(node);
            return None;
        }
        let value = life.slots.get(node)?;
        life.set_progress(node, Progress::Stopped);
        life.supervision.board.set(node, State::Stopping, None);
        self.phase.begun(node);
        let stop: StepFuture<()> = self
            .phase
            .with_fault(node, Box::pin(async move { value.stop().await }));
        let (for_tasks, limit) = (self.time_for_tasks(node), life.limits(node).stop);
        if for_tasks.is_zero() {
            life.supervision.tasks[node].abort();
            return Some(stop);
        }
        let supervision = Arc::clone(&life.supervision);
        Some(Box::pin(async move {
            let aborted = supervision.tasks[node].end(for_tasks).await;
            tokio::time::timeout(limit, stop)
                .await
                .map_err(|_| StopTimedOut)??;
            match aborted {
                0 => Ok(()),
                1 => Err(Error::msg(format!(
                    "a task of it had not ended within {for_tasks:?} and was aborted"
                ))),
                tasks => Err(Error::msg(format!(
                    "{tasks} tasks of it had not ended within {for_tasks:?} and were aborted"
                ))),
            }
        }))
    }

    fn limit(&self, node: usize) -> Duration {
        // Its tasks may take so long, and then its `stop`, which is timed in the step itself.
        self.phase.life.limits(node).stop.saturating_mul(2)
    }

    fn waiting(&mut self, node: usize, elapsed: Duration) {
        self.phase.waiting(node, elapsed);
    }

    fn end(&mut self, node: usize, ended: Result<(), Outcome>, took: Duration) -> bool {
        let life = self.phase.life;
        life.supervision.tasks[node].abort();
        let outcome = match ended {
            Ok(()) => Outcome::Done,
            Err(Outcome::Failed(error)) if error.downcast_ref::<StopTimedOut>().is_some() => {
                Outcome::TimedOut(life.limits(node).stop)
            }
            Err(outcome) => outcome.without_secrets(&life.supervision.redactor),
        };
        let reason = (!outcome.is_done()).then(|| outcome.to_string());
        life.supervision.board.set(node, State::Stopped, reason);
        let ended = self.phase.ended(node, outcome, took);
        self.report.components.push(ended);
        true
    }
}
