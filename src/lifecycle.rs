//! Build, start, run, stop: every node as soon as its own dependencies are ready, every step with a deadline, every phase
//! with a budget, panics and hangs attributed to the component, and a failed start rolled back on a budget of its own.
//!
//! The semantics are those of uber/fx and the OpenTelemetry Collector's service graph, and for runs that fail those of an
//! Erlang supervisor. Where they differ:
//!
//! - A rollback does not run on the deadline that has just expired, as it does in fx, where it then skips hooks.
//! - Every step has a deadline, which the Collector's have not; and a stop calls every component that started, whatever
//!   went wrong before.
//! - Independent components are built, started and stopped concurrently; fx and the Collector go one by one.
//! - A component that is given up is not restarted together with others (Erlang's `one_for_all`): what it needs is still
//!   there, and what needs it holds on to it.

mod drawing;
mod drive;
mod event;
mod options;
mod report;
mod steps;
mod supervision;
mod tasks;
#[cfg(test)]
mod tests;
mod timeline;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::container::{Entry, Inputs, Slots, Table, Value};
use crate::handle::Handle;
use crate::plan::{Node, Plan};
use crate::redact::Redactor;
use crate::status::State;
pub(crate) use drive::{Guarded, Task};
use drive::{Pace, drive};
use event::InOrder;
pub use event::LifecycleEvent;
pub use options::Lifecycle;
use options::Limits;
pub use report::{Ended, Outcome, Phase, StartError, StopReport};
use steps::{Beginning, Ending, Observed};
pub use supervision::Restart;
pub(crate) use supervision::Supervision;
pub use tasks::Shutdown;
pub(crate) use tasks::Tasks;
use timeline::Timeline;
pub use timeline::{Report, Timing};

/// The nodes of one application, on their way through its life.
pub(crate) struct Life {
    pub(crate) table: &'static Table,
    pub(crate) plan: Arc<Plan>,
    pub(crate) slots: Arc<Slots>,
    pub(crate) supervision: Arc<Supervision>,
    options: Lifecycle,
    progress: Mutex<Vec<Progress>>,
    timeline: Mutex<Timeline>,
}

/// How far a node has come. Unlike its state, which a component may report, this is what was done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Waiting,
    Begun,
    Started,
    /// Failed to build or to start, without taking the application down; or needs something that did.
    LeftOut,
    Failed,
    Stopped,
}

impl Life {
    /// `configured` is how long it took to check the configuration.
    pub(crate) fn new(
        table: &'static Table,
        plan: Plan,
        options: Lifecycle,
        configured: Duration,
        redactor: Redactor,
    ) -> Self {
        let nodes = plan.nodes.len();
        let named = plan.nodes.iter().map(|node| {
            let plugin = table.components[node.component].plugin;
            (node.name.clone(), table.plugins[plugin].id)
        });
        Self {
            table,
            supervision: Supervision::new(named, &options, redactor),
            slots: Arc::new(Slots::new(nodes)),
            progress: Mutex::new(vec![Progress::Waiting; nodes]),
            timeline: Mutex::new(Timeline::new(configured)),
            plan: Arc::new(plan),
            options,
        }
    }

    /// Builds everything, then starts everything; on failure stops what had started. Where nobody waits any more
    /// (`given_up` closes), that is a failure too.
    pub(crate) async fn begin(&self, given_up: watch::Receiver<()>) -> Result<(), StartError> {
        let mut ended = self.build(&given_up).await;
        if ended.is_ok() {
            ended = self.start(&given_up).await;
        }
        let Err(mut error) = ended else {
            return Ok(());
        };
        error.rollback = self.stop_within(self.options.rollback).await;
        error.never_reached = self.never_reached(error.phase);
        self.supervision.tasks.iter().for_each(Tasks::abort);
        tracing::error!(%error, "start failed");
        Err(error)
    }

    async fn build(&self, given_up: &watch::Receiver<()>) -> Result<(), StartError> {
        let begin = |node: usize| -> Task<Value> {
            if let Some(value) = self.node(node).made.clone() {
                return Box::pin(std::future::ready(Ok(value)));
            }
            let entry = self.entry(node);
            let (plan, slots) = (Arc::clone(&self.plan), Arc::clone(&self.slots));
            let mut inputs = Inputs::new(self.table, plan, slots, self.handle(node), node);
            (entry.build)(&mut inputs)
        };
        let done = |node, value| {
            self.slots.set(node, value);
            None
        };
        self.phase(Phase::Build, given_up, begin, done).await
    }

    async fn start(&self, given_up: &watch::Receiver<()>) -> Result<(), StartError> {
        let begin = |node: usize| -> Task<()> {
            let value = self.slots.get(node);
            let (name, entry) = (self.node(node).name.clone(), self.entry(node));
            let handle = self.handle(node);
            Box::pin(async move {
                if let Some(value) = value {
                    value.start().await?;
                    supervision::run(value, entry, name, handle).await;
                }
                Ok(())
            })
        };
        self.phase(Phase::Start, given_up, begin, |_, ()| Some(State::Ok))
            .await
    }

