//! The phases: building and starting everything, and stopping what has started.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::life::Life;
use super::ordered_log::OrderedLog;
use super::report::{StartError, StopReport};
use super::run::run;
use super::scheduler::{ScheduleOptions, run_steps};
use super::steps::{PhaseContext, StartupSteps, StopSteps};
use crate::component::AnyComponent;
use crate::container::{Inputs, PlanNode};
use crate::supervision::{LOG_TARGET, Phase, State, StepFuture, Tasks};

impl Life {
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
        tracing::error!(target: LOG_TARGET, %error, "start failed");
        Err(error)
    }

    async fn build(&self, given_up: &watch::Receiver<()>) -> Result<(), StartError> {
        let begin = |node: usize| -> StepFuture<AnyComponent> {
            if let Some(value) = self.node(node).made.clone() {
                return Box::pin(std::future::ready(Ok(value)));
            }
            let entry = self.entry(node);
            let (plan, slots) = (Arc::clone(&self.plan), Arc::clone(&self.slots));
            let mut inputs = Inputs::new(plan, slots, self.handle(node), node);
            (entry.build)(&mut inputs)
        };
        let done = |node, value| {
            self.slots.set(node, value);
            None
        };
        self.phase(Phase::Build, given_up, begin, done).await
    }

    async fn start(&self, given_up: &watch::Receiver<()>) -> Result<(), StartError> {
        let begin = |node: usize| -> StepFuture<()> {
            let value = self.slots.get(node);
            let (name, entry) = (self.node(node).name.clone(), self.entry(node));
            let (handle, jitter) = (self.handle(node), self.options.jitter);
            Box::pin(async move {
                if let Some(value) = value {
                    value.start().await?;
                    run(value, entry, name, handle, jitter).await;
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
        begin: impl Fn(usize) -> StepFuture<T>,
        done: impl Fn(usize, T) -> Option<State>,
    ) -> Result<(), StartError> {
        let needs = |node: &PlanNode| node.needs.clone();
        let waits = self.plan.nodes.iter().map(needs).collect::<Vec<_>>();
        let schedule = ScheduleOptions {
            lets_finish: phase == Phase::Start,
            given_up: Some(given_up.clone()),
            ..self.schedule_options(match phase {
                Phase::Build => self.options.total.build,
                _ => self.options.total.start,
            })
        };
        let mut steps = StartupSteps {
            phase: self.phase_context(phase, &waits),
            begin,
            done,
            failures: Vec::new(),
        };
        run_steps(&waits, &schedule, &mut steps).await;
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
        let schedule = ScheduleOptions {
            backwards: true,
            ..self.schedule_options(total)
        };
        let mut steps = StopSteps {
            phase: self.phase_context(Phase::Stop, &waits),
            end: Instant::now().checked_add(total),
            report: StopReport::default(),
        };
        run_steps(&waits, &schedule, &mut steps).await;
        steps.phase.log.finish();
        steps.report
    }

    fn schedule_options(&self, total: Duration) -> ScheduleOptions {
        ScheduleOptions {
            sequential: self.options.sequential,
            lets_finish: true,
            backwards: false,
            total,
            patience: self.options.patience,
            given_up: None,
        }
    }

    fn phase_context<'a>(&'a self, phase: Phase, waits: &'a [BTreeSet<usize>]) -> PhaseContext<'a> {
        PhaseContext {
            life: self,
            phase,
            waits,
            log: OrderedLog::new(phase, waits.len()),
        }
    }
}
