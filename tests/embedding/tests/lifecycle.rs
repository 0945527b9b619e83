//! The lifecycle as embedders see it: hooks of plugins, handles, tasks, runs that fail, deadlines, faults.

use std::future::{Future as _, poll_fn};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use treenail::testing::{Fault, Trial};
use treenail::{
    Component, Config, Deps, Handle, Inventory, Lifecycle, LifecycleEvent, Outcome, Phase,
    Settings, Shutdown, StartError, State,
};

treenail::compose!("lifecycle.toml");

/// Set up before everything else of the plugin `life`.
pub struct Licence;

impl treenail::Hooks for Licence {
    async fn setup(inventory: Inventory) -> treenail::Result<Self> {
        let own = inventory.plugin().expect("a plugin is being set up");
        assert_eq!(own.id, "life");
        let all = inventory.components().map(|component| component.id);
        assert_eq!(
            all.filter(|id| id.starts_with("life:")).count(),
            5,
            "hooks are a component too"
        );
        Ok(Self)
    }
}

/// Works until it is told to end.
pub struct Server {
    handle: Arc<Handle>,
}

impl Component for Server {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        let _ = deps.store;
        Ok(Self {
            handle: deps.handle,
        })
    }

    async fn work(&self, shutdown: Shutdown) -> treenail::Result<()> {
        shutdown.requested().await;
        Ok(())
    }
}

/// Fails whenever it is told to.
pub struct Flaky {
    handle: Arc<Handle>,
}

impl Component for Flaky {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            handle: deps.handle,
        })
    }

    async fn work(&self, shutdown: Shutdown) -> treenail::Result<()> {
        let _ = &self.handle;
        shutdown.requested().await;
        Ok(())
    }
}

/// Says that all is well whenever its run begins. The first one fails after a second.
pub struct Moody {
    handle: Arc<Handle>,
    has_failed: AtomicBool,
}

impl Component for Moody {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            handle: deps.handle,
            has_failed: AtomicBool::new(false),
        })
    }

    async fn work(&self, shutdown: Shutdown) -> treenail::Result<()> {
        if !self.has_failed.swap(true, Ordering::Relaxed) {
            let second = Duration::from_secs(1);
            let ended = tokio::time::timeout(second, shutdown.requested()).await;
            return ended.map_err(|_| treenail::Error::msg("not in the mood"));
        }
        self.handle.ok();
        shutdown.requested().await;
        Ok(())
    }
}

/// Needs the server, and has the moody one at hand.
pub struct Client {
    server: Arc<Server>,
}

impl Component for Client {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        let _ = deps.moody;
        Ok(Self {
            server: deps.server,
        })
    }

    async fn start(&self) -> treenail::Result<()> {
        self.server.handle.recoverable("has to warm up");
        Ok(())
    }
}

fn state(app: &App, component: &str) -> (State, Option<String>) {
    let status = app.status();
    let one = status.into_iter().find(|one| one.component == component);
    let one = one.expect("a component of this name");
    (one.state, one.reason)
}

#[tokio::test(start_paused = true)]
async fn hooks_come_first_and_last_and_what_a_component_reports_is_seen() {
    let trial = Trial::new();
    let app = App::start_with(Settings::none(), trial.lifecycle())
        .await
        .unwrap();
    trial.events().assert_order(&[
        "life:Licence built",
        "life:Server build",
        "life:Client build",
        "life:Server started",
        "life:Client start",
        "life:Server reported recoverable",
    ]);
    let mut watch = app.watch();
    let (found, reason) = state(&app, "life:Server");
    assert_eq!(found, State::Recoverable);
    assert_eq!(reason.as_deref(), Some("has to warm up"));
    assert_eq!(app.health().state, State::Recoverable);
    assert!(app.health().is_ready());
    app.get::<Server>().handle.ok();
    assert!(watch.has_changed().unwrap());
    watch.mark_unchanged();
    app.get::<Server>().handle.ok();
    assert!(!watch.has_changed().unwrap(), "it was well already");
    assert_eq!(trial.events().count("life:Server reported ok"), 1);
    assert_eq!(app.health().state, State::Ok);
    assert!(app.stop().await.is_clean());
    trial.events().assert_order(&[
        "life:Client stopped",
        "life:Server stop",
        "life:Server stopped",
        "life:Licence stopped",
    ]);
    trial
        .events()
        .assert_order(&["life:Server stopped", "archive:Hooks stopped"]);
    assert_eq!(trial.events().count("life:Server ran"), 1);
}

