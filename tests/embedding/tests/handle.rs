//! What treenail itself hands to components: a handle on the application, and the clock.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use treenail::testing::{Fault, Trial};
use treenail::{AppHandle, Clock, Component, Config, Deps, Phase, Settings, StartError, State};

treenail::compose!("handle.toml");

thread_local! {
    /// The handle of the application that was last built on this thread, which is that of a test.
    static LAST: RefCell<Option<AppHandle>> = const { RefCell::new(None) };
}

/// Answers for the application.
pub trait Console: Send + Sync {
    /// The handle.
    fn app(&self) -> &AppHandle;
    /// The clock.
    fn clock(&self) -> &Arc<dyn Clock>;
}

/// What an endpoint for health and administration is made of, without its port.
pub struct Admin {
    app: Arc<AppHandle>,
    clock: Arc<dyn Clock>,
}

impl Component for Admin {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        let _ = deps.store;
        assert!(!deps.app.health().is_ready(), "it is still being built");
        LAST.set(Some(AppHandle::clone(&deps.app)));
        Ok(Self {
            app: deps.app,
            clock: deps.clock,
        })
    }
}

impl Console for Admin {
    fn app(&self) -> &AppHandle {
        &self.app
    }

    fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }
}

/// Has the console, and the clock in every form.
pub struct Clerk {
    deps: ClerkDeps,
}

impl Component for Clerk {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self { deps })
    }

    async fn start(&self) -> treenail::Result<()> {
        let names: Vec<&str> = self.deps.by_id.keys().map(String::as_str).collect();
        let all = [
            Some(&self.deps.every[0]),
            self.deps.by_id.values().next(),
            self.deps.perhaps.as_ref(),
            self.deps.later.get().as_ref(),
        ]
        .map(|clock| clock.map(Arc::as_ptr).map(<*const dyn Clock>::cast::<()>));
        let plain = Arc::as_ptr(self.deps.console.clock()).cast::<()>();
        assert_eq!(all, [Some(plain); 4], "it is one clock in every form");
        assert_eq!(names, ["treenail:SystemClock"]);
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_component_can_ask_how_the_application_is_and_end_it() {
    let app = App::start(Settings::none()).await.unwrap();
    let handle = app.get::<dyn Console>().app().clone();
    assert_eq!(handle.status(), app.status());
    assert_eq!(handle.health(), app.health());
    assert!(handle.health().is_ready());
    assert_eq!(handle.report().timings.len(), app.report().timings.len());
    let components = handle.inventory().components();
    assert_eq!(components.count(), App::inventory().components().count());
    let mut watch = handle.watch();
    let asking = handle.clone();
    let (ran, ()) = tokio::join!(app.run_until(std::future::pending()), async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        asking.shutdown();
        asking.shutdown();
    });
    ran.expect("a shutdown is no failure");
    assert!(watch.has_changed().unwrap());
    let states = watch.borrow_and_update().clone();
    assert!(states.iter().all(|one| one.state == State::Stopped));
    let admin = Arc::downgrade(app.get::<dyn Console>());
    drop(app);
    assert_eq!(admin.strong_count(), 0, "a handle keeps nothing alive");
    assert_eq!(handle.status(), []);
    assert!(!handle.health().is_ready() && handle.watch().borrow().is_empty());
    handle.shutdown();
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_that_is_asked_for_before_the_run_ends_it_at_once() {
    let app = App::start(Settings::none()).await.unwrap();
    app.get::<dyn Console>().app().shutdown();
    app.run_until(std::future::pending()).await.unwrap();
    assert_eq!(app.health().state, State::Stopped);
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_that_is_asked_for_while_the_application_starts_rolls_back() {
    for phase in [Phase::Build, Phase::Start] {
        let late = Fault::Delay(Duration::from_secs(30));
        let trial = Trial::new().fault("app:Clerk", phase, late);
        let start = App::start_with(Settings::none(), trial.lifecycle());
        let (started, ()) = tokio::join!(start, async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let handle = LAST.take();
            handle.expect("the admin is built").shutdown();
        });
        let error = started.unwrap_err();
        let begins = format!("given up in phase {phase}: `app:Admin` asked for a shutdown");
        assert!(error.to_string().starts_with(&begins), "{error}");
        let error = error.downcast_ref::<StartError>().unwrap();
        assert_eq!(error.shut_down_by.as_deref(), Some("app:Admin"));
        assert!(error.failures.is_empty() && error.rollback.is_clean());
        let started = trial.events().count("storage:Storage started");
        assert_eq!(trial.events().count("storage:Storage stopped"), started);
    }
}

#[tokio::test]
async fn who_has_a_handle_waits_for_nobody() {
    let trial = Trial::new();
    let lifecycle = trial.lifecycle().sequential(true);
    let app = App::start_with(Settings::none(), lifecycle).await.unwrap();
    trial.events().assert_order(&[
        "storage:Storage built",
        "app:Admin built",
        "app:Clerk built",
    ]);
    assert_eq!(app.status().len(), 3, "neither a handle nor a clock is one");
    app.stop().await;
}
