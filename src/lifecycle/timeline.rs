//! How long every step took, and which of them the whole start had to wait for.

use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use super::drawing;
use super::report::Phase;
use crate::container::Table;
use crate::plan::Plan;

/// What is written down while the application lives.
#[derive(Debug)]
pub(super) struct Timeline {
    configured: Duration,
    zero: Instant,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy)]
struct Step {
    node: usize,
    phase: Phase,
    begun: Duration,
    took: Duration,
}

impl Step {
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
        self.steps.push(Step {
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
            whole: whole.map(Step::ended).max().unwrap_or_default(),
            timings,
        }
    }

    fn of(&self, phase: Phase) -> impl Iterator<Item = &Step> {
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

/// How long the start of an application took, step by step, from real timings; given by `App::report`.
///
/// `Display` is a table; [`to_svg`](Self::to_svg) and [`to_html`](Self::to_html) draw a timeline. In all of them the
/// critical path is marked: the steps that the whole start had to wait for, which are the ones worth making faster.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "config", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Report {
    /// The application's package.
    pub host: &'static str,
    /// How long it took to read and check the configuration, before anything was built.
    pub configured: Duration,
    /// How long it took to build and start everything.
    pub whole: Duration,
    /// The steps, by phase and then by the time they began.
    pub timings: Vec<Timing>,
}

/// How long one component took in one phase.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "config", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Timing {
    /// Its id, or the name of the instance in the configuration.
    pub component: String,
    /// Its plugin.
    pub plugin: &'static str,
    /// Build or start.
    pub phase: Phase,
    /// When it began, since the beginning of the build phase.
    pub begun: Duration,
    /// How long it took.
    pub took: Duration,
    /// Whether it lies on the critical path of its phase.
    pub critical: bool,
}

impl Report {
    /// The timeline as a picture: an SVG document that stands for itself.
    #[must_use]
    pub fn to_svg(&self) -> String {
        drawing::svg(self)
    }

    /// The timeline and the table as a page: an HTML document that stands for itself.
    #[must_use]
    pub fn to_html(&self) -> String {
        drawing::html(self)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        drawing::table(self, f)
    }
}
