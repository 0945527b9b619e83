//! The fault matrix: whatever fails, in whatever phase, on one thread or on several, and wherever the start is given up, each
//! component that started is stopped exactly once, and the reports name everything that went wrong.
//!
//! What has to happen is worked out from the graph alone, by [`Expected`](super::expected::Expected).

use std::collections::BTreeSet;
use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use tokio::runtime::{Builder, Runtime};

use super::super::{Life, StartError, StopReport};
use super::expected::Expected;
use super::{Fault, Graph, LIMIT, Log, SHORT, events};
use crate::{Outcome, Phase};

const PHASES: [Phase; 4] = [Phase::Build, Phase::Start, Phase::Run, Phase::Stop];
const FAULTS: [Fault; 5] = [
    Fault::Error,
    Fault::Panic,
    Fault::Hang,
    Fault::PanicInDrop,
    Fault::Block,
];

/// Where a graph is taken through its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    /// One thread, and a clock that goes on when nothing else does. Nothing blocks.
    Paused,
    OneThread,
    SeveralThreads,
}

impl Flavour {
    fn runtime(self) -> Runtime {
        let mut builder = match self {
            Self::Paused | Self::OneThread => Builder::new_current_thread(),
            Self::SeveralThreads => Builder::new_multi_thread(),
        };
        builder.enable_all().worker_threads(2);
        builder.start_paused(self == Self::Paused).build().unwrap()
    }
}

/// What may happen to the whole of an application besides the faults of its components.
#[derive(Debug, Clone, Copy, Default)]
struct Circumstances {
    /// Nobody waits for the start any more when it is polled for this time.
    given_up_at: Option<usize>,
    observer_panics: bool,
}

/// Begins a life; where nobody waits for it any more from some poll on, it goes on without.
async fn begin(life: &Life, given_up_at: Option<usize>) -> Result<(), StartError> {
    let (waiting, given_up) = tokio::sync::watch::channel(());
    let (mut waiting, mut polls) = (Some(waiting), 0);
    let mut beginning = pin!(life.begin(given_up));
    poll_fn(|context| {
        if given_up_at == Some(polls) {
            waiting = None;
        }
        polls += 1;
        beginning.as_mut().poll(context)
    })
    .await
}

/// Takes a graph through its life and compares.
fn check(graph: &Graph, flavour: Flavour, around: Circumstances) -> Result<(), TestCaseError> {
    let mut graph = graph.clone();
    if around.observer_panics {
        graph.options = graph.options.observe(|_| panic!("as told, when told"));
    }
    let runtime = flavour.runtime();
    let expected = Expected::of(&graph, flavour);
    let (life, log) = graph.life(false);
    let (begun, stopped, took) = runtime.block_on(async {
        let zero = tokio::time::Instant::now();
        // A task of the runtime, as in an application.
        let (own, observed) = (Arc::clone(&life), around.given_up_at);
        let begun = tokio::spawn(async move { begin(&own, observed).await }).await;
        let own = Arc::clone(&life);
        let stopped = tokio::spawn(async move { own.stop().await }).await;
        (begun.unwrap(), stopped.unwrap(), zero.elapsed())
    });
    let report = match &begun {
        Ok(()) => {
            prop_assert!(expected.culprits.is_empty(), "{:?}", expected.culprits);
            all_started(&expected, &log)?;
            &stopped
        }
        Err(error) => {
            right_ones_failed(&expected, error, around, &log)?;
            let again = &stopped.components;
            prop_assert!(again.is_empty(), "the rollback has stopped everything");
            &error.rollback
        }
    };
    settle(&runtime)?;
    stopped_once(&expected, &log)?;
    everything_is_told(&expected, report, around, &log)?;
    if flavour == Flavour::Paused {
        let most = PHASES.map(|phase| expected.longest(phase)).iter().sum();
        prop_assert!(took <= most, "{took:?} and not {most:?}");
    }
    drop((begun, stopped, life));
    settle(&runtime)?;
    let alive = Arc::strong_count(&graph.alive);
    // The graph that is checked is a clone.
    prop_assert_eq!(alive, 2, "something is still alive");
    Ok(())
}

/// Waits until no task is left: what blocks its thread is over before long.
fn settle(runtime: &Runtime) -> Result<(), TestCaseError> {
    let patience = std::time::Instant::now();
    while runtime.metrics().num_alive_tasks() > 0 {
        prop_assert!(
            patience.elapsed() < Duration::from_secs(5),
            "a task is left"
        );
        runtime.block_on(async { tokio::time::sleep(Duration::from_millis(1)).await });
    }
    Ok(())
}

/// A failed start blames none but those at fault, and has begun nothing that needs them.
fn right_ones_failed(
    expected: &Expected<'_>,
    error: &StartError,
    around: Circumstances,
    log: &Log,
) -> Result<(), TestCaseError> {
    let is_given_up = around.given_up_at.is_some() && error.given_up;
    prop_assert!(is_given_up || !error.failures.is_empty());
    if let Some(first) = error.failures.first() {
        prop_assert_eq!(error.phase, first.phase);
    }
    for failure in &error.failures {
        let node = number(&failure.component);
        let phase = expected.culprits.get(&node);
        prop_assert_eq!(phase, Some(&failure.phase), "{} did nothing wrong", failure);
        let limit = match expected.flavour {
            Flavour::Paused => LIMIT,
            _ => SHORT,
        };
        let same = match expected.graph.faults[&node].1 {
            Fault::Error => matches!(failure.outcome, Outcome::Failed(_)),
            Fault::Panic => matches!(failure.outcome, Outcome::Panicked(_)),
            _ => matches!(failure.outcome, Outcome::TimedOut(after) if after == limit),
        };
        prop_assert!(same, "{failure}");
        for dependent in expected.dependents(node) {
            let is_early = expected.early.contains(&node);
            let event = if failure.phase == Phase::Build || is_early {
                "build"
            } else {
                "start"
            };
            prop_assert!(!events(log, event).contains(&dependent));
        }
    }
    Ok(())
}

