//! The steps of the phases: what is done at the beginning and at the end of each node's turn.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::life::{Life, Progress};
use super::ordered_log::OrderedLog;
use super::report::{Ended, StopReport};
use super::run::run;
use super::scheduler::PhaseSteps;
use crate::component::AnyComponent;
use crate::container::Inputs;
use crate::error::{Error, Result};
use crate::supervision::{LOG_TARGET, LifecycleEvent, Outcome, Phase, State, StepFuture};

/// What one node does in a phase: its turn to be built, to start or to stop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    pub(super) node: usize,
    pub(super) phase: Phase,
}

/// The turns of a phase, and what all of them do at the beginning and the end of a step.
pub(super) struct PhaseContext<'a> {
    pub(super) life: &'a Life,
    pub(super) turns: &'a [Turn],
    /// By turn: the turns that it waits for.
    pub(super) waits: &'a [BTreeSet<usize>],
    pub(super) log: OrderedLog,
}

impl<'a> PhaseContext<'a> {
    pub(super) fn new(life: &'a Life, turns: &'a [Turn], waits: &'a [BTreeSet<usize>]) -> Self {
        let is_backwards = turns.first().is_some_and(|turn| turn.phase == Phase::Stop);
        Self {
            life,
            turns,
            waits,
            log: OrderedLog::new(turns.len(), is_backwards),
        }
    }

    fn begun(&self, Turn { node, phase }: Turn) {
        let component = &self.life.node(node).name;
        self.life
            .supervision
            .tell(&LifecycleEvent::Begun { component, phase });
    }

    fn with_fault<T: Send + 'static>(&self, turn: Turn, step: StepFuture<T>) -> StepFuture<T> {
        let name = &self.life.node(turn.node).name;
        self.life.supervision.with_fault(name, turn.phase, step)
    }

    fn waiting(&self, turn: usize, elapsed: Duration) {
        let Turn { node, phase } = self.turns[turn];
        let others = self.turns.iter().zip(self.waits);
        let held_up = others.filter(|(other, waits)| other.node != node && waits.contains(&turn));
        let held_up = held_up
            .map(|(other, _)| self.life.node(other.node).name.as_str())
            .collect::<Vec<_>>();
        self.life.supervision.tell(&LifecycleEvent::Waiting {
            component: &self.life.node(node).name,
            phase,
            elapsed,
            held_up: &held_up,
        });
    }

    fn ended(&mut self, turn: usize, outcome: Outcome, took: Duration) -> Ended {
        let Turn { node, phase } = self.turns[turn];
        let component = &self.life.node(node).name;
        self.life.supervision.tell(&LifecycleEvent::Ended {
            component,
            phase,
            outcome: &outcome,
            took,
        });
        self.log.ended(turn, component, phase, &outcome, took);
        self.life.timeline().record(node, phase, took);
        Ended {
            component: component.clone(),
            plugin: self.life.plugin_of(node).id.to_owned(),
            phase,
            outcome,
            took,
        }
    }
}

/// The steps of building and of starting. Those that are built with their start as the last part of it are nobody's before
/// that is done: where it fails, it is as if they had not been built.
pub(super) struct StartupSteps<'a> {
    pub(super) phase: PhaseContext<'a>,
    /// By node: what is built and not started, of those that start as the last part of their build.
    pub(super) built: BTreeMap<usize, AnyComponent>,
    pub(super) failures: Vec<Ended>,
}

impl StartupSteps<'_> {
    fn build(&self, node: usize) -> StepFuture<AnyComponent> {
        let life = self.phase.life;
        if let Some(value) = life.node(node).made.clone() {
            return Box::pin(std::future::ready(Ok(value)));
        }
        let (plan, slots) = (Arc::clone(&life.plan), Arc::clone(&life.slots));
        let mut inputs = Inputs::new(plan, slots, life.handle(node), life.this.clone(), node);
        (life.entry(node).build)(&mut inputs)
    }

    fn start(&mut self, node: usize) -> StepFuture<AnyComponent> {
        let life = self.phase.life;
        let value = self.built.remove(&node).or_else(|| life.slots.get(node));
        let (name, entry) = (life.node(node).name.clone(), life.entry(node));
        let (handle, jitter) = (life.handle(node), life.options.jitter);
        Box::pin(async move {
            let value = value.expect("what starts has been built");
            value.start().await?;
            run(value.clone(), entry, name, handle, jitter).await;
            Ok(value)
        })
    }

    /// Whether a node has no turn: it was left out, or is now because of what it cannot do without.
    fn is_left_out(&self, node: usize) -> bool {
        let life = self.phase.life;
        let Some(missing) = life.missing(node) else {
            return false;
        };
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
        true
    }
}

impl PhaseSteps<AnyComponent> for StartupSteps<'_> {
    fn begin(&mut self, number: usize) -> Option<StepFuture<AnyComponent>> {
        let turn = self.phase.turns[number];
        if self.is_left_out(turn.node) {
            self.phase.log.skip(number);
            return None;
        }
        let life = self.phase.life;
        life.set_progress(turn.node, Progress::Begun);
        life.supervision.board.set(turn.node, State::Starting, None);
        self.phase.begun(turn);
        let step = match turn.phase {
            Phase::Build => self.build(turn.node),
            _ => self.start(turn.node),
        };
        Some(self.phase.with_fault(turn, step))
    }

    fn limit(&self, turn: usize) -> Duration {
        let Turn { node, phase } = self.phase.turns[turn];
        let limits = self.phase.life.limits(node);
        match phase {
            Phase::Build => limits.build,
            _ => limits.start,
        }
    }

    /// What is dropped while it starts may be half started, and would not be stopped.
    fn may_be_dropped(&self, turn: usize) -> bool {
        self.phase.turns[turn].phase == Phase::Build
    }

    fn waiting(&mut self, turn: usize, elapsed: Duration) {
        self.phase.waiting(turn, elapsed);
    }

    fn end(&mut self, turn: usize, ended: Result<AnyComponent, Outcome>, took: Duration) -> bool {
        let life = self.phase.life;
        let Turn { node, phase } = self.phase.turns[turn];
        let is_early = node < life.plan.early;
        let outcome = match ended {
            Ok(value) => {
                if phase == Phase::Build && is_early {
                    self.built.insert(node, value);
                } else if phase == Phase::Build || is_early {
                    life.slots.set(node, value);
                }
                if phase == Phase::Start {
                    life.set_progress(node, Progress::Started);
                    // What it has reported of itself in the meantime stays.
                    if life.supervision.board.get(node) == State::Starting {
                        life.supervision.board.set(node, State::Ok, None);
                    }
                }
                self.phase.ended(turn, Outcome::Done, took);
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
        let ended = self.phase.ended(turn, outcome, took);
        if optional {
            tracing::warn!(target: LOG_TARGET, component = %ended.component, plugin = %ended.plugin, %phase, outcome = %ended.outcome, "optional plugin left out");
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

/// The steps of stopping: of every node that started, once. A turn has the number of its node.
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
        let turn = self.phase.turns[node];
        self.phase.begun(turn);
        let stop: StepFuture<()> = self
            .phase
            .with_fault(turn, Box::pin(async move { value.stop().await }));
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

    /// A stop goes on past failures.
    fn may_be_dropped(&self, _: usize) -> bool {
        false
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
