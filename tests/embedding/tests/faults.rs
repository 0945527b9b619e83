//! Whatever goes wrong in a component, in a plugin's hooks or in an observer, on one thread or on several: no panic gets out,
//! what has started is stopped exactly once, and what is reported names what went wrong.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use treenail::testing::{Fault, Trial};
use treenail::{
    Component, Config, Deps, Inventory, Lifecycle, LifecycleEvent, Phase, Settings, Shutdown,
    StartError,
};

treenail::compose!("faults.toml");

/// What has happened to the components. Tests go one after the other, see [`alone`].
static STARTED_AND_STOPPED: Mutex<Vec<(&str, &str)>> = Mutex::new(Vec::new());

fn note(component: &'static str, what: &'static str) {
    STARTED_AND_STOPPED.lock().unwrap().push((component, what));
}

static ALONE: Mutex<()> = Mutex::new(());

/// Held by a test as long as it runs.
fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

thread_local! {
    /// Whether the values of this thread panic when they are dropped.
    static PANICS_IN_DROP: Cell<bool> = const { Cell::new(false) };
}

/// Set up before everything else of the plugin.
pub struct Licence;

impl treenail::Hooks for Licence {
    async fn setup(_: Inventory) -> treenail::Result<Self> {
        Ok(Self)
    }
}

/// Everything needs it.
pub struct Base;

impl Component for Base {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }

    async fn start(&self) -> treenail::Result<()> {
        note("Base", "started");
        Ok(())
    }

    async fn stop(&self) -> treenail::Result<()> {
        note("Base", "stopped");
        Ok(())
    }
}

impl Drop for Base {
    fn drop(&mut self) {
        assert!(!PANICS_IN_DROP.get(), "the base is broken");
    }
}

/// Works until it is told to end.
pub struct Worker {
    _base: Arc<Base>,
}

impl Component for Worker {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self { _base: deps.base })
    }

    async fn start(&self) -> treenail::Result<()> {
        note("Worker", "started");
        Ok(())
    }

    async fn work(&self, shutdown: Shutdown) -> treenail::Result<()> {
        shutdown.requested().await;
        Ok(())
    }

    async fn stop(&self) -> treenail::Result<()> {
        note("Worker", "stopped");
        Ok(())
    }
}

/// Needs the worker. Its `build` does its work before it makes a future.
pub struct Front {
    _worker: Arc<Worker>,
}

impl Component for Front {
    fn build(
        deps: Deps<Self>,
        (): Config<Self>,
    ) -> impl Future<Output = treenail::Result<Self>> + Send {
        let front = Self {
            _worker: deps.worker,
        };
        std::future::ready(Ok(front))
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        assert!(!PANICS_IN_DROP.get(), "the front is broken");
    }
}

