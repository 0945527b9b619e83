//! Pipelines from configuration to results.

use std::sync::{Arc, Mutex};

use super::example::{ALLOWED, BEGUN, ONE_AT_A_TIME, TABLE, notes};
use crate::__private::Core;
use crate::{Lifecycle, Result, Settings, StepEvent};

pub(super) type Seen = Arc<Mutex<Vec<String>>>;

/// An application on this configuration; `$shelf` stands for a name of its own, because notes are kept by path.
pub(super) async fn start(shelf: &str, orchestrator: &str) -> (Core, Seen) {
    start_with(shelf, "", orchestrator).await
}

/// Starts an application whose configuration has these services besides.
async fn start_with(shelf: &str, services: &str, orchestrator: &str) -> (Core, Seen) {
    let text = format!(
        "shop:\n  services:\n    shelf: {{ use: 'shop:Shelf', params: {{ path: '{shelf}' }} }}\n{services}  orchestrator: {orchestrator}\n"
    );
    let settings = Settings::yaml("test.yml", text)
        .expect("YAML")
        .environment([("NAME", "value")]);
    let core = Core::start(&TABLE, &settings, Lifecycle::default())
        .await
        .expect("starts");
    let seen = Seen::default();
    let log = seen.clone();
    core.pipeline().expect("a pipeline").observe(move |event| {
        let line = match event {
            StepEvent::CycleStarted { number } => format!("cycle {number}"),
            StepEvent::Ended {
                step,
                outcome,
                message: "",
                ..
            } => format!("{} {}", step.id, outcome.as_str()),
            StepEvent::Ended {
                step,
                outcome,
                message,
                ..
            } => format!("{} {}: {message}", step.id, outcome.as_str()),
            StepEvent::CycleEnded { error: Some(_), .. } => "with an error".to_owned(),
            _ => return,
        };
        log.lock().expect("lock").push(line);
    });
    (core, seen)
}

pub(super) async fn run(shelf: &str, cycles: u64, orchestrator: &str) -> (Result<()>, Vec<String>) {
    let (core, seen) = start(shelf, orchestrator).await;
    let outcome = core
        .pipeline()
        .expect("a pipeline")
        .run_cycles(cycles)
        .await;
    core.stop().await;
    let seen = seen.lock().expect("lock").clone();
    (outcome, seen)
}

#[tokio::test]
async fn a_composite_stops_after_a_failed_step_and_is_itself_a_success() {
    let root = "{ use: 'base:CompositePipe', id: c, params: { steps: [
        { id: a, use: 'base:ExpressionPipe', params: { expression: '{{ 1 }}' } },
        { id: b, use: 'base:ExpressionPipe', params: { expression: \"{{ fail('enough') }}\" } },
        { id: n, use: 'shop:Note', injects: { store: shelf }, params: { text: never } } ] } }";
    let (outcome, seen) = run("composite", 1, root).await;
    assert!(outcome.is_ok());
    assert_eq!(seen, ["cycle 1", "a ok", "b failed: enough", "c ok"]);
    assert!(notes("composite").is_empty());
}

