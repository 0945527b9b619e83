//! The fault matrix: whatever fails, in whatever phase, each component that started is stopped exactly once.
//!
//! What has to happen is worked out from the graph alone, by [`Expected`].

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;

use super::{Fault, Graph, LIMIT, Log, begin, events};
use crate::{Outcome, Phase};

const PHASES: [Phase; 3] = [Phase::Build, Phase::Start, Phase::Stop];
const FAULTS: [Fault; 3] = [Fault::Error, Fault::Panic, Fault::Hang];

/// What a graph says about how its life has to go.
struct Expected<'g> {
    graph: &'g Graph,
    /// Nodes that start as the last part of their build: the optional ones, and what they need.
    early: BTreeSet<usize>,
    /// Nodes of optional plugins that fail, and what cannot do without them.
    left_out: BTreeSet<usize>,
    /// The nodes that may be at fault where the start fails, each with the phase it fails in.
    culprits: BTreeMap<usize, Phase>,
}

impl<'g> Expected<'g> {
    fn of(graph: &'g Graph) -> Self {
        let mut early: BTreeSet<usize> = graph.optional.iter().copied().collect();
        for node in (0..graph.needs.len()).rev() {
            if early.contains(&node) {
                early.extend(&graph.needs[node]);
            }
        }
        let faulty =
            |node: &usize, phase: Phase| graph.faults.get(node).is_some_and(|(at, _)| *at == phase);
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
            early,
            left_out,
            culprits,
        }
    }

    /// Nodes that need the node, directly or not.
    fn dependents(&self, node: usize) -> BTreeSet<usize> {
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
    fn longest(&self, part: Phase) -> Duration {
        let mut ends = vec![Duration::ZERO; self.graph.needs.len()];
        for node in 0..ends.len() {
            let needs = self.graph.needs[node].iter();
            let ready = needs.map(|need| ends[*need]).max().unwrap_or_default();
            let takes = |phase: Phase| match self.graph.faults.get(&node) {
                Some((at, Fault::Hang)) if *at == phase => LIMIT,
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

/// Takes a graph through its life and compares.
fn check(graph: &Graph) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let expected = Expected::of(graph);
    let (life, log) = graph.life(false);
    let (begun, stopped, took) = runtime.block_on(async {
        let zero = tokio::time::Instant::now();
        let begun = begin(&life).await;
        let stopped = life.stop().await;
        (begun, stopped, zero.elapsed())
    });
    match &begun {
        Ok(()) if expected.culprits.is_empty() => all_started(&expected, &log)?,
        Err(error) if !expected.culprits.is_empty() => {
            prop_assert!(!error.failures.is_empty());
            prop_assert_eq!(error.phase, error.failures[0].phase);
            for failure in &error.failures {
                let node = failure.component["test:N".len()..]
                    .parse::<usize>()
                    .unwrap();
                let phase = expected.culprits.get(&node);
                prop_assert_eq!(phase, Some(&failure.phase), "{} did nothing wrong", failure);
                let same = match graph.faults[&node].1 {
                    Fault::Error => matches!(failure.outcome, Outcome::Failed(_)),
                    Fault::Panic => matches!(failure.outcome, Outcome::Panicked(_)),
                    Fault::Hang => matches!(failure.outcome, Outcome::TimedOut(LIMIT)),
                };
                prop_assert!(same, "{failure}");
                for dependent in expected.dependents(node) {
                    let is_early = expected.early.contains(&node);
                    let event = if failure.phase == Phase::Build || is_early {
                        "build"
                    } else {
                        "start"
                    };
                    prop_assert!(!events(&log, event).contains(&dependent));
                }
            }
            prop_assert!(
                stopped.components.is_empty(),
                "the rollback has stopped everything"
            );
        }
        begun => prop_assert!(false, "{begun:?}, but at fault are {:?}", expected.culprits),
    }
    stopped_once(graph, &log)?;
    let most = PHASES.map(|phase| expected.longest(phase)).iter().sum();
    prop_assert!(took <= most, "{took:?} and not {most:?}");
    drop((begun, stopped, life));
    runtime.block_on(tokio::task::yield_now());
    prop_assert_eq!(runtime.metrics().num_alive_tasks(), 0);
    prop_assert_eq!(
        std::sync::Arc::strong_count(&graph.alive),
        1,
        "something is still alive"
    );
    Ok(())
}

fn all_started(expected: &Expected<'_>, log: &Log) -> Result<(), TestCaseError> {
    let started = events(log, "started").into_iter().collect::<BTreeSet<_>>();
    let nodes = 0..expected.graph.needs.len();
    let wanted = nodes.filter(|node| !expected.left_out.contains(node));
    prop_assert_eq!(started, wanted.collect::<BTreeSet<_>>());
    Ok(())
}

/// Each node that started, and no other one, is stopped once: after what needs it, and after its own work has ended.
fn stopped_once(graph: &Graph, log: &Log) -> Result<(), TestCaseError> {
    let (started, stops) = (events(log, "started"), events(log, "stop"));
    let mut sorted = [started.clone(), stops.clone()];
    sorted.iter_mut().for_each(|nodes| nodes.sort_unstable());
    prop_assert_eq!(&sorted[0], &sorted[1]);
    for (at, node) in started.iter().enumerate() {
        prop_assert!(
            graph.needs[*node]
                .iter()
                .all(|need| started[..at].contains(need))
        );
    }
    for (at, node) in stops.iter().enumerate() {
        for need in &graph.needs[*node] {
            prop_assert!(
                !stops[..at].contains(need),
                "{need} was stopped before {node}"
            );
        }
    }
    let log = log.lock().unwrap();
    for node in started {
        let place = |what: &str| log.iter().position(|event| *event == (what, node));
        prop_assert!(place("worked").is_some() && place("worked") < place("stop"));
    }
    Ok(())
}

fn graphs(most: usize) -> impl Strategy<Value = Graph> {
    (1..=most).prop_flat_map(|size| {
        let needs =
            (0..size).map(|node| prop::collection::btree_set(0..node.max(1), 0..=node.min(3)));
        let takes = prop::collection::vec(0u64..4, size);
        let optional = prop::collection::btree_set(0..size, 0..=2);
        (needs.collect::<Vec<_>>(), takes, optional).prop_map(|(needs, takes, mut optional)| {
            let needs = needs.into_iter().map(|needs| needs.into_iter().collect());
            let mut graph = Graph::new(&[]);
            graph.needs = needs.collect::<Vec<Vec<usize>>>();
            graph.takes = takes.into_iter().map(Duration::from_secs).collect();
            // What cannot do without an optional component is optional too: the compiler sees to that.
            for (node, needs) in graph.needs.iter().enumerate() {
                if needs.iter().any(|need| optional.contains(need)) {
                    optional.insert(node);
                }
            }
            graph.optional = optional.into_iter().collect();
            graph
        })
    })
}

fn with(graph: &Graph, faults: &[(usize, Phase, Fault)]) -> Graph {
    let mut graph = graph.clone();
    graph.alive = std::sync::Arc::default();
    faults.iter().fold(graph, |graph, (node, phase, fault)| {
        graph.fault(*node, *phase, *fault)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Every component of the graph, in every phase, with every fault.
    #[test]
    fn one_fault_anywhere_leaves_nothing_behind(graph in graphs(30)) {
        check(&with(&graph, &[]))?;
        for node in 0..graph.needs.len() {
            for phase in PHASES {
                for fault in FAULTS {
                    check(&with(&graph, &[(node, phase, fault)]))?;
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn two_faults_anywhere_leave_nothing_behind(
        graph in graphs(30),
        places in prop::array::uniform2((any::<prop::sample::Index>(), 0usize..3, 0usize..3)),
    ) {
        let faults = places.map(|(node, phase, fault)| (node.index(graph.needs.len()), PHASES[phase], FAULTS[fault]));
        check(&with(&graph, &faults))?;
    }
}
