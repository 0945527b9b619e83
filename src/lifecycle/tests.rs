//! The lifecycle on graphs made for the purpose.

mod blocking;
mod decorators;
mod expected;
mod graph;
mod matrix;
mod panics;
mod registries;
mod watching;

use std::time::Duration;

use super::{Life, StartError};
use crate::{Outcome, Phase, State};
use graph::{BLOCK, Behaviour, Fault, Graph, LIMIT, Log, SHORT, entry};

async fn begin(life: &Life) -> Result<(), StartError> {
    let (_waiting, given_up) = tokio::sync::watch::channel(());
    life.begin(given_up).await
}

fn events(log: &Log, what: &str) -> Vec<usize> {
    log.lock()
        .unwrap()
        .iter()
        .filter(|(event, _)| *event == what)
        .map(|(_, node)| *node)
        .collect()
}

#[tokio::test(start_paused = true)]
async fn independent_components_run_concurrently_and_the_wall_time_is_the_critical_path() {
    let (life, log) = Graph::new(&[&[], &[], &[0], &[0, 1], &[2, 3]]).life(false);
    let begun = tokio::time::Instant::now();
    begin(&life).await.unwrap();
    assert_eq!(
        begun.elapsed(),
        Duration::from_secs(6),
        "three levels, a second each, built and started"
    );
    assert!(life.stop().await.is_clean());
    assert_eq!(begun.elapsed(), Duration::from_secs(9));
    assert_eq!(events(&log, "stopped")[0], 4);
}

#[tokio::test(start_paused = true)]
async fn a_sequential_stop_is_the_exact_reverse_of_the_start() {
    let (life, log) = Graph::new(&[&[], &[], &[0], &[], &[1]]).life(true);
    begin(&life).await.unwrap();
    life.stop().await;
    let mut started = events(&log, "started");
    started.reverse();
    assert_eq!(events(&log, "stopped"), started);
}

