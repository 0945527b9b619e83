//! The steps of the phases: what is done at the beginning and at the end of each node's turn.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::life::{Life, Progress};
use super::made::Made;
use super::ordered_log::OrderedLog;
use super::report::Ended;
use super::run::run;
use super::scheduler::{Next, PhaseSteps};
use crate::component::AnyComponent;
use crate::container::Inputs;
use crate::error::Error;
use crate::supervision::{
    CatchPanic, LOG_TARGET, LifecycleEvent, Outcome, Phase, State, StepFuture,
};

/// What one node does in a phase: its turn to be built, to start or to stop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    pub(super) node: usize,
    pub(super) phase: Phase,
}

impl Life {
    /// Tells whoever watches that a step of a node has begun.
    pub(super) fn tell_begun(&self, node: usize, phase: Phase) {
        let component = &self.node(node).name;
        self.supervision
            .tell(&LifecycleEvent::Begun { component, phase });
    }

    /// Tells whoever watches how a step of a node has ended.
    pub(super) fn tell_ended(&self, node: usize, phase: Phase, outcome: &Outcome, took: Duration) {
        self.supervision.tell(&LifecycleEvent::Ended {
            component: &self.node(node).name,
            phase,
            outcome,
            took,
        });
    }
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
        self.life.tell_begun(node, phase);
    }

    /// A step of the component's own.
    fn step<T: Send + 'static>(&self, turn: Turn, step: StepFuture<T>) -> CatchPanic<T> {
        let Turn { node, phase } = turn;
        let name = &self.life.node(node).name;
        self.life.handle(node).step(name, phase, step)
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

    fn ended(&mut self, turn: usize, outcome: &Outcome, took: Duration) {
        let Turn { node, phase } = self.turns[turn];
        self.life.tell_ended(node, phase, outcome, took);
        let name = &self.life.node(node).name;
        self.log.ended(turn, name, phase, outcome, took);
        self.life.timeline().record(node, phase, took);
    }
}

/// The steps of building and of starting. Those that are built with their start as the last part of it are nobody's before
/// that is done: where it fails, it is as if they had not been built.
pub(super) struct StartupSteps<'a> {
    pub(super) phase: PhaseContext<'a>,
    /// By node: what is built and not started, of those that start as the last part of their build.
    pub(super) built: Vec<Option<Made>>,
    pub(super) failures: Vec<Ended>,
}

impl StartupSteps<'_> {
    fn build(&self, node: usize) -> StepFuture<Made> {
        let life = self.phase.life;
        let made = Made::new(life, node, life.node(node).made.clone());
        if life.node(node).made.is_some() {
            return Box::pin(std::future::ready(Ok(made)));
        }
        let (plan, slots) = (Arc::clone(&life.plan), Arc::clone(&life.slots));
        let handle = life.handle(node).clone();
        let mut inputs = Inputs::new(plan, slots, handle, life.this.clone(), node);
        let build = life.entry(node).build;
        Box::pin(async move {
            // What makes the future is the component's own code too.
            let building = build(&mut inputs);
            // It would keep the values of others as long as the step takes.
            drop(inputs);
            Ok(made.built(building.await?))
        })
    }

    fn start(&mut self, node: usize) -> StepFuture<Made> {
        let life = self.phase.life;
        let made = self.built[node].take();
        let mut made = made.unwrap_or_else(|| Made::new(life, node, life.slots.get(node)));
        let (name, entry) = (life.node(node).name.clone(), life.entry(node));
        let (handle, jitter) = (life.handle(node).clone(), life.options.jitter);
        let limit = life.limits(node).start;
        Box::pin(async move {
            let (value, begun) = (made.value(), Instant::now());
            value.start().await?;
            made.has_started();
            // What is too late will be stopped.
            if begun.elapsed() <= limit {
                run(value, entry, name, handle, jitter).await;
            }
            Ok(made)
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
            life.handle(node).set(State::Permanent, Some(reason));
            life.supervision.tell(&LifecycleEvent::LeftOut {
                component: &life.node(node).name,
                missing,
            });
        }
        true
    }
}

impl PhaseSteps<Made> for StartupSteps<'_> {
    fn begin(&mut self, number: usize) -> Option<CatchPanic<Made>> {
        let turn = self.phase.turns[number];
        let life = self.phase.life;
        if life.is_elsewhere(turn.node) || self.is_left_out(turn.node) {
            self.phase.log.skip(number);
            return None;
        }
        life.set_progress(turn.node, Progress::Begun);
        life.handle(turn.node).set(State::Starting, None);
        self.phase.begun(turn);
        let step = match turn.phase {
            Phase::Build => self.build(turn.node),
            _ => self.start(turn.node),
        };
        Some(self.phase.step(turn, step))
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

    fn end(&mut self, turn: usize, ended: Result<Made, Outcome>, took: Duration) -> Next {
        let life = self.phase.life;
        let Turn { node, phase } = self.phase.turns[turn];
        let is_early = node < life.plan.early;
        let outcome = match ended {
            Ok(made) => {
                if phase == Phase::Build && is_early {
                    self.built[node] = Some(made);
                } else {
                    let value = made.take();
                    if phase == Phase::Build || is_early {
                        life.slots.set(node, value);
                    }
                }
                if phase == Phase::Start {
                    life.set_progress(node, Progress::Started);
                    // What it has reported of itself in the meantime stays.
                    if life.handle(node).state() == State::Starting {
                        life.handle(node).set(State::Ok, None);
                    }
                }
                self.phase.ended(turn, &Outcome::Done, took);
                return Next::Others;
            }
            Err(outcome) => outcome.without_secrets(&life.supervision.redactor),
        };
        life.handle(node).tasks().abort();
        let optional = life.plugin_of(node).optional;
        let progress = match optional {
            true => Progress::LeftOut,
            false => Progress::Failed,
        };
        // In a reload the application goes on as it was.
        let state = match optional || !life.current.is(life) {
            true => State::Permanent,
            false => State::Fatal,
        };
        life.set_progress(node, progress);
        life.handle(node).set(state, Some(outcome.to_string()));
        self.phase.ended(turn, &outcome, took);
        let ended = life.ended(node, phase, outcome, took);
        if optional {
            tracing::warn!(target: LOG_TARGET, component = %ended.component, plugin = %ended.plugin, %phase, outcome = %ended.outcome, "optional plugin left out");
            Next::Others
        } else {
            self.failures.push(ended);
            Next::Nothing
        }
    }
}

