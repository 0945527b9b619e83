//! Pipelines that are replaced while they run.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::example::{ALLOWED, BEGUN, ONE_AT_A_TIME, TABLE, notes};
use crate::__private::{Core, Table};
use crate::{Application, ReloadCause, Reloader, Settings, StepEvent};

/// What a compiler would generate of the shop.
struct Shop(Core);

impl Application for Shop {
    fn table() -> &'static Table {
        &TABLE
    }

    fn of(core: Core) -> Self {
        Self(core)
    }

    fn core(&self) -> &Core {
        &self.0
    }
}

/// Notes go to the shelf with this path.
fn settings(shelf: &str, more: &str, steps: &str) -> Settings {
    let text = format!(
        "shop:\n  services:\n    shelf: {{ use: 'shop:Shelf', params: {{ path: '{shelf}' }} }}\n{more}  \
         orchestrator: {{ use: 'base:SimpleSequentialOrchestrator', params: {{ steps: [ {steps} ] }} }}\n"
    );
    let settings = Settings::yaml("test.yml", text).expect("YAML");
    settings.environment([("NAME", "value")])
}

fn note(text: &str) -> String {
    format!(
        "{{ id: n, use: 'shop:Note', injects: {{ store: shelf }}, params: {{ text: {text} }} }}"
    )
}

/// A step that waits until it may go on, and then writes.
fn slow(text: &str) -> String {
    format!(
        "{{ id: c, use: 'base:CompositePipe', params: {{ steps: [ {{ id: s, use: 'shop:Slow' }}, {} ] }} }}",
        note(text)
    )
}

async fn start(settings: Settings) -> Arc<Reloader<Shop>> {
    Arc::new(Reloader::start(settings).await.expect("it starts"))
}

#[tokio::test]
async fn the_step_that_runs_ends_in_the_old_generation_and_the_next_begins_in_the_new() {
    let _one = ONE_AT_A_TIME.lock().await;
    let reloader = start(settings("steps", "", &slow("old"))).await;
    let running = tokio::spawn({
        let reloader = Arc::clone(&reloader);
        async move { reloader.run_until(std::future::pending()).await }
    });
    BEGUN.notified().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let pipeline = reloader.load();
    pipeline
        .0
        .pipeline()
        .expect("a pipeline")
        .observe(move |event| {
            if let StepEvent::CycleStarted { number } = event {
                log.lock().expect("lock").push(*number);
            }
        });
    let reloading = tokio::spawn({
        let reloader = Arc::clone(&reloader);
        async move { reloader.reload(settings("steps", "", &slow("new"))).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!reloading.is_finished(), "a step is under way");
    ALLOWED.notify_one();
    let changes = reloading.await.expect("no panic").expect("accepted");
    assert_eq!(
        changes.changed().count(),
        0,
        "parameters are handed to every run: {changes}"
    );
    BEGUN.notified().await;
    assert_eq!(
        notes("steps"),
        ["old"],
        "no step is cut, and all of it is of one generation"
    );
    ALLOWED.notify_one();
    BEGUN.notified().await;
    assert_eq!(notes("steps"), ["old", "new"]);
    assert_eq!(
        *seen.lock().expect("lock"),
        [2, 3],
        "who observes goes on, and cycles are counted on"
    );
    let stopping = tokio::spawn({
        let reloader = Arc::clone(&reloader);
        async move { reloader.stop().await.is_clean() }
    });
    ALLOWED.notify_one();
    assert!(stopping.await.expect("no panic"));
    running.abort();
}

#[tokio::test]
async fn a_pipeline_that_stays_as_it_is_is_not_held_up() {
    let _one = ONE_AT_A_TIME.lock().await;
    let spare = "    spare: { use: 'shop:Drawer' }\n";
    let reloader = start(settings("unmoved", "", &slow("same"))).await;
    let running = tokio::spawn({
        let reloader = Arc::clone(&reloader);
        async move { reloader.run_until(std::future::pending()).await }
    });
    BEGUN.notified().await;
    let before = reloader.load();
    let changes = reloader
        .reload(settings("unmoved", spare, &slow("same")))
        .await;
    assert_eq!(changes.expect("accepted").changed().count(), 1);
    let after = reloader.load();
    let same = |shop: &Shop| std::ptr::from_ref(shop.0.pipeline().expect("a pipeline"));
    assert!(std::ptr::eq(same(&before), same(&after)));
    ALLOWED.notify_one();
    BEGUN.notified().await;
    assert_eq!(notes("unmoved"), ["same"]);
    ALLOWED.notify_one();
    assert!(reloader.stop().await.is_clean());
    running.abort();
}

#[tokio::test]
async fn a_step_that_does_not_end_in_time_refuses_the_reload_and_the_pipeline_goes_on() {
    let _one = ONE_AT_A_TIME.lock().await;
    let short = "  lifecycle: { total: { stop: 50ms } }\n";
    let reloader = start(settings("busy", short, &slow("old"))).await;
    let running = tokio::spawn({
        let reloader = Arc::clone(&reloader);
        async move { reloader.run_until(std::future::pending()).await }
    });
    BEGUN.notified().await;
    let refused = reloader.reload(settings("busy", short, &slow("new"))).await;
    let refused = refused.expect_err("a step is under way");
    assert!(matches!(refused.cause, ReloadCause::Busy(_)));
    assert_eq!(
        refused.to_string(),
        "a step of the pipeline was under way, and did not end within 50ms\nnothing is changed"
    );
    ALLOWED.notify_one();
    BEGUN.notified().await;
    assert_eq!(notes("busy"), ["old"]);
    ALLOWED.notify_one();
    reloader.stop().await;
    running.abort();
}

#[tokio::test]
async fn an_application_without_a_pipeline_gets_one_and_loses_it_again() {
    let with = || settings("gained", "", &note("here"));
    let without = || Settings::yaml("test.yml", "shop:\n  services: {}\n").expect("YAML");
    let reloader = start(without()).await;
    let running = tokio::spawn({
        let reloader = Arc::clone(&reloader);
        async move { reloader.run_until(std::future::pending()).await }
    });
    tokio::task::yield_now().await;
    reloader.reload(with()).await.expect("accepted");
    while notes("gained").is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    reloader.reload(without()).await.expect("accepted");
    let written = notes("gained").len();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(notes("gained").len(), written);
    assert!(!running.is_finished(), "it waits for its end");
    assert!(reloader.stop().await.is_clean());
    running.abort();
}
