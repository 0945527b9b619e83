//! The composition under its overlay `test`: the list in memory, time that stands still, and a host who can be asked. No process,
//! and no request but where a page is what is tested.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use gatehouse_api::{Metrics, Notifier, Pages, Stage, Store, Visitor};
use gatehouse_desk::Desk;
use tower::ServiceExt as _;
use treenail::testing::{Fault, ManualClock, Trial};
use treenail::{Clock, Component, Config, Deps, Phase, Settings, StartError};

treenail::compose!("../plugins.toml", overlay = "test");

/// Time that stands still until a test moves it.
pub struct TestClock(ManualClock);

impl Component for TestClock {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self(ManualClock::new()))
    }
}

impl Clock for TestClock {
    fn now(&self) -> std::time::Instant {
        self.0.now()
    }

    fn sleep(&self, time: Duration) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.sleep(time)
    }
}

/// A host who remembers who has arrived.
#[derive(Default)]
pub struct Host(Mutex<Vec<String>>);

impl Host {
    fn told(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Component for Host {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self::default())
    }
}

#[async_trait::async_trait]
impl Notifier for Host {
    async fn notify(&self, visitor: &Visitor) -> gatehouse_api::Result<()> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(visitor.name.clone());
        Ok(())
    }
}

fn settings() -> Settings {
    let text = "gatehouse: { components: { \"http:Server\": { listen: \"127.0.0.1:0\", token: hush-hush } } }";
    Settings::yaml("the test's configuration", text).expect("YAML")
}

async fn start(trial: &Trial) -> treenail::Result<App> {
    App::start_with(settings(), trial.lifecycle()).await
}

async fn ada(app: &App) -> Visitor {
    let desk = app.get::<Desk>();
    desk.announce("Ada".to_owned(), "Charles".to_owned())
        .await
        .expect("a visitor")
}

/// Moves the clock once so many are asleep.
async fn pass(app: &App, sleepers: usize, time: Duration) {
    let clock = &app.get::<TestClock>().0;
    while clock.sleepers() < sleepers {
        tokio::task::yield_now().await;
    }
    clock.advance(time);
}

#[tokio::test]
async fn the_host_is_told_of_an_arrival_and_of_nothing_else() {
    let app = start(&Trial::new()).await.expect("a start");
    ada(&app).await;
    assert!(app.get::<Host>().told().is_empty());
    app.get::<Desk>().arrive(1).await.expect("an arrival");
    app.get::<Desk>().leave(1).await.expect("a departure");
    assert_eq!(app.get::<Host>().told(), ["Ada"]);
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn the_cache_remembers_the_list_until_the_clock_says_so() {
    let app = start(&Trial::new()).await.expect("a start");
    let cached = app.get::<dyn Store>();
    let kept = app.get::<gatehouse_memory::Store>();
    assert!(cached.all().await.expect("a list").is_empty());
    let visitor = Visitor {
        number: 1,
        name: "Bob".to_owned(),
        host: "Eve".to_owned(),
        stage: Stage::Arrived,
    };
    kept.put(visitor.clone())
        .await
        .expect("a change behind its back");
    assert!(cached.all().await.expect("a list").is_empty());
    pass(&app, 1, Duration::from_secs(1)).await;
    while cached.all().await.expect("a list").is_empty() {
        tokio::task::yield_now().await;
    }
    // A change by way of the cache shows at once.
    let left = Visitor {
        stage: Stage::Left,
        ..visitor
    };
    cached.put(left.clone()).await.expect("a change");
    assert_eq!(cached.all().await.expect("a list"), [left]);
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn the_wait_for_an_arrival_is_over_when_the_clock_says_so() {
    let app = start(&Trial::new()).await.expect("a start");
    ada(&app).await;
    let page = app
        .registry::<Pages>()
        .get("/visitors")
        .expect("a page")
        .clone();
    let request = Request::get("/1/arrival?within=5")
        .body(Body::empty())
        .expect("a request");
    let answer = tokio::spawn(page.oneshot(request));
    // The cache sleeps, and so does the page, again and again.
    while !answer.is_finished() {
        pass(&app, 2, Duration::from_secs(1)).await;
        tokio::task::yield_now().await;
    }
    let answer = answer.await.expect("no panic").expect("an answer");
    let body = to_bytes(answer.into_body(), 1024).await.expect("a body");
    let visitor: Visitor = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(visitor.stage, Stage::Announced);
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn metrics_that_fail_in_any_way_close_no_gate() {
    let faults = [Fault::error("no space"), Fault::panic("a slip")];
    for (fault, phase) in faults
        .into_iter()
        .flat_map(|fault| [(fault.clone(), Phase::Build), (fault, Phase::Start)])
    {
        let trial = Trial::new().fault("metrics:Counters", phase, fault);
        let app = start(&trial).await.expect("a start");
        assert!(app.get_optional::<dyn Metrics>().is_none());
        assert!(app.registry::<Pages>().get("/metrics").is_err());
        assert!(app.health().is_ready());
        ada(&app).await;
        assert!(app.stop().await.is_clean());
    }
}

#[tokio::test]
async fn a_list_that_does_not_start_ends_the_start_and_opens_no_port() {
    let trial = Trial::new().fault("memory:Store", Phase::Start, Fault::error("no space"));
    let error = start(&trial).await.expect_err("a fault");
    let error = error.downcast_ref::<StartError>().expect("a failed start");
    assert!(
        error
            .to_string()
            .starts_with("cannot start `memory:Store` (plugin `memory`): no space"),
        "{error}"
    );
    trial.events().assert_never(&["http:Server start"]);
    trial
        .events()
        .assert_order(&["memory:Store start failed", "metrics:Counters stopped"]);
}

#[tokio::test]
async fn the_server_stops_before_whoever_it_needs() {
    let trial = Trial::new();
    let app = start(&trial).await.expect("a start");
    assert!(app.stop().await.is_clean());
    trial.events().assert_order(&[
        "http:Server stopped",
        "desk:Desk stopped",
        "cache:Cache(memory:Store) stopped",
        "memory:Store stopped",
    ]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_hangs_is_given_up_after_ten_seconds_and_the_others_are_stopped() {
    let trial = Trial::new().fault("http:Server", Phase::Run, Fault::Hang);
    let app = start(&trial).await.expect("a start");
    let begun = tokio::time::Instant::now();
    let report = app.stop().await;
    let failure = report.failures().next().expect("a failure");
    assert_eq!(failure.component, "http:Server");
    let words = failure.outcome.to_string();
    assert!(words.contains("had not ended within 10s"), "{report}");
    assert_eq!(begun.elapsed().as_secs(), 10);
    trial
        .events()
        .assert_order(&["desk:Desk stopped", "memory:Store stopped"]);
}
