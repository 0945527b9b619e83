//! Build, start, stop: every node as soon as its own dependencies are ready, every step with a deadline, panics and
//! hangs attributed to the component, and a failed start rolled back on a budget of its own.
//!
//! The semantics are those of uber/fx and the OpenTelemetry Collector's service graph, without two holes of theirs: a
//! rollback does not run on the deadline that has just expired, and every step has a deadline.

mod drive;
mod report;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::container::{Inputs, Slots, Table, Value};
use crate::plan::Plan;
use crate::redact::Redactor;
use crate::status::{Board, State};
use drive::{Pace, Task, drive};
pub use report::{Ended, Outcome, Phase, StartError, StopReport};

/// How an application is taken through its life.
#[derive(Debug, Clone)]
pub struct Lifecycle {
    /// One component at a time, in the order of the composition; a stop is then the exact reverse. Default: concurrent.
    pub sequential: bool,
    /// How long one component may take to be built. Default: 60 seconds.
    pub build: Duration,
    /// How long one component's start may take. Default: 60 seconds.
    pub start: Duration,
    /// How long one component's stop may take. Default: 30 seconds.
    pub stop: Duration,
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self {
            sequential: false,
            build: Duration::from_secs(60),
            start: Duration::from_secs(60),
            stop: Duration::from_secs(30),
        }
    }
}

/// The nodes of one application, on their way through its life.
#[derive(Debug)]
pub(crate) struct Life {
    pub(crate) table: &'static Table,
    pub(crate) plan: Arc<Plan>,
    pub(crate) slots: Arc<Slots>,
    pub(crate) board: Board,
    options: Lifecycle,
    redactor: Redactor,
}

impl Life {
    pub(crate) fn new(
        table: &'static Table,
        plan: Plan,
        options: Lifecycle,
        redactor: Redactor,
    ) -> Self {
        let nodes = plan.nodes.len();
        Self {
            table,
            plan: Arc::new(plan),
            slots: Arc::new(Slots::new(nodes)),
            board: Board::new(nodes),
            options,
            redactor,
        }
    }

    /// Builds everything, then starts everything; on failure stops what had started.
    pub(crate) async fn begin(&self) -> Result<(), StartError> {
        let mut ended = self.build().await;
        if ended.is_ok() {
            ended = self.start().await;
        }
        match ended {
            Ok(()) => Ok(()),
            Err(mut error) => {
                error.rollback = self.stop().await;
                error.never_reached = self.named(|state| {
                    !matches!(state, State::Stopped | State::Fatal | State::Permanent)
                });
                tracing::error!(%error, "start failed");
                Err(error)
            }
        }
    }

    async fn build(&self) -> Result<(), StartError> {
        let waits = self
            .plan
            .nodes
            .iter()
            .map(|node| node.needs.clone())
            .collect::<Vec<_>>();
        self.phase(
            Phase::Build,
            self.options.build,
            &waits,
            |node| {
                let made = &self.plan.nodes[node].made;
                if let Some(value) = made.clone() {
                    return Box::pin(std::future::ready(Ok(value)));
                }
                let entry = &self.table.components[self.plan.nodes[node].component];
                let mut inputs = Inputs::new(Arc::clone(&self.plan), Arc::clone(&self.slots), node);
                (entry.build)(&mut inputs)
            },
            |node, value| self.slots.set(node, value),
        )
        .await
    }

    async fn start(&self) -> Result<(), StartError> {
        let waits = self
            .plan
            .nodes
            .iter()
            .map(|node| node.needs.clone())
            .collect::<Vec<_>>();
        self.phase(
            Phase::Start,
            self.options.start,
            &waits,
            |node| {
                let value = self.slots.get(node);
                Box::pin(async move {
                    match value {
                        Some(value) => value.start().await,
                        None => Ok(()),
                    }
                })
            },
            |node, ()| self.board.set(node, State::Ok),
        )
        .await
    }

