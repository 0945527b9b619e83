//! Panics where nobody looks for them, stops that are cut off, and times without end: each is told, and stops nobody else
//! from being stopped.

use std::time::Duration;

use super::{Fault, Graph, LIMIT, begin, events};
use crate::{Outcome, Phase, Result};

#[tokio::test(start_paused = true)]
async fn an_observer_that_panics_stops_nothing_and_is_named() {
    let mut graph = Graph::new(&[&[], &[0], &[1]]);
    graph.options = graph.options.observe(|event| panic!("told of {event:?}"));
    let (life, log) = graph.life(false);
    begin(&life).await.unwrap();
    let report = life.stop().await;
    assert_eq!(events(&log, "stopped"), [2, 1, 0]);
    assert!(!report.is_clean());
    assert_eq!(report.failures().count(), 0);
    assert_eq!(report.panics.len(), 1, "the first one");
    assert_eq!(
        report.to_string(),
        "3 components stopped\n  the observer panicked: told of Begun { component: \"test:N0\", phase: Build }"
    );
}

#[tokio::test(start_paused = true)]
async fn an_observer_that_panics_hides_no_failure_of_a_start() {
    let mut graph = Graph::new(&[&[], &[0]]).fault(1, Phase::Start, Fault::Error);
    graph.options = graph.options.observe(|_| panic!("as told, when told"));
    let (life, log) = graph.life(false);
    let error = begin(&life).await.unwrap_err();
    assert_eq!(events(&log, "stopped"), [0]);
    assert_eq!(
        error.to_string(),
        "cannot start `test:N1` (plugin `test`): as told\n  stopped again: test:N0\n  the observer panicked: as told, when told"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_panics_when_its_time_is_over_stops_nobody_else_from_being_stopped() {
    // 3 uses the time up; then 2 and 1 are dropped at once.
    let graph = Graph::new(&[&[], &[0], &[1], &[2]]).fault(3, Phase::Stop, Fault::Hang);
    let graph = graph.fault(2, Phase::Stop, Fault::PanicInDrop);
    let mut graph = graph.fault(1, Phase::Stop, Fault::PanicInDrop);
    graph.takes.fill(Duration::ZERO);
    graph.options = graph.options.total(Phase::Stop, LIMIT / 2);
    let (life, log) = graph.life(false);
    begin(&life).await.unwrap();
    let report = life.stop().await;
    assert_eq!(events(&log, "stop"), [3, 2, 1, 0]);
    assert_eq!(report.components.len(), 4);
    assert_eq!(report.failures().count(), 3);
    let panics = report.panics.iter().map(ToString::to_string);
    assert_eq!(
        panics.collect::<Vec<_>>(),
        [
            "something of `test:N2` panicked while it was dropped: as told, when dropped",
            "something of `test:N1` panicked while it was dropped: as told, when dropped",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn values_that_panic_when_they_are_dropped_hide_no_culprit_and_keep_no_other_value() {
    let graph = Graph::new(&[&[], &[], &[0, 1], &[]]);
    let graph = graph.fault(0, Phase::Build, Fault::PanicInDropOfValue);
    let graph = graph.fault(1, Phase::Build, Fault::PanicInDropOfValue);
    let graph = graph.fault(3, Phase::Start, Fault::Error);
    let (life, log) = graph.life(false);
    let error = begin(&life).await.unwrap_err();
    assert_eq!(error.failures[0].component, "test:N3");
    let supervision = std::sync::Arc::clone(&life.supervision);
    drop(life);
    assert_eq!(events(&log, "dropped"), [3, 2, 1, 0]);
    let named = supervision.take_strays().into_iter();
    let named = named.filter_map(|panic| panic.component);
    assert_eq!(named.collect::<Vec<_>>(), ["test:N1", "test:N0"]);
}

#[tokio::test(start_paused = true)]
async fn a_start_that_fails_keeps_its_error_though_its_value_panics_when_it_is_dropped() {
    let mut graph =
        Graph::new(&[&[], &[0]]).fault(1, Phase::Start, Fault::ErrorAndPanicInDropOfValue);
    graph.optional = vec![1];
    let (life, _) = graph.life(false);
    begin(&life).await.unwrap();
    let status = life.handle(1).status();
    assert_eq!(status.reason.as_deref(), Some("as told"));
    let report = life.stop().await;
    assert_eq!(report.panics[0].component.as_deref(), Some("test:N1"));
    assert_eq!(report.components.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn no_deadline_and_no_budget_is_too_long() {
    let mut graph = Graph::new(&[&[], &[0]]);
    let phases = [Phase::Build, Phase::Start, Phase::Run, Phase::Stop];
    let endless = phases.into_iter().fold(graph.options, |options, phase| {
        let options = options.deadline(phase, Duration::MAX);
        options.total(phase, Duration::MAX)
    });
    graph.options = endless.rollback(Duration::MAX).patience(Duration::MAX);
    let (life, log) = graph.life(false);
    begin(&life).await.unwrap();
    assert!(life.stop().await.is_clean());
    assert_eq!(events(&log, "stopped"), [1, 0]);
    let graph = graph.fault(1, Phase::Start, Fault::Error);
    let (life, log) = graph.life(false);
    assert!(begin(&life).await.unwrap_err().rollback.is_clean());
    assert_eq!(events(&log, "stopped"), [0]);
}

#[tokio::test]
async fn where_no_time_is_given_what_is_done_at_once_is_done() {
    let mut graph = Graph::new(&[&[], &[0]]);
    graph.takes.fill(Duration::ZERO);
    let phases = [Phase::Build, Phase::Start, Phase::Stop];
    let hurried = phases.into_iter().fold(graph.options, |options, phase| {
        options.deadline(phase, Duration::ZERO)
    });
    graph.options = hurried;
    let (life, log) = graph.life(false);
    begin(&life).await.unwrap();
    life.stop().await;
    assert_eq!(events(&log, "stopped"), [1, 0]);
}

#[tokio::test(start_paused = true)]
async fn work_that_fails_when_it_is_asked_to_end_is_told_with_the_stop() {
    let mut graph = Graph::new(&[&[], &[0], &[1]]);
    graph = graph.fault(1, Phase::Run, Fault::ErrorAtTheEnd);
    graph = graph.fault(2, Phase::Stop, Fault::Error);
    let (life, log) = graph.life(false);
    begin(&life).await.unwrap();
    let report = life.stop().await;
    let failures = report.failures().map(ToString::to_string);
    assert_eq!(
        failures.collect::<Vec<_>>(),
        [
            "`test:N2` (plugin `test`): as told",
            "`test:N1` (plugin `test`): its work, asked to end: as told",
        ]
    );
    assert_eq!(events(&log, "stop"), [2, 1, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_was_cut_off_says_so_and_who_may_still_be_at_work() -> Result<()> {
    let graph = Graph::new(&[&[], &[0], &[1]]).fault(1, Phase::Stop, Fault::Hang);
    let (life, _) = graph.life(false);
    begin(&life).await?;
    let cut_off = tokio::time::timeout(LIMIT / 2, life.stop()).await;
    assert!(cut_off.is_err());
    let report = life.cut_off();
    assert!(report.cut_off && !report.is_clean());
    assert_eq!(report.components.len(), 1);
    assert!(matches!(report.components[0].outcome, Outcome::Done));
    assert_eq!(report.not_stopped, ["test:N0", "test:N1"]);
    assert_eq!(
        report.to_string(),
        "1 components stopped\n  cut off before its end\n  not known to have stopped: test:N0, test:N1"
    );
    Ok(())
}