#[tokio::test(start_paused = true)]
async fn a_failed_start_stops_what_had_started_and_names_culprit_and_phase() {
    let graph = Graph::new(&[&[], &[0], &[1], &[2]]).fault(2, Phase::Start, Fault::Error);
    let (life, log) = graph.life(false);
    let error = begin(&life).await.unwrap_err();
    assert_eq!(error.phase, Phase::Start);
    assert_eq!(error.failures[0].component, "test:N2");
    assert_eq!(error.never_reached, ["test:N3"]);
    assert_eq!(events(&log, "stopped"), [1, 0]);
    assert_eq!(
        error.to_string(),
        "cannot start `test:N2` (plugin `test`): as told\n  stopped again: test:N1, test:N0\n  never reached: test:N3"
    );
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_caught_where_it_happens() {
    let (life, _) = Graph::new(&[&[], &[0]])
        .fault(0, Phase::Build, Fault::Panic)
        .life(false);
    let error = begin(&life).await.unwrap_err();
    assert!(
        matches!(&error.failures[0].outcome, Outcome::Panicked(message) if message == "as told")
    );
}

#[tokio::test(start_paused = true)]
async fn a_failed_build_names_those_that_were_not_built_yet_and_no_others() {
    let mut graph = Graph::new(&[&[], &[0], &[1], &[]]).fault(1, Phase::Build, Fault::Error);
    graph.takes[3] = Duration::from_secs(50);
    let (life, _) = graph.life(false);
    let error = begin(&life).await.unwrap_err();
    assert_eq!(error.never_reached, ["test:N2", "test:N3"]);
}

#[tokio::test(start_paused = true)]
async fn a_hang_ends_at_the_deadline_and_the_rollback_has_a_budget_of_its_own() {
    let (life, log) = Graph::new(&[&[], &[0]])
        .fault(1, Phase::Start, Fault::Hang)
        .life(false);
    let error = begin(&life).await.unwrap_err();
    assert!(matches!(error.failures[0].outcome, Outcome::TimedOut(_)));
    assert_eq!(events(&log, "stopped"), [0]);
    assert!(error.rollback.is_clean());
}

#[tokio::test(start_paused = true)]
async fn an_optional_plugin_that_fails_is_left_out_and_the_rest_runs() {
    let mut graph = Graph::new(&[&[], &[0], &[1], &[0]]).fault(1, Phase::Build, Fault::Error);
    graph.optional = vec![1, 2];
    let (life, log) = graph.life(false);
    begin(&life).await.unwrap();
    assert_eq!(events(&log, "started"), [0, 3]);
    assert_eq!(life.handle(2).state(), State::Permanent);
    assert!(life.value(2).is_none());
    assert_eq!(life.stop().await.components.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_optional_plugin_and_what_it_needs_start_before_anybody_who_may_use_them_is_built() {
    // 2 is optional and needs 1; 3 and 4 are built when it is known what came of it.
    let mut graph = Graph::new(&[&[], &[], &[1], &[1], &[0]]);
    graph.optional = vec![2];
    let (life, log) = graph.life(true);
    begin(&life).await.unwrap();
    let steps = log.lock().unwrap().clone();
    let steps = steps
        .into_iter()
        .filter(|(step, _)| matches!(*step, "built" | "started"));
    assert_eq!(
        steps.collect::<Vec<_>>(),
        [
            ("built", 1),
            ("started", 1),
            ("built", 2),
            ("started", 2),
            ("built", 0),
            ("built", 3),
            ("built", 4),
            ("started", 0),
            ("started", 3),
            ("started", 4),
        ]
    );
    life.stop().await;
    assert_eq!(
        events(&log, "stopped"),
        [4, 3, 0, 2, 1],
        "the exact reverse"
    );
    assert_eq!(life.plan.nodes_of(2), [1], "by its new number");
}

#[tokio::test(start_paused = true)]
async fn what_a_failed_optional_plugin_has_built_is_nobodys() {
    let mut graph = Graph::new(&[&[], &[0]]).fault(1, Phase::Start, Fault::Error);
    graph.optional = vec![1];
    let (life, log) = graph.life(false);
    begin(&life).await.unwrap();
    assert_eq!(events(&log, "built"), [0, 1]);
    assert!(
        life.slots.get(1).is_none(),
        "not even behind a lazy requirement"
    );
    let report = life.report();
    let critical = report.timings.iter().filter(|timing| timing.critical);
    let critical = critical.map(|timing| (timing.component.as_str(), timing.phase));
    assert_eq!(
        critical.collect::<Vec<_>>(),
        [
            ("test:N0", Phase::Build),
            ("test:N1", Phase::Build),
            ("test:N0", Phase::Start),
            ("test:N1", Phase::Start),
        ]
    );
    life.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_starts_while_others_are_built_is_stopped_when_one_of_them_fails() {
    let mut graph = Graph::new(&[&[], &[], &[0]]).fault(1, Phase::Build, Fault::Error);
    graph.optional = vec![2];
    graph.takes[1] = Duration::from_millis(1500);
    let (life, log) = graph.life(false);
    let error = begin(&life).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot build `test:N1` (plugin `test`): as told\n  stopped again: test:N0\n  never reached: test:N2",
        "its start was under way, and was awaited"
    );
    assert_eq!(events(&log, "stopped"), [0]);
}

#[tokio::test(start_paused = true)]
async fn a_stop_goes_past_errors_panics_and_hangs() {
    let mut graph = Graph::new(&[&[], &[0], &[1], &[2]]);
    graph = graph
        .fault(3, Phase::Stop, Fault::Error)
        .fault(2, Phase::Stop, Fault::Panic);
    let (life, log) = graph.fault(1, Phase::Stop, Fault::Hang).life(false);
    begin(&life).await.unwrap();
    let report = life.stop().await;
    assert_eq!(report.components.len(), 4);
    assert_eq!(report.failures().count(), 3);
    assert_eq!(events(&log, "stopped"), [0]);
}