#[tokio::test]
async fn inner_steps_see_outer_results_and_outer_steps_the_merged_result_only() {
    let root = "{ use: 'base:CompositePipe', id: c, params: { factor: '{{ 2 + 1 }}', steps: [
        { id: a, use: 'base:ExpressionPipe', params: { expression: 5 } },
        { id: inner, use: 'base:CompositePipe', params: { steps: [
            { id: i, use: 'base:ExpressionPipe', params: { expression: \"{{ get_pipe_result('a') + 1 }}\" } } ] } },
        { id: n, use: 'shop:Note', injects: { store: shelf }, params: { text: \"{{ get_pipe_result('inner') * get_parent_param('factor') }}\", copies: '{{ 1 + 1 }}' } },
        { id: k, use: 'base:ExpressionPipe', params: { expression: \"{{ get_pipe_result('i') }}\" } } ] } }";
    let (outcome, seen) = run("scopes", 1, root).await;
    assert_eq!(notes("scopes"), ["18", "18"]);
    let error = outcome.expect_err("k asks for what it cannot see");
    let step = error.downcast_ref::<crate::StepError>().expect("a step");
    assert_eq!(
        (step.id(), step.path()),
        ("k", "shop.orchestrator.params.steps[3].params.expression")
    );
    assert!(step.message().contains("`i` was not found"), "{error}");
    assert!(seen[6].starts_with("c failed"), "{seen:?}");
}

#[tokio::test]
async fn a_runner_is_skipped_without_rendering_what_it_would_run() {
    let root = "{ use: 'base:SimpleSequentialRunner', id: r, params: {
        on: { id: gate, use: 'base:ExpressionPipe', params: { expression: '{{ fail() }}' } },
        run: { id: x, use: 'base:ExpressionPipe', params: { expression: \"{{ get_env('NOT_SET') }}\" } } } }";
    let (outcome, seen) = run("runner", 1, root).await;
    assert!(outcome.is_ok());
    assert_eq!(seen.len(), 3);
    assert!(
        seen[2].starts_with("r skipped: The On Pipe did not succeed"),
        "{seen:?}"
    );
}

#[tokio::test]
async fn an_error_or_a_panic_in_one_step_does_not_keep_the_later_ones_from_running() {
    let root = "{ use: 'base:SimpleSequentialOrchestrator', params: { steps: [
        { id: x, use: 'shop:Boom' },
        { id: y, use: 'shop:Boom', params: { panic: true } },
        { id: n, use: 'shop:Note', injects: { store: shelf }, params: { text: \"{{ get_env('NAME') }}\" } } ] } }";
    let (outcome, seen) = run("isolation", 2, root).await;
    assert!(outcome.is_ok());
    assert_eq!(notes("isolation"), ["value", "value"]);
    assert_eq!(seen.len(), 10);
    assert!(
        seen[1].contains("step `x`") && seen[1].contains("cannot go on: boom"),
        "{seen:?}"
    );
    assert!(seen[2].contains("panicked: a panic in a step"), "{seen:?}");
    assert_eq!(seen[4], "with an error");
}

#[tokio::test]
async fn without_retry_the_first_error_ends_the_run() {
    let root = "{ use: 'base:SimpleSequentialOrchestrator', params: { always_retry: false, steps: [
        { id: x, use: 'shop:Boom' }, { id: y, use: 'shop:Boom' } ] } }";
    let (outcome, seen) = run("no_retry", 9, root).await;
    assert_eq!(
        outcome
            .expect_err("boom")
            .downcast_ref::<crate::StepError>()
            .map(|step| step.id().to_owned())
            .as_deref(),
        Some("x")
    );
    assert_eq!(seen.len(), 3);
}

#[tokio::test]
async fn every_trigger_has_its_own_time() {
    let gated = |name: &str| {
        format!(
            "{{ id: r{name}, use: 'base:SimpleSequentialRunner', params: {{
                on: {{ id: t{name}, use: 'base:IntervalTrigger', params: {{ interval: 12h }} }},
                run: {{ id: n{name}, use: 'shop:Note', injects: {{ store: shelf }}, params: {{ text: '{name}' }} }} }} }}"
        )
    };
    let root = format!(
        "{{ use: 'base:SimpleSequentialOrchestrator', params: {{ steps: [{}, {}] }} }}",
        gated("1"),
        gated("2")
    );
    let (outcome, seen) = run("triggers", 3, &root).await;
    assert!(outcome.is_ok());
    assert_eq!(notes("triggers"), ["1", "2", "1", "2"], "{seen:?}");
    assert_eq!(seen[1], "t1 failed: Interval not reached yet.");
}

#[tokio::test]
async fn no_step_begins_after_a_stop() {
    let root = "{ use: 'base:SimpleSequentialOrchestrator', params: { steps: [ { id: c, use: 'base:CompositePipe', params: { steps: [
        { id: a, use: 'base:ExpressionPipe', params: { expression: 1 } },
        { id: n, use: 'shop:Note', injects: { store: shelf }, params: { text: never } } ] } } ] } }";
    let (core, seen) = start("stop", root).await;
    let core = Arc::new(core);
    let stopper = core.clone();
    core.pipeline().expect("a pipeline").observe(move |event| {
        if matches!(event, StepEvent::Ended { .. }) {
            stopper.pipeline().expect("a pipeline").stop();
        }
    });
    core.pipeline()
        .expect("a pipeline")
        .run()
        .await
        .expect("a stop is no error");
    assert!(notes("stop").is_empty());
    assert_eq!(
        *seen.lock().expect("lock"),
        ["cycle 1", "a ok", "c stopped"]
    );
    core.stop().await;
}

