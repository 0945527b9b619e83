//! The clock: the machine's in every composition, unless somebody provides another one.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use treenail::testing::ManualClock;
use treenail::{Clock, Component, Config, Deps, Settings};

mod real {
    treenail::compose!("clock.toml");
}

mod still {
    treenail::compose!("clock.toml", overlay = "still");
}

pub use still::{StillClockDeps, TimerDeps};

/// A clock that a test moves.
#[derive(Default)]
pub struct StillClock(ManualClock);

impl Component for StillClock {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self::default())
    }
}

impl Clock for StillClock {
    fn now(&self) -> Instant {
        self.0.now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.sleep(duration)
    }
}

/// Has a clock.
pub trait Timed: Send + Sync {
    /// The clock.
    fn clock(&self) -> &Arc<dyn Clock>;
}

/// Has the clock that it is given.
pub struct Timer(Arc<dyn Clock>);

impl Component for Timer {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self(deps.clock))
    }
}

impl Timed for Timer {
    fn clock(&self) -> &Arc<dyn Clock> {
        &self.0
    }
}

#[tokio::test(start_paused = true)]
async fn where_nobody_provides_a_clock_it_is_the_machines() {
    let app = real::App::start(Settings::none()).await.unwrap();
    let clock = app.get::<dyn Clock>();
    assert!(Arc::ptr_eq(clock, &app.all::<dyn Clock>()[0]));
    let begun = clock.now();
    clock.sleep(Duration::from_secs(5)).await;
    assert_eq!(clock.now() - begun, Duration::from_secs(5));
    assert_eq!(app.status().len(), 1, "it is no component");
    app.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_overlay_puts_another_clock_in_its_place() {
    let app = still::App::start(Settings::none()).await.unwrap();
    let clock = app.get::<dyn Clock>();
    assert!(Arc::ptr_eq(clock, app.get::<dyn Timed>().clock()));
    assert_eq!(app.all::<dyn Clock>().len(), 1);
    let begun = clock.now();
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(clock.now(), begun, "it stands still");
    app.stop().await;
}