#[tokio::test(start_paused = true)]
async fn hooks_that_refuse_end_the_start_before_anything_of_their_plugin_is_built() {
    let trial = Trial::new().fault(
        "life:Licence",
        Phase::Build,
        Fault::error("the licence has expired"),
    );
    let error = App::start_with(Settings::none(), trial.lifecycle())
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("cannot build `life:Licence` (plugin `life`): the licence has expired"),
        "{error}"
    );
    trial
        .events()
        .assert_never(&["life:Server build", "life:Client build", "life:Flaky build"]);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_fails_begins_again_with_longer_and_longer_pauses_until_its_budget_is_spent() {
    let trial = Trial::new().fault("life:Flaky", Phase::Run, Fault::panic("out of order"));
    let begun = tokio::time::Instant::now();
    let app = App::start_with(Settings::none(), trial.lifecycle())
        .await
        .unwrap();
    let error = app
        .run_until(std::future::pending())
        .await
        .expect_err("the host calls it fatal");
    assert_eq!(
        error.to_string(),
        "`life:Flaky` (plugin `life`) has failed, and the application cannot go on: panicked: out of order"
    );
    assert_eq!(
        begun.elapsed(),
        Duration::from_secs(1 + 2),
        "two restarts, the second after twice the time"
    );
    assert_eq!(
        trial.events().of("life:Flaky"),
        [
            "build",
            "built",
            "start",
            "started",
            "run failed",
            "restarting",
            "run failed",
            "restarting",
            "run failed",
            "reported fatal",
            "stop",
            "stopped",
        ]
    );
    assert_eq!(trial.events().count("life:Server stopped"), 1);
}

