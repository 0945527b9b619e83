//! What is said while a start or a stop goes on, and what happens when its time is spent.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::super::Lifecycle;
use super::{Fault, Graph, LIMIT, begin, events};
use crate::{LifecycleEvent, Outcome, Phase};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn a_component_that_hangs_is_named_with_those_it_holds_up() {
    let mut graph = Graph::new(&[&[], &[0], &[0], &[]]).fault(0, Phase::Start, Fault::Hang);
    let named: Arc<Mutex<Vec<String>>> = Arc::default();
    let names = Arc::clone(&named);
    graph.options = graph.options.patience(seconds(30)).observe(move |event| {
        if let LifecycleEvent::Waiting {
            component,
            phase,
            elapsed,
            held_up,
        } = event
        {
            let text = format!(
                "{component} {phase} {} {}",
                elapsed.as_secs(),
                held_up.join(" ")
            );
            names.lock().unwrap().push(text);
        }
    });
    let (life, _) = graph.life(false);
    begin(&life).await.unwrap_err();
    assert_eq!(
        *named.lock().unwrap(),
        [
            "test:N0 start 30 test:N1 test:N2",
            "test:N0 start 60 test:N1 test:N2",
            "test:N0 start 90 test:N1 test:N2",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn when_the_time_for_all_is_spent_the_start_ends_and_the_rollback_has_its_own() {
    let mut graph = Graph::new(&[&[], &[0], &[1], &[]]).fault(2, Phase::Start, Fault::Hang);
    graph.options = graph
        .options
        .total(Phase::Start, seconds(10))
        .rollback(seconds(50));
    let (life, log) = graph.life(false);
    let begun = tokio::time::Instant::now();
    let error = begin(&life).await.unwrap_err();
    assert!(matches!(error.failures[0].outcome, Outcome::OutOfTime(total) if total == seconds(10)));
    assert_eq!(events(&log, "stopped"), [3, 1, 0]);
    assert_eq!(begun.elapsed(), seconds(3 + 10 + 2));
}

#[tokio::test(start_paused = true)]
async fn when_the_time_for_a_stop_is_spent_everything_left_is_still_told_to_stop_once() {
    let mut graph = Graph::new(&[&[], &[0], &[1], &[2]])
        .fault(3, Phase::Stop, Fault::Hang)
        .fault(2, Phase::Stop, Fault::Hang);
    graph.options = graph.options.total(Phase::Stop, LIMIT + seconds(5));
    let (life, log) = graph.life(false);
    begin(&life).await.unwrap();
    let begun = tokio::time::Instant::now();
    let report = life.stop().await;
    assert_eq!(begun.elapsed(), LIMIT + seconds(5));
    assert_eq!(events(&log, "stop"), [3, 2, 1, 0]);
    let outcomes = report.components.iter().map(|ended| match ended.outcome {
        Outcome::TimedOut(_) => "deadline",
        Outcome::OutOfTime(_) => "budget",
        _ => "other",
    });
    assert_eq!(
        outcomes.collect::<Vec<_>>(),
        ["deadline", "budget", "budget", "budget"]
    );
    let told_again = life.stop().await;
    assert!(told_again.components.is_empty());
}

#[test]
fn deadlines_that_are_not_named_are_those_of_the_defaults() {
    let lifecycle = Lifecycle::new()
        .deadline(Phase::Stop, seconds(3))
        .total(Phase::Run, seconds(1));
    let text = format!("{lifecycle:?}");
    assert!(
        text.contains("each: Limits { build: 60s, start: 60s, stop: 3s }"),
        "{text}"
    );
    assert!(
        text.contains("total: Limits { build: 300s, start: 300s, stop: 120s }"),
        "{text}"
    );
}
