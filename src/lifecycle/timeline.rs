//! How long every step took, and which of them the whole start had to wait for.

use std::time::Duration;

use tokio::time::Instant;

use super::start_report::{Report, Timing};
use crate::container::{Plan, Table};
use crate::supervision::Phase;

/// What is written down while the application lives.
#[derive(Debug)]
pub(super) struct Timeline {
    configured: Duration,
    zero: Instant,
    steps: Vec<TimedStep>,
}

#[derive(Debug, Clone, Copy)]
struct TimedStep {
    node: usize,
    phase: Phase,
    begun: Duration,
    took: Duration,
}

impl TimedStep {
    fn ended(&self) -> Duration {
        self.begun + self.took
    }
}

impl Timeline {
    pub(super) fn new(configured: Duration) -> Self {
        Self {
            configured,
            zero: Instant::now(),
            steps: Vec::new(),
        }
    }

    /// A step that has ended just now.
    pub(super) fn record(&mut self, node: usize, phase: Phase, took: Duration) {
        let begun = self.zero.elapsed().saturating_sub(took);
        self.steps.push(TimedStep {
            node,
            phase,
            begun,
            took,
        });
    }

    pub(super) fn report(&self, table: &Table, plan: &Plan, sequential: bool) -> Report {
        let mut timings = Vec::new();
        for phase in [Phase::Build, Phase::Start] {
            let critical = self.critical(phase, plan, sequential);
            for step in self.of(phase) {
                let node = &plan.nodes[step.node];
                let plugin = table.components[node.component].plugin;
                timings.push(Timing {
                    component: node.name.clone(),
                    plugin: table.plugins[plugin].id,
                    phase,
                    begun: step.begun,
                    took: step.took,
                    critical: critical.contains(&step.node),
                });
            }
        }
        timings.sort_by_key(|timing| (timing.phase, timing.begun));
        let whole = self.of(Phase::Start).chain(self.of(Phase::Build));
        Report {
            host: table.host,
            configured: self.configured,
            whole: whole.map(TimedStep::ended).max().unwrap_or_default(),
            timings,
        }
    }

    fn of(&self, phase: Phase) -> impl Iterator<Item = &TimedStep> {
        self.steps.iter().filter(move |step| step.phase == phase)
    }

    /// The nodes that a phase had to wait for: the last to end, the last to end of what that one needs, and so on.
    fn critical(&self, phase: Phase, plan: &Plan, sequential: bool) -> Vec<usize> {
        let mut ended = vec![None; plan.nodes.len()];
        for step in self.of(phase) {
            ended[step.node] = Some(step.ended());
        }
        if sequential {
            return (0..ended.len()).collect();
        }
        let last = |nodes: &mut dyn Iterator<Item = usize>| {
            nodes
                .filter(|node| ended[*node].is_some())
                .max_by_key(|node| ended[*node])
        };
        let first = last(&mut (0..ended.len()));
        let path = std::iter::successors(first, |node| {
            last(&mut plan.nodes[*node].needs.iter().copied())
        });
        path.collect()
    }
}