    /// Build and start are alike: an optional plugin's failure takes its dependents along, any other ends the phase.
    async fn phase<T: Send + 'static>(
        &self,
        phase: Phase,
        limit: Duration,
        waits: &[BTreeSet<usize>],
        begin: impl Fn(usize) -> Task<T>,
        done: impl Fn(usize, T),
    ) -> Result<(), StartError> {
        let mut failures = Vec::new();
        let pace = Pace {
            limit,
            sequential: self.options.sequential,
            lets_finish: phase == Phase::Start,
            backwards: false,
        };
        drive(
            waits,
            &pace,
            |node| {
                if self.lost(node) {
                    return None;
                }
                tracing::debug!(component = %self.plan.nodes[node].name, %phase, "begin");
                self.board.set(node, State::Starting);
                Some(begin(node))
            },
            |node, ended, took| match ended {
                Ok(value) => {
                    tracing::debug!(component = %self.plan.nodes[node].name, %phase, ?took, "done");
                    done(node, value);
                    true
                }
                Err(outcome) => {
                    let optional = self.plugin_of(node).optional;
                    self.board.set(node, if optional { State::Permanent } else { State::Fatal });
                    let ended = self.ended(node, outcome, took);
                    if optional {
                        tracing::warn!(component = %ended.component, plugin = %ended.plugin, %phase, outcome = %ended.outcome, "optional plugin left out");
                    } else {
                        failures.push(ended);
                    }
                    optional
                }
            },
        )
        .await;
        if failures.is_empty() {
            return Ok(());
        }
        Err(StartError {
            phase,
            failures,
            never_reached: Vec::new(),
            rollback: StopReport::default(),
        })
    }

    /// Stops every started node once everything that needs it has been stopped.
    pub(crate) async fn stop(&self) -> StopReport {
        let mut waits = vec![BTreeSet::new(); self.plan.nodes.len()];
        for (node, entry) in self.plan.nodes.iter().enumerate() {
            for need in &entry.needs {
                waits[*need].insert(node);
            }
        }
        let mut report = StopReport::default();
        let pace = Pace {
            limit: self.options.stop,
            sequential: self.options.sequential,
            lets_finish: true,
            backwards: true,
        };
        drive(
            &waits,
            &pace,
            |node| {
                if self.board.get(node) != State::Ok {
                    return None;
                }
                tracing::debug!(component = %self.plan.nodes[node].name, phase = %Phase::Stop, "begin");
                self.board.set(node, State::Stopping);
                self.slots.get(node).map(|value| value.stop())
            },
            |node, ended, took| {
                self.board.set(node, State::Stopped);
                let ended = self.ended(node, ended.err().unwrap_or(Outcome::Done), took);
                tracing::debug!(component = %ended.component, phase = %Phase::Stop, outcome = %ended.outcome, ?took, "done");
                report.components.push(ended);
                true
            },
        )
        .await;
        report
    }

    /// Whether a node cannot be had because something it cannot do without is not there.
    fn lost(&self, node: usize) -> bool {
        let gone = |node: usize| self.board.get(node) == State::Permanent;
        let lost = gone(node) || self.plan.nodes[node].vital.iter().any(|need| gone(*need));
        if lost {
            self.board.set(node, State::Permanent);
        }
        lost
    }

    /// The value of a node, if it is in use.
    pub(crate) fn value(&self, node: usize) -> Option<Value> {
        if self.board.get(node) == State::Permanent {
            None
        } else {
            self.slots.get(node)
        }
    }

    fn plugin_of(&self, node: usize) -> &'static crate::container::PluginEntry {
        &self.table.plugins[self.table.components[self.plan.nodes[node].component].plugin]
    }

    fn ended(&self, node: usize, outcome: Outcome, took: Duration) -> Ended {
        Ended {
            component: self.plan.nodes[node].name.clone(),
            plugin: self.plugin_of(node).id.to_owned(),
            outcome: outcome.without_secrets(&self.redactor),
            took,
        }
    }

    fn named(&self, which: impl Fn(State) -> bool) -> Vec<String> {
        let nodes = self.plan.nodes.iter().enumerate();
        nodes
            .filter(|(node, _)| which(self.board.get(*node)))
            .map(|(_, node)| node.name.clone())
            .collect()
    }
}
