//! The phases: building and starting everything, and stopping what has started.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::life::Life;
use super::report::{StartError, StopReport};
use super::scheduler::{ScheduleOptions, run_steps};
use super::steps::{PhaseContext, StartupSteps, StopSteps, Turn};
use super::wanted::Wanted;
use crate::supervision::{LOG_TARGET, Phase};

impl Life {
    /// Builds everything, then starts everything; on failure stops what had started. Where nobody waits any more
    /// (`waiting` closes), or a component asks for a shutdown, that is a failure too.
    pub(crate) async fn begin(&self, waiting: watch::Receiver<()>) -> Result<(), StartError> {
        let wanted = Wanted::new(waiting, self.shutdown.subscribe());
        let turn = |node, phase| Turn { node, phase };
        let (early, nodes) = (self.plan.early, self.plan.nodes.len());
        let building = (0..nodes).flat_map(|node| {
            let start = (node < early).then_some(turn(node, Phase::Start));
            [turn(node, Phase::Build)].into_iter().chain(start)
        });
        let starting = (early..nodes).map(|node| turn(node, Phase::Start));
        let mut ended = self
            .startup(Phase::Build, building.collect(), &wanted)
            .await;
        if ended.is_ok() {
            ended = self
                .startup(Phase::Start, starting.collect(), &wanted)
                .await;
        }
        let Err(mut error) = ended else {
            return Ok(());
        };
        error.never_reached = self.never_reached(error.phase);
        error.rollback = self.stop_all(self.options.rollback).await;
        if let Some(first) = error.failures.first() {
            error.phase = first.phase;
        }
        self.abort_tasks();
        match error.is_unwanted_only() {
            true => tracing::info!(target: LOG_TARGET, %error, "start given up"),
            false => tracing::error!(target: LOG_TARGET, %error, "start failed"),
        }
        Err(error)
    }

    /// Build and start are alike: an optional plugin's failure takes its dependents along, any other ends the phase. Of each
    /// node the turns come after those of the nodes that it needs.
    async fn startup(
        &self,
        phase: Phase,
        turns: Vec<Turn>,
        wanted: &Wanted,
    ) -> Result<(), StartError> {
        let mut last = vec![None; self.plan.nodes.len()];
        let waits = turns.iter().enumerate().map(|(number, turn)| {
            let needs = self.node(turn.node).needs.iter().chain([&turn.node]);
            let waits = needs.filter_map(|node| last[*node]).collect();
            last[turn.node] = Some(number);
            waits
        });
        let waits: Vec<BTreeSet<usize>> = waits.collect();
        let schedule = ScheduleOptions {
            wanted: Some(wanted.clone()),
            ..self.schedule_options(match phase {
                Phase::Build => self.options.total.build,
                _ => self.options.total.start,
            })
        };
        let mut steps = StartupSteps {
            phase: PhaseContext::new(self, &turns, &waits),
            built: self.plan.nodes.iter().map(|_| None).collect(),
            failures: Vec::new(),
        };
        run_steps(&waits, &schedule, &mut steps).await;
        steps.phase.log.finish();
        let failures = steps.failures;
        let (given_up, shut_down_by) = (wanted.is_given_up(), wanted.shut_down_by());
        if failures.is_empty() && !given_up && shut_down_by.is_none() {
            return Ok(());
        }
        Err(StartError {
            phase,
            failures,
            given_up,
            shut_down_by,
            never_reached: Vec::new(),
            rollback: StopReport::default(),
        })
    }

    /// Stops every started node once everything that needs it has been stopped.
    pub(crate) async fn stop(&self) -> StopReport {
        self.stop_all(self.options.total.stop).await
    }

    pub(super) async fn stop_all(&self, total: Duration) -> StopReport {
        let all = (0..self.plan.nodes.len()).collect();
        self.stop_these(all, total).await
    }

    /// Stops these nodes, each once those of them that need it have been stopped.
    pub(super) async fn stop_these(&self, which: BTreeSet<usize>, total: Duration) -> StopReport {
        let nodes = 0..self.plan.nodes.len();
        let phase = Phase::Stop;
        let turns: Vec<Turn> = nodes.map(|node| Turn { node, phase }).collect();
        let mut waits = vec![BTreeSet::new(); turns.len()];
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
            phase: PhaseContext::new(self, &turns, &waits),
            end: Instant::now().checked_add(total),
            which,
            stopping: turns.iter().map(|_| None).collect(),
        };
        run_steps(&waits, &schedule, &mut steps).await;
        steps.phase.log.finish();
        StopReport {
            components: std::mem::take(&mut self.stopped()),
            panics: self.supervision.take_strays(),
            ..StopReport::default()
        }
    }

    /// What a stop had come to when it was cut off.
    pub(crate) fn cut_off(&self) -> StopReport {
        let report = StopReport {
            components: std::mem::take(&mut self.stopped()),
            panics: self.supervision.take_strays(),
            cut_off: true,
            not_stopped: self.not_stopped(),
        };
        tracing::error!(target: LOG_TARGET, %report, "a stop was cut off");
        report
    }

    fn schedule_options(&self, total: Duration) -> ScheduleOptions {
        ScheduleOptions {
            sequential: self.options.sequential,
            backwards: false,
            total,
            patience: self.options.patience,
            wanted: None,
        }
    }
}
