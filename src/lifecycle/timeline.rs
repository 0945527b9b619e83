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
        for begins in [Phase::Build, Phase::Start] {
            let steps = self.of(begins, plan);
            let critical = critical(&steps, plan);
            for (step, is_critical) in steps.into_iter().zip(critical) {
                let node = &plan.nodes[step.node];
                let component = &table.components[node.component];
                timings.push(Timing {
                    component: node.name.clone(),
                    id: component.id,
                    plugin: table.plugins[component.plugin].id,
                    phase: step.phase,
                    begun: step.begun,
                    took: step.took,
                    critical: sequential || is_critical,
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

/// Which steps all had to wait for: the last to end, the last to end of what that one waited for, and so on.
fn critical(steps: &[&TimedStep], plan: &Plan) -> Vec<bool> {
    // By node: which step its build is, and which its start.
    let mut of_node = vec![[None; 2]; plan.nodes.len()];
    for (number, step) in steps.iter().enumerate() {
        of_node[step.node][usize::from(step.phase == Phase::Start)] = Some(number);
    }
    let end = |number: &usize| {
        let step = steps[*number];
        (step.ended(), step.node, step.phase)
    };
    let mut critical = vec![false; steps.len()];
    let mut next = (0..steps.len()).max_by_key(end);
    while let Some(number) = next {
        critical[number] = true;
        let step = steps[number];
        let [build, _] = of_node[step.node];
        next = match step.phase {
            Phase::Start if build.is_some() => build,
            _ => {
                let needs = plan.nodes[step.node].needs.iter();
                let last = needs.filter_map(|need| of_node[*need].into_iter().flatten().last());
                last.max_by_key(end)
            }
        };
    }
    critical
}
