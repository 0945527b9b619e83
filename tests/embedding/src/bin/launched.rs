//! A program for tests of what a supervisor sees: `launched HOW FLAVOUR [WHO WHERE WHAT]`.
//!
//! HOW is `launch`, `and` (`launch_and`), `panic` (in it), `run` (`start`, then `run`) or `start` (and nothing more); FLAVOUR is
//! that of the runtime, `current` or `multi`. The component WHO (`ground`, `middle` or `top`), when it comes WHERE (`build`,
//! `start`, `work` or `stop`), does WHAT: `block` its thread, `mute` everybody while it blocks, `leave` a thread behind that
//! blocks, `linger` for a second, ask for a `shutdown`, or `fail`.

use std::sync::Arc;
use std::time::Duration;

use treenail::{AppHandle, Component, Config, Deps, Lifecycle, Phase, Result, Settings, Shutdown};

treenail::compose!("launched.toml");

const AGES: Duration = Duration::from_secs(600);

/// What a component says of itself, and what it was told to do.
struct Story {
    name: &'static str,
    app: Arc<AppHandle>,
}

impl Story {
    /// Says where it is, and does there what it was told.
    async fn comes(&self, place: &str) -> Result<()> {
        println!("{} {place}", self.name);
        let told = std::env::args().skip(3).collect::<Vec<_>>();
        let [who, at, what] = &told[..] else {
            return Ok(());
        };
        if (who.as_str(), at.as_str()) != (self.name, place) {
            return Ok(());
        }
        match what.as_str() {
            "block" => std::thread::sleep(AGES),
            "mute" => {
                let _held = (std::io::stdout().lock(), std::io::stderr().lock());
                std::thread::sleep(AGES);
            }
            "leave" => drop(tokio::task::spawn_blocking(|| std::thread::sleep(AGES))),
            "shutdown" => self.app.shutdown(),
            "linger" => tokio::time::sleep(Duration::from_secs(1)).await,
            _ => return Err(treenail::Error::msg("as told")),
        }
        Ok(())
    }

    async fn works(&self, shutdown: &Shutdown) -> Result<()> {
        // What work does at first belongs to the start.
        tokio::time::sleep(Duration::from_millis(100)).await;
        self.comes("work").await?;
        shutdown.requested().await;
        Ok(())
    }
}

macro_rules! component {
    ($(#[$doc:meta])* $Type:ident, $name:literal) => {
        $(#[$doc])*
        pub struct $Type {
            story: Story,
            _deps: Arc<dyn std::any::Any + Send + Sync>,
        }

        impl Component for $Type {
            async fn build(deps: Deps<Self>, (): Config<Self>) -> Result<Self> {
                let story = Story { name: $name, app: Arc::clone(&deps.app) };
                story.comes("build").await?;
                Ok(Self { story, _deps: Arc::new(deps) })
            }

            async fn start(&self) -> Result<()> {
                self.story.comes("start").await
            }

            async fn work(&self, shutdown: Shutdown) -> Result<()> {
                self.story.works(&shutdown).await
            }

            async fn stop(&self) -> Result<()> {
                self.story.comes("stop").await?;
                println!("{} stopped", self.story.name);
                Ok(())
            }
        }
    };
}

component! {
    /// Needs nothing.
    Ground, "ground"
}
component! {
    /// Stands on the ground.
    Middle, "middle"
}
component! {
    /// Stands on the middle.
    Top, "top"
}

fn lifecycle() -> Lifecycle {
    let phases = [Phase::Build, Phase::Start, Phase::Stop].into_iter();
    phases
        .fold(Lifecycle::new(), |lifecycle, phase| {
            lifecycle
                .deadline(phase, Duration::from_secs(2))
                .total(phase, Duration::from_secs(4))
        })
        .rollback(Duration::from_secs(4))
}

async fn host(how: &str) -> Result<()> {
    match how {
        "launch" => App::launch_with(Settings::none(), lifecycle()).await,
        "and" => {
            App::launch_and(Settings::none(), lifecycle(), async |app: &App| {
                println!("ready");
                app.run().await?;
                println!("ran");
                Ok(())
            })
            .await
        }
        "panic" => {
            App::launch_and(Settings::none(), lifecycle(), async |_: &App| {
                panic!("as told");
            })
            .await
        }
        "run" => {
            let app = App::start_with(Settings::none(), lifecycle()).await?;
            let ready = async { println!("ready") };
            tokio::join!(app.run(), ready).0
        }
        _ => {
            let _app = App::start_with(Settings::none(), lifecycle()).await?;
            println!("ready");
            std::future::pending().await
        }
    }
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let how = arguments.next().unwrap_or_default();
    let mut builder = match arguments.next().as_deref() {
        Some("current") => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = builder.worker_threads(4).enable_all().build()?;
    runtime.block_on(host(&how))
}

// A host may launch in a task of its own.
const _: fn() = || {
    fn sent(_: impl Send) {}
    sent(App::launch(Settings::none()));
};