    /// Build and start are alike: an optional plugin's failure takes its dependents along, any other ends the phase.
    async fn phase<T: Send + 'static>(
        &self,
        phase: Phase,
        given_up: &watch::Receiver<()>,
        begin: impl Fn(usize) -> Task<T>,
        done: impl Fn(usize, T) -> Option<State>,
    ) -> Result<(), StartError> {
        let needs = |node: &Node| node.needs.clone();
        let waits = self.plan.nodes.iter().map(needs).collect::<Vec<_>>();
        let pace = Pace {
            lets_finish: phase == Phase::Start,
            backwards: false,
            given_up: Some(given_up.clone()),
            ..self.pace(match phase {
                Phase::Build => self.options.total.build,
                _ => self.options.total.start,
            })
        };
        let mut steps = Beginning {
            phase: self.observe(phase, &waits),
            begin,
            done,
            failures: Vec::new(),
        };
        drive(&waits, &pace, &mut steps).await;
        steps.phase.log.finish();
        let failures = steps.failures;
        let given_up = given_up.has_changed().is_err();
        if failures.is_empty() && !given_up {
            return Ok(());
        }
        Err(StartError {
            phase,
            failures,
            given_up,
            never_reached: Vec::new(),
            rollback: StopReport::default(),
        })
    }

    /// Stops every started node once everything that needs it has been stopped.
    pub(crate) async fn stop(&self) -> StopReport {
        self.stop_within(self.options.total.stop).await
    }

    async fn stop_within(&self, total: Duration) -> StopReport {
        let mut waits = vec![BTreeSet::new(); self.plan.nodes.len()];
        for (node, entry) in self.plan.nodes.iter().enumerate() {
            for need in &entry.needs {
                waits[*need].insert(node);
            }
        }
        let pace = Pace {
            lets_finish: true,
            backwards: true,
            given_up: None,
            ..self.pace(total)
        };
        let mut steps = Ending {
            phase: self.observe(Phase::Stop, &waits),
            end: Instant::now().checked_add(total),
            report: StopReport::default(),
        };
        drive(&waits, &pace, &mut steps).await;
        steps.phase.log.finish();
        steps.report
    }

    fn pace(&self, total: Duration) -> Pace {
        Pace {
            sequential: self.options.sequential,
            lets_finish: true,
            backwards: false,
            total,
            patience: self.options.patience,
            given_up: None,
        }
    }

    fn observe<'a>(&'a self, phase: Phase, waits: &'a [BTreeSet<usize>]) -> Observed<'a> {
        Observed {
            life: self,
            phase,
            waits,
            log: InOrder::new(phase, waits.len()),
        }
    }

    /// What a node cannot do without and cannot have, or may not have because it was left out itself.
    fn missing(&self, node: usize) -> Option<usize> {
        let progress = self.progress();
        let gone = |node: &usize| progress[*node] == Progress::LeftOut;
        let vital = &self.node(node).vital;
        if gone(&node) {
            Some(node)
        } else {
            vital.iter().copied().find(gone)
        }
    }

    /// The value of a node, if it is in use.
    pub(crate) fn value(&self, node: usize) -> Option<Value> {
        if self.progress()[node] == Progress::LeftOut {
            None
        } else {
            self.slots.get(node)
        }
    }

    /// How long everything took.
    pub(crate) fn report(&self) -> Report {
        self.timeline()
            .report(self.table, &self.plan, self.options.sequential)
    }

    fn timeline(&self) -> MutexGuard<'_, Timeline> {
        self.timeline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn handle(&self, node: usize) -> Handle {
        Handle::new(Arc::clone(&self.supervision), node)
    }

    fn node(&self, node: usize) -> &Node {
        &self.plan.nodes[node]
    }

    fn entry(&self, node: usize) -> &'static Entry {
        &self.table.components[self.node(node).component]
    }

    fn plugin_of(&self, node: usize) -> &'static crate::container::PluginEntry {
        &self.table.plugins[self.entry(node).plugin]
    }

    /// The deadlines of a node: those of the configuration, of the composition, of all.
    fn limits(&self, node: usize) -> Limits {
        let (own, node) = (self.entry(node).deadlines, self.node(node).deadlines);
        let each = self.options.each;
        Limits {
            build: node.build.or(own.build).unwrap_or(each.build),
            start: node.start.or(own.start).unwrap_or(each.start),
            stop: node.stop.or(own.stop).unwrap_or(each.stop),
        }
    }

    fn progress(&self) -> MutexGuard<'_, Vec<Progress>> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reached(&self, node: usize, progress: Progress) {
        self.progress()[node] = progress;
    }

    /// Names of the nodes that a failed phase was not done with and that are not at fault.
    fn never_reached(&self, phase: Phase) -> Vec<String> {
        let progress = self.progress();
        let nodes = progress.iter().enumerate();
        let open = nodes.filter(|(node, progress)| match progress {
            Progress::Waiting => true,
            Progress::Begun => phase != Phase::Build || self.slots.get(*node).is_none(),
            _ => false,
        });
        open.map(|(node, _)| self.node(node).name.clone()).collect()
    }
}
