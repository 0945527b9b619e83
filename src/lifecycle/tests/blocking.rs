//! Steps that block their thread: on several threads they are given up like those that hang, on one it is told when they have
//! returned.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::super::{Life, StartError, StopReport};
use super::{BLOCK, Fault, Graph, Log, SHORT, begin, events};
use crate::{LifecycleEvent, Outcome, Phase, State};

/// Longer than what was given up is waited for.
const LONG: Duration = Duration::from_millis(1500);

/// A graph whose components take no time besides what they are told to.
fn quick(needs: &[&[usize]]) -> Graph {
    let mut graph = Graph::new(needs);
    graph.takes.fill(Duration::ZERO);
    graph
}

/// In a task of the runtime, as an application does.
async fn begin_in_task(life: &Arc<Life>) -> Result<(), StartError> {
    let life = Arc::clone(life);
    let begun = tokio::spawn(async move { begin(&life).await });
    begun.await.unwrap()
}

async fn stop_in_task(life: &Arc<Life>) -> StopReport {
    let life = Arc::clone(life);
    let stopped = tokio::spawn(async move { life.stop().await });
    stopped.await.unwrap()
}

fn count(log: &Log, what: &str, node: usize) -> usize {
    let nodes = events(log, what);
    nodes.into_iter().filter(|one| *one == node).count()
}

