//! How long every step took, and which of them the whole start had to wait for.

use std::collections::{BTreeMap, BTreeSet};
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
        for begins in [Phase::Build, Phase::Start] {
            let steps = self.of(begins, plan);
            let critical = critical(&steps, plan);
            for step in steps {
                let node = &plan.nodes[step.node];
                let component = &table.components[node.component];
                timings.push(Timing {
                    component: node.name.clone(),
                    id: component.id,
                    plugin: table.plugins[component.plugin].id,
                    phase: step.phase,
                    begun: step.begun,
                    took: step.took,
                    critical: sequential || critical.contains(&(step.node, step.phase)),
                });
            }
        }
        timings.sort_by_key(|timing| (timing.phase, timing.begun));
        let begins = self.steps.iter().filter(|step| step.phase != Phase::Stop);
        Report {
            host: table.host,
            configured: self.configured,
            whole: begins.map(TimedStep::ended).max().unwrap_or_default(),
            timings,
        }
    }

    /// The steps of building, with the starts that are part of it, or those of starting.
    fn of(&self, phase: Phase, plan: &Plan) -> Vec<&TimedStep> {
        let steps = self.steps.iter();
        steps
            .filter(|step| match step.phase {
                Phase::Start if step.node < plan.early => phase == Phase::Build,
                own => own == phase,
            })
            .collect()
    }
}

/// The steps that all had to wait for: the last to end, the last to end of what that one waited for, and so on.
fn critical(steps: &[&TimedStep], plan: &Plan) -> BTreeSet<(usize, Phase)> {
    let ended = steps
        .iter()
        .map(|step| ((step.node, step.phase), step.ended()));
    let ended: BTreeMap<(usize, Phase), Duration> = ended.collect();
    let latest =
        |steps: &mut dyn Iterator<Item = (usize, Phase)>| steps.max_by_key(|step| ended[step]);
    let last_of = |node: &usize| {
        let steps = [(*node, Phase::Start), (*node, Phase::Build)];
        steps.into_iter().find(|step| ended.contains_key(step))
    };
    let path = std::iter::successors(latest(&mut ended.keys().copied()), |(node, phase)| {
        let build = (*node, Phase::Build);
        match phase {
            Phase::Start if ended.contains_key(&build) => Some(build),
            _ => latest(&mut plan.nodes[*node].needs.iter().filter_map(last_of)),
        }
    });
    path.collect()
}