/// The steps of stopping: of every node that started, once. A turn has the number of its node. Where a node has tasks, that
/// they end is a step of its own, before its `stop`.
pub(super) struct StopSteps<'a> {
    pub(super) phase: PhaseContext<'a>,
    /// When the time for all is spent; `None`: never.
    pub(super) end: Option<Instant>,
    /// The nodes that are to be stopped.
    pub(super) which: BTreeSet<usize>,
    /// By node: those that are being stopped.
    pub(super) stopping: Vec<Option<NodeStopping>>,
}

/// A node that is being stopped.
pub(super) struct NodeStopping {
    value: AnyComponent,
    /// How its tasks have ended, and how long they took; `None`: they have not.
    tasks: Option<(Outcome, Duration)>,
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

    /// Has the tasks of a node end. Where there are none, or no time is left for them, that is done already.
    fn end_tasks(&self, node: usize) -> Option<CatchPanic<()>> {
        let life = self.phase.life;
        let (tasks, limit) = (life.handle(node).tasks(), self.time_for_tasks(node));
        if tasks.end_if_none() {
            return None;
        }
        if limit.is_zero() {
            tasks.abort();
            return None;
        }
        let handle = life.handle(node).clone();
        let step = async move {
            let ended = handle.tasks().end(limit).await;
            match ended.words(limit) {
                Some(words) => Err(Error::msg(words)),
                None => Ok(()),
            }
        };
        Some(life.handle(node).step_of(Box::pin(step)))
    }
}

impl PhaseSteps<()> for StopSteps<'_> {
    fn begin(&mut self, node: usize) -> Option<CatchPanic<()>> {
        let life = self.phase.life;
        let turn = self.phase.turns[node];
        if life.is_elsewhere(node) || !self.which.contains(&node) {
            self.phase.log.skip(node);
            return None;
        }
        if self.stopping[node].is_none() {
            let Some(value) = life.to_stop(node) else {
                // Built and given up, or left out: it has nothing to stop, but may have tasks.
                life.handle(node).tasks().abort();
                life.handle(node).set(State::Stopped, None);
                self.phase.log.skip(node);
                return None;
            };
            self.stopping[node] = Some(NodeStopping { value, tasks: None });
            life.handle(node).set(State::Stopping, None);
            self.phase.begun(turn);
            let tasks = self.end_tasks(node);
            if tasks.is_some() {
                return tasks;
            }
        }
        let stopping = self.stopping[node].as_mut()?;
        stopping
            .tasks
            .get_or_insert((Outcome::Done, Duration::ZERO));
        Some(self.phase.step(turn, stopping.value.stop()))
    }

    /// The time for tasks is kept where they are awaited.
    fn limit(&self, node: usize) -> Duration {
        match &self.stopping[node] {
            Some(NodeStopping { tasks: Some(_), .. }) => self.phase.life.limits(node).stop,
            _ => Duration::MAX,
        }
    }

    /// A stop goes on past failures.
    fn may_be_dropped(&self, _: usize) -> bool {
        false
    }

    fn waiting(&mut self, node: usize, elapsed: Duration) {
        self.phase.waiting(node, elapsed);
    }

    fn end(&mut self, node: usize, ended: Result<(), Outcome>, took: Duration) -> Next {
        let life = self.phase.life;
        life.handle(node).tasks().abort();
        let outcome = ended.err().unwrap_or(Outcome::Done);
        let outcome = outcome.without_secrets(&life.supervision.redactor);
        let Some(stopping) = &mut self.stopping[node] else {
            return Next::Others;
        };
        let Some((of_tasks, took_tasks)) = stopping.tasks.take() else {
            stopping.tasks = Some((outcome, took));
            return Next::Again;
        };
        let outcome = of_tasks.and(outcome);
        let reason = (!outcome.is_done()).then(|| outcome.to_string());
        life.handle(node).set(State::Stopped, reason);
        let took = took.saturating_add(took_tasks);
        self.phase.ended(node, &outcome, took);
        let ended = life.ended(node, Phase::Stop, outcome, took);
        life.stopped().push(ended);
        self.stopping[node] = None;
        Next::Others
    }
}
