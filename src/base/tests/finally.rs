//! What steps leave to be done at the end of the step around them.

use super::example::{ALLOWED, BEGUN, ONE_AT_A_TIME, notes};
use super::pipeline::{run, start};

const LATER: &str =
    "{ id: a, use: 'shop:Note', injects: { store: shelf }, params: { text: a, later: a } }";
const NOTE: &str = "{ id: n, use: 'shop:Note', injects: { store: shelf }, params: { text: n } }";

#[tokio::test]
async fn it_is_done_after_the_last_step_of_the_composite_and_the_last_one_first() {
    let root = format!(
        "{{ use: 'base:CompositePipe', params: {{ steps: [ {LATER},
            {{ id: b, use: 'shop:Note', injects: {{ store: shelf }}, params: {{ text: b, later: b }} }}, {NOTE} ] }} }}"
    );
    assert!(run("finally_last", 1, &root).await.0.is_ok());
    let expected = ["a", "b", "n", "b ok false", "a ok false"];
    assert_eq!(notes("finally_last"), expected);
}

#[tokio::test]
async fn a_panic_in_one_keeps_no_other_from_being_done() {
    let root = format!(
        "{{ use: 'base:CompositePipe', params: {{ steps: [ {LATER},
            {{ id: b, use: 'shop:Note', injects: {{ store: shelf }}, params: {{ text: b, later: panic }} }}, {NOTE} ] }} }}"
    );
    assert!(run("finally_panic", 1, &root).await.0.is_ok());
    assert_eq!(notes("finally_panic"), ["a", "b", "n", "a ok false"]);
}

#[tokio::test]
async fn it_is_told_of_an_error_in_a_later_step() {
    let root = format!(
        "{{ use: 'base:CompositePipe', params: {{ steps: [ {LATER},
            {{ id: e, use: 'base:ExpressionPipe', params: {{ expression: '{{{{ 1 / 0 }}}}' }} }}, {NOTE} ] }} }}"
    );
    assert!(run("finally_error", 1, &root).await.0.is_err());
    assert_eq!(notes("finally_error"), ["a", "a failed true"]);
}

#[tokio::test]
async fn behind_a_gate_in_a_composite_it_waits_for_the_composite_which_sees_its_result() {
    let root = format!(
        "{{ use: 'base:CompositePipe', params: {{ steps: [
            {{ id: r, use: 'base:SimpleSequentialRunner', params: {{
                on: {{ use: 'base:ExpressionPipe', params: {{ expression: 1 }} }}, run: {LATER} }} }}, {NOTE} ] }} }}"
    );
    assert!(run("finally_gate", 1, &root).await.0.is_ok());
    assert_eq!(notes("finally_gate"), ["a", "n", "a ok false"]);
}

#[tokio::test]
async fn where_nobody_sees_the_result_it_is_done_at_once_in_every_cycle() {
    let root = format!(
        "{{ use: 'base:SimpleSequentialOrchestrator', params: {{ orchestrator_sleep: 0, steps: [ {LATER}, {NOTE} ] }} }}"
    );
    assert!(run("finally_alone", 2, &root).await.0.is_ok());
    let cycle = ["a", "a ok false", "n"];
    assert_eq!(notes("finally_alone"), [cycle, cycle].concat());
}

#[tokio::test]
async fn a_stop_in_the_middle_is_told_before_the_application_has_stopped() {
    let _one = ONE_AT_A_TIME.lock().await;
    let root = format!(
        "{{ use: 'base:CompositePipe', params: {{ steps: [ {LATER}, {{ id: slow, use: 'shop:Slow' }}, {NOTE} ] }} }}"
    );
    let (core, _) = start("finally_stop", &root).await;
    let pipeline = core.pipeline().expect("a pipeline");
    let stop = async {
        BEGUN.notified().await;
        pipeline.stop();
        ALLOWED.notify_one();
    };
    let (ended, ()) = tokio::join!(pipeline.run(), stop);
    ended.expect("a stop is no error");
    assert_eq!(notes("finally_stop"), ["a", "a stopped false"]);
    core.stop().await;
}