/// The number of a node, by its name.
fn number(component: &str) -> usize {
    component["test:N".len()..].parse().unwrap()
}

/// A report has a failure for each node that did something wrong while it was stopped, and for no other one; and it has the
/// panics that no step ended with.
fn everything_is_told(
    expected: &Expected<'_>,
    report: &StopReport,
    around: Circumstances,
    log: &Log,
) -> Result<(), TestCaseError> {
    let faults = &expected.graph.faults;
    let told = report.failures().map(|failure| number(&failure.component));
    let told: BTreeSet<usize> = told.collect();
    let stopped = events(log, "stop");
    let worked = events(log, "worked badly");
    let wrong = stopped.into_iter().filter(|node| match faults.get(node) {
        Some((Phase::Stop, _)) => true,
        Some((Phase::Run, Fault::Hang | Fault::PanicInDrop)) => worked.contains(node),
        // It may have failed, or gone on, before it was asked to end.
        Some((Phase::Run, _)) => told.contains(node),
        _ => false,
    });
    prop_assert_eq!(&told, &wrong.collect::<BTreeSet<_>>(), "{:#}", report);
    let panicked = events(log, "will panic").into_iter();
    let named = report.panics.iter().flat_map(|panic| &panic.component);
    let named = named.map(|component| number(component));
    prop_assert_eq!(
        named.collect::<BTreeSet<_>>(),
        panicked.collect::<BTreeSet<_>>(),
        "{:#}",
        report
    );
    let of_observer = report
        .panics
        .iter()
        .filter(|panic| panic.component.is_none());
    prop_assert_eq!(of_observer.count(), usize::from(around.observer_panics));
    prop_assert!(!(around.observer_panics && report.is_clean()));
    Ok(())
}

fn all_started(expected: &Expected<'_>, log: &Log) -> Result<(), TestCaseError> {
    let mut started = events(log, "started").into_iter().collect::<BTreeSet<_>>();
    // What was given up may start after all.
    started.retain(|node| !expected.left_out.contains(node) || !expected.may_be_late(*node));
    let nodes = 0..expected.graph.needs.len();
    let wanted = nodes.filter(|node| !expected.left_out.contains(node));
    prop_assert_eq!(started, wanted.collect::<BTreeSet<_>>());
    Ok(())
}

/// Each node that started, and no other one, is stopped once: after what needs it, and after its own work has ended.
fn stopped_once(expected: &Expected<'_>, log: &Log) -> Result<(), TestCaseError> {
    let graph = expected.graph;
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
        let at_fault = graph.faults.get(&node);
        if expected.may_be_late(node) || at_fault.is_some_and(|(at, _)| *at == Phase::Run) {
            continue;
        }
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

fn with(graph: &Graph, faults: &[(usize, Phase, Fault)], flavour: Flavour) -> Graph {
    let mut graph = graph.clone();
    graph.alive = Arc::default();
    if flavour != Flavour::Paused {
        let takes = graph.takes.iter();
        graph.takes = takes.map(|takes| *takes / 1000).collect();
    }
    let at = |graph: Graph, (node, phase, fault): &(usize, Phase, Fault)| match flavour {
        Flavour::Paused => graph.fault(*node, *phase, *fault),
        _ => graph.short_fault(*node, *phase, *fault),
    };
    faults.iter().fold(graph, at)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Every component of the graph, in every phase, with every fault that takes no time of the thread's.
    #[test]
    fn one_fault_anywhere_leaves_nothing_behind(graph in graphs(30)) {
        let paused = |faults: &[_]| {
            check(&with(&graph, faults, Flavour::Paused), Flavour::Paused, Circumstances::default())
        };
        paused(&[])?;
        for node in 0..graph.needs.len() {
            for phase in PHASES {
                for fault in &FAULTS[..4] {
                    paused(&[(node, phase, *fault)])?;
                }
            }
            paused(&[(node, Phase::Build, Fault::PanicInDropOfValue)])?;
        }
    }
}

fn circumstances() -> impl Strategy<Value = Circumstances> {
    let given_up_at = prop::option::weighted(0.3, 0usize..40);
    (given_up_at, prop::bool::weighted(0.2)).prop_map(|(given_up_at, observer_panics)| {
        Circumstances {
            given_up_at,
            observer_panics,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn two_faults_anywhere_leave_nothing_behind(
        graph in graphs(30),
        places in prop::array::uniform2((any::<prop::sample::Index>(), 0usize..4, 0usize..4)),
        around in circumstances(),
    ) {
        let faults = places.map(|(node, phase, fault)| (node.index(graph.needs.len()), PHASES[phase], FAULTS[fault]));
        check(&with(&graph, &faults, Flavour::Paused), Flavour::Paused, around)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// In real time, with steps that block their thread.
    #[test]
    fn on_real_threads_faults_anywhere_leave_nothing_behind(
        graph in graphs(8),
        places in prop::array::uniform2((any::<prop::sample::Index>(), 0usize..4, 0usize..5)),
        several in any::<bool>(),
        around in circumstances(),
    ) {
        let flavour = if several { Flavour::SeveralThreads } else { Flavour::OneThread };
        let faults = places.map(|(node, phase, fault)| (node.index(graph.needs.len()), PHASES[phase], FAULTS[fault]));
        check(&with(&graph, &faults, flavour), flavour, around)?;
    }
}