#[tokio::test(start_paused = true)]
async fn after_a_failure_all_is_well_once_the_next_run_has_held() {
    let trial = Trial::new();
    let app = App::start_with(Settings::none(), trial.lifecycle())
        .await
        .unwrap();
    let moody = Arc::clone(&app.get::<Moody>().handle);
    let in_trouble = (State::Recoverable, Some("not in the mood".to_owned()));
    let at = |seconds| tokio::time::sleep(Duration::from_secs(seconds));
    let begun = tokio::time::Instant::now();
    at(2).await;
    while begun.elapsed() < Duration::from_millis(6900) {
        assert_eq!(
            state(&app, "life:Moody"),
            in_trouble,
            "{:?}",
            begun.elapsed()
        );
        assert!(app.health().is_ready());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    moody.recoverable("tired");
    at(1).await;
    assert_eq!(
        state(&app, "life:Moody").0,
        State::Recoverable,
        "its own word"
    );
    moody.ok();
    assert_eq!(state(&app, "life:Moody"), (State::Ok, None));
    moody.ok();
    assert_eq!(
        trial.events().of("life:Moody")[4..],
        [
            "run failed",
            "restarting",
            "reported recoverable",
            "reported ok"
        ],
        "what changes nothing is no event"
    );
    app.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_pause_before_a_restart_is_up_to_half_shorter() {
    let pauses: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let seen = Arc::clone(&pauses);
    let lifecycle = Lifecycle::new().observe(move |event| {
        if let LifecycleEvent::Restarting { after, .. } = event {
            seen.lock().unwrap().push(*after);
        }
    });
    let app = App::start_with(Settings::none(), lifecycle).await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    app.stop().await;
    let pauses = pauses.lock().unwrap();
    let between = Duration::from_millis(500)..=Duration::from_secs(1);
    assert!(
        pauses.len() == 1 && between.contains(&pauses[0]),
        "{pauses:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn work_that_has_failed_for_good_makes_the_application_unready() {
    let trial = Trial::new().fault("life:Server", Phase::Run, Fault::error("no port"));
    let app = App::start_with(Settings::none(), trial.lifecycle())
        .await
        .unwrap();
    let health = app.health();
    assert_eq!(
        health.troubles[0].to_string(),
        "life:Server: permanent (no port)"
    );
    assert!(!health.is_ready() && health.is_live());
    app.stop().await;
}

#[tokio::test(start_paused = true)]
async fn the_host_has_the_last_word_on_deadlines_but_for_the_configuration() {
    async fn hang(settings: Settings, phase: Phase) -> Duration {
        let trial = Trial::new().fault("life:Server", phase, Fault::Hang);
        let begun = tokio::time::Instant::now();
        match App::start_with(settings, trial.lifecycle()).await {
            Ok(app) => assert!(!app.stop().await.is_clean()),
            Err(error) => {
                let error = error.downcast_ref::<StartError>().expect("a failed start");
                assert!(matches!(error.failures[0].outcome, Outcome::TimedOut(_)));
            }
        }
        assert_eq!(trial.unused_faults(), Vec::<String>::new());
        begun.elapsed()
    }
    let seconds = Duration::from_secs;
    assert_eq!(hang(Settings::none(), Phase::Start).await, seconds(2));
    assert_eq!(hang(Settings::none(), Phase::Stop).await, seconds(4));
    let folder = std::env::temp_dir().join(format!("treenail-lifecycle-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("config.yml");
    let text = "app:\n  lifecycle:\n    components:\n      \"life:Server\": { start: PT7S, stop: 500ms }\n";
    std::fs::write(&file, text).unwrap();
    let settings = || Settings::file(&file).unwrap();
    assert_eq!(hang(settings(), Phase::Start).await, seconds(7));
    assert_eq!(
        hang(settings(), Phase::Stop).await,
        Duration::from_millis(500)
    );
    std::fs::write(&file, text.replace("Server", "Servar")).unwrap();
    let error = App::check(&settings()).unwrap_err().to_string();
    assert!(error.contains("life:Server"), "{error}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_start_that_nobody_waits_for_any_more_is_rolled_back() {
    let trial = Trial::new().fault("life:Client", Phase::Start, Fault::Hang);
    let start = App::start_with(Settings::none(), trial.lifecycle());
    let waited = tokio::time::timeout(Duration::from_secs(3), start).await;
    assert!(waited.is_err());
    // The component that hangs has its deadline; then everything is stopped.
    tokio::time::sleep(Duration::from_secs(100)).await;
    trial.events().assert_order(&[
        "life:Server started",
        "life:Client start failed",
        "life:Server stopped",
    ]);
    trial
        .events()
        .assert_order(&["life:Flaky stopped", "life:Licence stopped"]);
}

/// Lets everything end that goes on by itself, then checks that whatever has started was stopped, once.
async fn all_is_stopped(trial: &Trial, case: &str) {
    let handle = tokio::runtime::Handle::current();
    for _ in 0..10_000 {
        if handle.metrics().num_alive_tasks() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(handle.metrics().num_alive_tasks(), 0, "{case}");
    let events = trial.events().all();
    let of = |what| {
        let mut who = events
            .iter()
            .filter_map(|event| event.strip_suffix(what))
            .collect::<Vec<_>>();
        who.sort_unstable();
        who
    };
    let (started, stopped) = (of(" started"), of(" stopped"));
    assert_eq!(started, stopped, "{case}: {events:?}");
    assert!(
        started.windows(2).all(|two| two[0] != two[1]),
        "{case}: {events:?}"
    );
}

fn flavours() -> [tokio::runtime::Runtime; 2] {
    let current = tokio::runtime::Builder::new_current_thread();
    let multi = tokio::runtime::Builder::new_multi_thread();
    [current, multi].map(|mut builder| builder.enable_all().build().unwrap())
}

#[test]
fn whoever_drops_a_start_at_whatever_moment_everything_is_stopped() {
    for runtime in flavours() {
        // So many polls of the start, then so many turns for its task, which is done in fewer.
        for (polls, turns) in (0..5).flat_map(|polls| (0..30).map(move |turns| (polls, turns))) {
            let case = format!("{polls} polls, {turns} turns");
            runtime.block_on(async {
                let trial = Trial::new();
                let mut start = Box::pin(App::start_with(Settings::none(), trial.lifecycle()));
                let mut app = None;
                for _ in 0..polls {
                    let polled = poll_fn(|context| Poll::Ready(start.as_mut().poll(context))).await;
                    if let Poll::Ready(started) = polled {
                        app = Some(started.unwrap());
                        break;
                    }
                    tokio::task::yield_now().await;
                }
                for _ in 0..turns {
                    tokio::task::yield_now().await;
                }
                drop(start);
                drop(app);
                all_is_stopped(&trial, &case).await;
            });
        }
    }
}

#[test]
fn an_application_that_nobody_fetches_is_stopped() {
    for runtime in flavours() {
        runtime.block_on(async {
            let trial = Trial::new();
            let start = App::start_with(Settings::none(), trial.lifecycle());
            let started = tokio::spawn(start);
            while !started.is_finished() {
                tokio::task::yield_now().await;
            }
            drop(started);
            all_is_stopped(&trial, "in a `JoinHandle`").await;
            assert_eq!(trial.events().count("life:Server stopped"), 1);
        });
    }
}

#[test]
fn an_application_that_is_dropped_after_its_runtime_ends_its_tasks() {
    for runtime in flavours() {
        let (app, shutdown) = runtime.block_on(async {
            let app = App::start(Settings::none()).await.unwrap();
            let shutdown = app.get::<Server>().handle.shutdown();
            (app, shutdown)
        });
        drop(runtime);
        let server = Arc::clone(app.get::<Server>());
        drop(app);
        assert!(
            shutdown.is_requested(),
            "whoever still holds {:?} is told",
            server.handle
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_goes_on_when_nobody_waits_for_it() {
    let trial = Trial::new().fault(
        "life:Client",
        Phase::Stop,
        Fault::Delay(Duration::from_secs(5)),
    );
    let app = App::start_with(Settings::none(), trial.lifecycle())
        .await
        .unwrap();
    let waited = tokio::time::timeout(Duration::from_secs(1), app.stop()).await;
    assert!(waited.is_err());
    let (first, second) = tokio::join!(app.stop(), app.stop());
    assert!(
        first.is_clean() && std::ptr::eq(first, second),
        "one stop, one report"
    );
    assert_eq!(trial.events().count("life:Server stopped"), 1);
}

#[tokio::test(start_paused = true)]
async fn tasks_end_with_their_component_and_a_panic_in_one_is_its_own() {
    let app = App::start(Settings::none()).await.unwrap();
    let handle = Arc::clone(&app.get::<Server>().handle);
    let (told, ended) = tokio::sync::oneshot::channel();
    let shutdown = handle.shutdown();
    handle.spawn(async move {
        shutdown.requested().await;
        let _ = told.send(());
    });
    handle.spawn(async { panic!("as told") });
    tokio::time::sleep(Duration::from_millis(1)).await;
    let (found, reason) = state(&app, "life:Server");
    assert_eq!(found, State::Permanent);
    assert_eq!(reason.as_deref(), Some("a task of it panicked: as told"));
    handle.spawn(std::future::pending());
    let report = app.stop().await;
    ended.await.expect("the first task was asked to end");
    let failures = report.failures().map(ToString::to_string);
    assert_eq!(
        failures.collect::<Vec<_>>(),
        ["`life:Server` (plugin `life`): a task of it had not ended within 4s and was aborted"]
    );
}

#[tokio::test(start_paused = true)]
async fn an_application_that_is_dropped_is_stopped_and_leaves_no_task_behind() {
    let trial = Trial::new();
    let app = App::start_with(Settings::none(), trial.lifecycle())
        .await
        .unwrap();
    let server = Arc::downgrade(app.get::<Server>());
    app.get::<Server>().handle.spawn(std::future::pending());
    drop(app);
    tokio::time::sleep(Duration::from_millis(1)).await;
    trial.events().assert_order(&[
        "life:Client stopped",
        "life:Server stopped",
        "archive:Hooks stopped",
    ]);
    assert_eq!(server.strong_count(), 0);
    let metrics = tokio::runtime::Handle::current().metrics();
    assert_eq!(metrics.num_alive_tasks(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_report_of_a_start_marks_its_critical_path() {
    let trial = Trial::new()
        .fault(
            "life:Server",
            Phase::Build,
            Fault::Delay(Duration::from_secs(3)),
        )
        .fault(
            "life:Flaky",
            Phase::Build,
            Fault::Delay(Duration::from_secs(2)),
        )
        .fault(
            "life:Client",
            Phase::Build,
            Fault::Delay(Duration::from_secs(1)),
        );
    let app = App::start_with(Settings::none(), trial.lifecycle())
        .await
        .unwrap();
    let report = app.report();
    assert_eq!(report.whole, Duration::from_secs(4));
    let built = report
        .timings
        .iter()
        .filter(|timing| timing.phase == Phase::Build);
    let slow = built.filter(|timing| timing.took >= Duration::from_secs(1));
    let slow = slow.map(|timing| {
        (
            timing.component.as_str(),
            timing.begun.as_secs(),
            timing.critical,
        )
    });
    assert_eq!(
        slow.collect::<Vec<_>>(),
        [
            ("life:Flaky", 0, false),
            ("life:Server", 0, true),
            ("life:Client", 3, true),
        ]
    );
    let table = report.to_string();
    assert!(table.contains("* build  life:Client"), "{table}");
    assert!(
        report
            .to_svg()
            .contains("build life:Client: 1.00 s, begun at 3.00 s")
    );
    assert!(report.to_html().starts_with("<!DOCTYPE html>"));
    app.stop().await;
}