fn milliseconds(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn runtimes() -> [Runtime; 2] {
    let [mut one, mut several] = [Builder::new_current_thread(), Builder::new_multi_thread()];
    several.worker_threads(2);
    [one.enable_all(), several.enable_all()].map(|builder| builder.build().unwrap())
}

/// Waits until no task is left: what blocks its thread is over before long.
fn settle(runtime: &Runtime) {
    let patience = Instant::now();
    while runtime.metrics().num_alive_tasks() > 0 {
        assert!(
            patience.elapsed() < Duration::from_secs(10),
            "a task is left"
        );
        runtime.block_on(async { tokio::time::sleep(milliseconds(1)).await });
    }
}

/// What a start that failed says, or else what the stop says, if it says that something went wrong.
fn told(runtime: &Runtime, lifecycle: Lifecycle) -> Option<String> {
    runtime.block_on(async {
        match App::start_with(Settings::none(), lifecycle).await {
            Ok(app) => {
                // Its work has begun.
                tokio::time::sleep(milliseconds(5)).await;
                let report = app.stop().await;
                (!report.is_clean()).then(|| report.to_string())
            }
            Err(error) => {
                let error = error.downcast_ref::<StartError>().expect("a failed start");
                Some(error.to_string())
            }
        }
    })
}

#[test]
fn whatever_fails_in_a_component_or_in_hooks_is_told_and_the_rest_is_stopped_once() {
    let _alone = alone();
    let faults = [
        Fault::error("as told"),
        Fault::panic("as told"),
        Fault::Hang,
        Fault::panic_in_drop("as told"),
        Fault::Block(milliseconds(150)),
    ];
    let phases = [Phase::Build, Phase::Start, Phase::Run, Phase::Stop];
    for runtime in runtimes() {
        for component in ["fragile:Licence", "fragile:Worker", "fragile:Front"] {
            for (phase, fault) in phases
                .iter()
                .flat_map(|phase| faults.iter().map(move |fault| (*phase, fault)))
            {
                let trial = Trial::new()
                    .with(
                        phases
                            .into_iter()
                            .fold(Lifecycle::new(), |lifecycle, phase| {
                                lifecycle.deadline(phase, milliseconds(75))
                            }),
                    )
                    .fault(component, phase, fault.clone());
                STARTED_AND_STOPPED.lock().unwrap().clear();
                let told = told(&runtime, trial.lifecycle());
                settle(&runtime);
                let case = format!("{component} {phase} {fault:?}: {told:?}");
                assert_eq!(trial.unused_faults(), Vec::<String>::new(), "{case}");
                let is_named = told.is_some_and(|told| told.contains(component));
                assert!(is_named || phase == Phase::Run, "{case}");
                let happened = STARTED_AND_STOPPED.lock().unwrap();
                for component in ["Base", "Worker"] {
                    let count = |what| {
                        happened
                            .iter()
                            .filter(|one| **one == (component, what))
                            .count()
                    };
                    // A fault of its stop is called in the place of its own.
                    let stops = count("stopped")
                        + trial
                            .events()
                            .count(&format!("fragile:{component} stop failed"));
                    assert_eq!(count("started"), stops.min(1), "{case}: {happened:?}");
                    assert!(count("stopped") <= 1, "{case}: {happened:?}");
                }
            }
        }
    }
}

#[test]
fn a_value_that_panics_when_it_is_dropped_is_told_beside_the_culprit_of_a_failed_start() {
    let _alone = alone();
    let [runtime, _] = runtimes();
    PANICS_IN_DROP.set(true);
    let trial = Trial::new().fault("fragile:Worker", Phase::Start, Fault::error("no port"));
    let started = runtime.block_on(App::start_with(Settings::none(), trial.lifecycle()));
    let error = started.unwrap_err();
    PANICS_IN_DROP.set(false);
    assert_eq!(
        error.to_string(),
        "cannot start `fragile:Worker` (plugin `fragile`): no port\n  \
         stopped again: fragile:Base, fragile:Licence\n  \
         something of `fragile:Front` panicked while it was dropped: the front is broken\n  \
         something of `fragile:Base` panicked while it was dropped: the base is broken\n  \
         never reached: fragile:Front, storage:Storage"
    );
}

#[test]
fn values_that_panic_when_the_application_is_dropped_get_nowhere() {
    let _alone = alone();
    let [runtime, _] = runtimes();
    let app = runtime.block_on(App::start(Settings::none())).unwrap();
    assert!(runtime.block_on(app.stop()).is_clean());
    PANICS_IN_DROP.set(true);
    drop(app);
    settle(&runtime);
    PANICS_IN_DROP.set(false);
}

#[test]
fn a_stop_that_its_runtime_has_cut_off_is_not_clean() {
    let _alone = alone();
    let [second, first] = runtimes();
    let trial = Trial::new().fault("fragile:Worker", Phase::Stop, Fault::Hang);
    let app = first.block_on(App::start_with(Settings::none(), trial.lifecycle()));
    let app = app.unwrap();
    let waited = first.block_on(async { tokio::time::timeout(milliseconds(50), app.stop()).await });
    assert!(waited.is_err());
    first.shutdown_background();
    let error = second.block_on(app.run_until(async {})).unwrap_err();
    assert!(
        error.to_string().contains("cut off before its end"),
        "{error}"
    );
    let report = second.block_on(app.stop());
    assert!(report.cut_off && !report.is_clean());
    let left = ["fragile:Base", "fragile:Licence", "fragile:Worker"];
    assert!(
        left.iter()
            .all(|left| report.not_stopped.iter().any(|one| one == left)),
        "{report}"
    );
}

#[test]
fn an_observer_that_panics_neither_ends_a_start_nor_hides_from_the_end_of_the_program() {
    let _alone = alone();
    for runtime in runtimes() {
        let stops: Arc<AtomicUsize> = Arc::default();
        let seen = Arc::clone(&stops);
        let lifecycle = Lifecycle::new().observe(move |event| {
            if let LifecycleEvent::Ended {
                component, phase, ..
            } = event
            {
                seen.fetch_add(usize::from(*phase == Phase::Stop), Ordering::Relaxed);
                assert!(*component != "fragile:Worker", "seen {phase}");
            }
        });
        runtime.block_on(async {
            let app = App::start_with(Settings::none(), lifecycle).await.unwrap();
            let error = app.run_until(async {}).await.unwrap_err();
            let told = error.to_string();
            assert!(
                told.ends_with("the observer panicked: seen build"),
                "{told}"
            );
            let stopped = app.stop().await.components.len();
            assert_eq!(stops.load(Ordering::Relaxed), stopped);
        });
    }
}