#[tokio::test]
async fn a_stop_waits_for_the_step_that_is_running_and_for_no_other() {
    let _one = ONE_AT_A_TIME.lock().await;
    let root = "{ use: 'base:SimpleSequentialOrchestrator', params: { steps: [
        { id: s, use: 'shop:Slow' },
        { id: n, use: 'shop:Note', injects: { store: shelf }, params: { text: never } } ] } }";
    let (core, seen) = start("slow", root).await;
    let asked = tokio::sync::Notify::new();
    let stop = async {
        BEGUN.notified().await;
        asked.notify_one();
        tokio::task::yield_now().await;
        assert_eq!(*seen.lock().expect("lock"), ["cycle 1"]);
        ALLOWED.notify_one();
    };
    let (ended, ()) = tokio::join!(core.run_until(asked.notified()), stop);
    ended.expect("a stop is no error");
    assert_eq!(*seen.lock().expect("lock"), ["cycle 1", "s ok"]);
    assert!(notes("slow").is_empty());

    let short = "  lifecycle: { total: { stop: 50ms } }\n";
    let (core, seen) = start_with("cut off", short, root).await;
    let error = core.run_until(BEGUN.notified()).await;
    assert_eq!(
        error.expect_err("nobody lets it go on").to_string(),
        "the pipeline did not end within 50ms and was cut off"
    );
    assert_eq!(*seen.lock().expect("lock"), ["cycle 1"]);
    assert!(core.stop().await.is_clean(), "of the components");
}

#[tokio::test]
async fn another_renderer_renders_the_parameters_of_every_step() {
    let renderer = "    percent: { use: 'shop:Percent' }\n";
    let root = "{ use: 'base:CompositePipe', id: c, params: { more: '{{ 1 }}', steps: [
        { id: two, use: 'base:ExpressionPipe', params: { expression: 2 } },
        { id: more, use: 'base:ExpressionPipe', params: { expression: ['%%more', '%two'] } },
        { id: n, use: 'shop:Note', injects: { store: shelf }, params: { text: '%%more', copies: '%two' } },
        { id: f, use: 'base:ExpressionPipe', params: { expression: '%fail' } } ] } }";
    let (core, seen) = start_with("percent", renderer, root).await;
    core.pipeline()
        .expect("a pipeline")
        .run()
        .await
        .expect("no error");
    assert_eq!(notes("percent"), ["{{ 1 }}", "{{ 1 }}"]);
    assert_eq!(seen.lock().expect("lock")[4], "f failed: as it was told");
    core.stop().await;

    let root = "{ use: 'shop:Note', id: n, injects: { store: shelf }, params: { text: x, copies: '%two' } }";
    let (core, _) = start_with("percent", renderer, root).await;
    let error = core.pipeline().expect("a pipeline").run().await;
    let error = error.expect_err("there is no such step").to_string();
    assert!(
        error.contains("params.copies, test.yml:") && error.contains("`two` was not found"),
        "{error}"
    );
    core.stop().await;
}

#[tokio::test]
async fn a_template_that_wants_too_much_fails_its_step_at_its_place() {
    let root = "{ use: 'base:CompositePipe', id: c, params: { steps: [
        { id: a, use: 'base:ExpressionPipe', params: { expression: \"{{ 'x' * 10 ** 6 }}\" } },
        { id: b, use: 'base:ExpressionPipe', params: { expression: \"{{ get_pipe_result('a') * 99 }}\" } } ] } }";
    let (outcome, seen) = run("too-much", 1, root).await;
    assert_eq!(
        outcome.expect_err("too much").to_string(),
        "step `b` (base:ExpressionPipe at shop.orchestrator.params.steps[1].params.expression, test.yml:6:68): \
         the template takes more time or memory than a template may take"
    );
    assert_eq!(seen[..2], ["cycle 1", "a ok"]);
}
