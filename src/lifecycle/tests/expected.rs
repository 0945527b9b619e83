//! What has to happen to a graph, worked out from the graph alone.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::matrix::Flavour;
use super::{Fault, Graph, LIMIT};
use crate::Phase;

/// What a graph says about how its life has to go.
pub(super) struct Expected<'g> {
    pub(super) graph: &'g Graph,
    pub(super) flavour: Flavour,
    /// Nodes that start as the last part of their build: the optional ones, and what they need.
    pub(super) early: BTreeSet<usize>,
    /// Nodes of optional plugins that fail, and what cannot do without them.
    pub(super) left_out: BTreeSet<usize>,
    /// The nodes that may be at fault where the start fails, each with the phase it fails in.
    pub(super) culprits: BTreeMap<usize, Phase>,
}

impl<'g> Expected<'g> {
    pub(super) fn of(graph: &'g Graph, flavour: Flavour) -> Self {
        let mut early: BTreeSet<usize> = graph.optional.iter().copied().collect();
        for node in (0..graph.needs.len()).rev() {
            if early.contains(&node) {
                early.extend(&graph.needs[node]);
            }
        }
        let faulty = |node: &usize, phase: Phase| match graph.faults.get(node) {
            Some((_, Fault::PanicInDropOfValue)) | None => false,
            Some((at, _)) => *at == phase,
        };
        let (mut left_out, mut culprits) = (BTreeSet::new(), BTreeMap::new());
        // First all that building comes to, then all that starting does.
        for part in [Phase::Build, Phase::Start] {
            // In the order of the nodes, which comes after what they need.
            for node in 0..graph.needs.len() {
                let phases = match (part, early.contains(&node)) {
                    (Phase::Build, true) => &[Phase::Build, Phase::Start][..],
                    (Phase::Start, true) => &[],
                    _ => &[part],
                };
                let lost = graph.needs[node].iter().any(|need| left_out.contains(need));
                let failed = phases.iter().find(|phase| faulty(&node, **phase));
                if graph.optional.contains(&node) && (lost || failed.is_some()) {
                    left_out.insert(node);
                } else if let Some(phase) = failed
                    && !lost
                {
                    culprits.insert(node, *phase);
                }
            }
            if !culprits.is_empty() {
                break;
            }
        }
        Self {
            graph,
            flavour,
            early,
            left_out,
            culprits,
        }
    }

    /// Whether a node may start after its start was given up.
    pub(super) fn may_be_late(&self, node: usize) -> bool {
        self.graph.faults.get(&node) == Some(&(Phase::Start, Fault::Block))
    }

    /// Nodes that need the node, directly or not.
    pub(super) fn dependents(&self, node: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::from([node]);
        for (other, needs) in self.graph.needs.iter().enumerate() {
            if needs.iter().any(|need| found.contains(need)) {
                found.insert(other);
            }
        }
        found.remove(&node);
        found
    }

    /// How long a part of a life takes at most: its critical path, with what hangs at its deadline.
    pub(super) fn longest(&self, part: Phase) -> Duration {
        let mut ends = vec![Duration::ZERO; self.graph.needs.len()];
        for node in 0..ends.len() {
            let needs = self.graph.needs[node].iter();
            let ready = needs.map(|need| ends[*need]).max().unwrap_or_default();
            let takes = |phase: Phase| match self.graph.faults.get(&node) {
                Some((at, Fault::Hang | Fault::PanicInDrop)) if *at == phase => LIMIT,
                // Its tasks have a time of their own before its stop.
                Some((Phase::Run, Fault::Hang | Fault::PanicInDrop)) if phase == Phase::Stop => {
                    LIMIT + self.graph.takes[node]
                }
                _ => self.graph.takes[node],
            };
            let took = match (part, self.early.contains(&node)) {
                (Phase::Build, true) => takes(Phase::Build) + takes(Phase::Start),
                (Phase::Start, true) => Duration::ZERO,
                _ => takes(part),
            };
            ends[node] = ready + took;
        }
        ends.into_iter().max().unwrap_or_default()
    }
}