async fn until(what: impl Fn() -> bool) {
    let patience = Instant::now();
    while !what() {
        assert!(patience.elapsed() < Duration::from_secs(20), "in vain");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_blocks_is_named_and_given_up_at_its_deadline() {
    for phase in [Phase::Build, Phase::Start] {
        let mut graph = quick(&[&[], &[0], &[1], &[0]]).short_fault(1, phase, Fault::Block);
        graph.blocks = LONG;
        let named: Arc<Mutex<Vec<String>>> = Arc::default();
        let names = Arc::clone(&named);
        graph.options = graph.options.patience(SHORT / 4).observe(move |event| {
            if let LifecycleEvent::Waiting { component, .. } = event {
                names.lock().unwrap().push((*component).to_owned());
            }
        });
        let (life, log) = graph.life(false);
        let begun = Instant::now();
        let error = begin_in_task(&life).await.unwrap_err();
        assert!(begun.elapsed() < LONG, "{:?}", begun.elapsed());
        assert_eq!(error.failures.len(), 1);
        let failure = &error.failures[0];
        assert_eq!((&*failure.component, failure.phase), ("test:N1", phase));
        assert!(matches!(failure.outcome, Outcome::TimedOut(SHORT)));
        assert_eq!(error.never_reached, ["test:N2"]);
        assert!(named.lock().unwrap().contains(&"test:N1".to_owned()));
        assert_eq!(events(&log, "stopped"), events(&log, "stop"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_blocks_in_its_stop_is_given_up_and_the_rest_is_stopped() {
    let mut graph = quick(&[&[], &[0], &[1]]).short_fault(2, Phase::Stop, Fault::Block);
    graph.blocks = LONG;
    let (life, log) = graph.life(false);
    begin_in_task(&life).await.unwrap();
    let begun = Instant::now();
    let report = stop_in_task(&life).await;
    assert!(begun.elapsed() < LONG, "{:?}", begun.elapsed());
    assert!(matches!(
        report.components[0].outcome,
        Outcome::TimedOut(SHORT)
    ));
    assert_eq!(report.failures().count(), 1);
    assert_eq!(events(&log, "stopped"), [1, 0]);
    assert_eq!(events(&log, "stop"), [2, 1, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_time_for_all_a_stop_that_blocks_holds_up_nobody() {
    let mut graph = quick(&[&[], &[0], &[1]])
        .fault(2, Phase::Stop, Fault::Hang)
        .fault(1, Phase::Stop, Fault::Block);
    graph.blocks = LONG;
    graph.options = graph.options.total(Phase::Stop, SHORT);
    let (life, log) = graph.life(false);
    begin_in_task(&life).await.unwrap();
    let begun = Instant::now();
    let report = stop_in_task(&life).await;
    assert!(begun.elapsed() < LONG, "{:?}", begun.elapsed());
    assert_eq!(events(&log, "stop"), [2, 1, 0]);
    let outcomes = report.components.iter().map(|ended| &ended.outcome);
    let spent = outcomes.filter(|outcome| matches!(outcome, Outcome::OutOfTime(SHORT)));
    assert_eq!(spent.count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn timers_of_others_go_on_while_a_step_blocks_the_thread_that_its_own_timer_woke() {
    let mut graph = quick(&[&[], &[]]).short_fault(0, Phase::Start, Fault::Block);
    graph.optional = vec![0];
    graph.blocks = LONG;
    graph.takes[0] = SHORT / 4;
    graph.takes[1] = SHORT;
    let (life, log) = graph.life(false);
    let begun = Instant::now();
    begin_in_task(&life).await.unwrap();
    assert!(begun.elapsed() < LONG, "{:?}", begun.elapsed());
    assert_eq!(events(&log, "started"), [1]);
    assert_eq!(life.handle(0).state(), State::Permanent);
    stop_in_task(&life).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn work_that_blocks_at_once_holds_up_neither_the_start_nor_the_others() {
    let mut graph = quick(&[&[], &[0]]).short_fault(0, Phase::Run, Fault::Block);
    graph.blocks = LONG;
    let (life, log) = graph.life(false);
    let begun = Instant::now();
    begin_in_task(&life).await.unwrap();
    until(|| count(&log, "worked badly", 0) == 1).await;
    let report = stop_in_task(&life).await;
    assert!(begun.elapsed() < LONG, "{:?}", begun.elapsed());
    let failures = report.failures().map(ToString::to_string);
    assert_eq!(
        failures.collect::<Vec<_>>(),
        ["`test:N0` (plugin `test`): a task of it had not ended within 50ms and was aborted"]
    );
    assert_eq!(events(&log, "stopped"), [1, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_starts_soon_after_it_was_given_up_is_stopped_in_its_turn() {
    let graph = quick(&[&[], &[0], &[0]]).short_fault(1, Phase::Start, Fault::Block);
    let (life, log) = graph.life(false);
    let error = begin_in_task(&life).await.unwrap_err();
    assert_eq!(count(&log, "started", 1), 1);
    assert_eq!(count(&log, "work", 1), 0, "too late to work");
    assert_eq!(events(&log, "stopped").last(), Some(&0));
    assert_eq!(count(&log, "stopped", 1), 1);
    assert!(error.rollback.is_clean());
    let told = error.rollback.components.iter();
    assert_eq!(told.filter(|ended| ended.component == "test:N1").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_starts_when_all_others_were_stopped_is_stopped_at_once() {
    for keep in [false, true] {
        let mut graph = quick(&[&[], &[0]]).short_fault(1, Phase::Start, Fault::Block);
        graph.blocks = LONG;
        let (life, log) = graph.life(false);
        begin_in_task(&life).await.unwrap_err();
        assert_eq!(events(&log, "stop"), [0]);
        // Whether or not anything of the application is still there.
        let kept = keep.then_some(life);
        until(|| count(&log, "stopped", 1) == 1).await;
        assert_eq!(count(&log, "started", 1), 1);
        assert_eq!(count(&log, "work", 1), 0);
        if let Some(life) = kept {
            assert!(stop_in_task(&life).await.components.is_empty());
        }
        assert_eq!(count(&log, "stop", 1), 1);
        until(|| Arc::strong_count(&graph.alive) == 1).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_left_out_because_it_starts_late_is_stopped_with_the_application() {
    let mut graph = quick(&[&[], &[0]]).short_fault(1, Phase::Start, Fault::Block);
    graph.optional = vec![1];
    let (life, log) = graph.life(false);
    begin_in_task(&life).await.unwrap();
    until(|| count(&log, "started", 1) == 1).await;
    assert!(life.value(1).is_none() && life.slots.get(1).is_none());
    let report = stop_in_task(&life).await;
    assert_eq!(events(&log, "stopped"), [1, 0]);
    assert_eq!(report.components.len(), 2);
    assert!(report.is_clean());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_built_after_it_was_given_up_is_dropped() {
    let mut graph = quick(&[&[]]).short_fault(0, Phase::Build, Fault::Block);
    graph.blocks = LONG;
    let (life, log) = graph.life(false);
    begin_in_task(&life).await.unwrap_err();
    until(|| count(&log, "dropped", 0) == 1).await;
    assert_eq!(count(&log, "start", 0), 0);
}

#[tokio::test]
async fn on_one_thread_that_a_step_took_too_long_is_told_when_it_has_returned() {
    for phase in [Phase::Build, Phase::Start] {
        let graph = quick(&[&[], &[0], &[1]]).short_fault(1, phase, Fault::Block);
        let (life, log) = graph.life(false);
        let error = begin_in_task(&life).await.unwrap_err();
        let failure = &error.failures[0];
        assert_eq!((&*failure.component, failure.phase), ("test:N1", phase));
        assert!(matches!(failure.outcome, Outcome::TimedOut(SHORT)));
        assert!(failure.took >= BLOCK);
        let (started, mut stopped) = (events(&log, "started"), events(&log, "stopped"));
        stopped.reverse();
        assert_eq!(started, stopped, "what has started is stopped, in order");
        assert_eq!(
            count(&log, "dropped", 1),
            usize::from(phase == Phase::Build)
        );
        assert_eq!(count(&log, "work", 1), 0);
    }
    let graph = quick(&[&[], &[0]]).short_fault(1, Phase::Stop, Fault::Block);
    let (life, log) = graph.life(false);
    begin_in_task(&life).await.unwrap();
    let report = stop_in_task(&life).await;
    assert!(matches!(
        report.components[0].outcome,
        Outcome::TimedOut(SHORT)
    ));
    assert_eq!(events(&log, "stopped"), [1, 0]);
}

#[tokio::test]
async fn on_one_thread_what_blocks_past_the_time_for_all_is_out_of_time() {
    let mut graph = quick(&[&[], &[0]]).fault(0, Phase::Start, Fault::Block);
    graph.options = graph.options.total(Phase::Start, SHORT);
    let (life, log) = graph.life(false);
    let error = begin_in_task(&life).await.unwrap_err();
    assert_eq!(error.failures[0].component, "test:N0");
    assert!(matches!(
        error.failures[0].outcome,
        Outcome::OutOfTime(SHORT)
    ));
    assert_eq!(events(&log, "stopped"), [0]);
    assert_eq!(events(&log, "start"), [0]);
}
