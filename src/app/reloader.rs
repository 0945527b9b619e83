//! [`Reloader`]: an application that takes another configuration while it runs.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use tokio::sync::watch;

use super::application::Application;
use super::changes::Changes;
#[cfg(feature = "signals")]
use super::signals::EndedBySignal;
use super::{Core, Owner};
use crate::config::{ConfigError, Settings};
use crate::error::Result;
use crate::lifecycle::{Lifecycle, ReloadError, StopReport};

/// A running application that takes another configuration: a reload replaces what it has to, and leaves alone whatever is equal.
///
/// An `App` is one generation: its services never change. [`load`](Self::load) gives the current one, and it is a view: to drop
/// it stops nothing. What was replaced is gone when nobody holds an `App`, or a service, of that generation.
///
/// ```ignore
/// let reloader = Reloader::<App>::start(Settings::file("config.yml")?).await?;
/// let tickets = Arc::clone(reloader.load().get::<dyn TicketSystem>());
/// println!("{}", reloader.plan(&Settings::file("next.yml")?)?); // what would change, and why
/// reloader.reload(Settings::file("next.yml")?).await?;
/// reloader.run().await // until a signal; SIGHUP reads next.yml again
/// ```
///
/// A component stays where its configuration is equal and everything that it holds stays: the same value, with its tasks and its
/// state. Everything is checked before anything is touched. Whatever is new runs before it can be seen; if any of it fails, all of
/// it is stopped again, and what had been stopped for it is built again: the error says so. Reloads follow one another; one that
/// nobody waits for any more goes on.
///
/// Where the application holds no `Reloader` any more, it is stopped in the background, as an `App` is that was dropped.
pub struct Reloader<A: Application> {
    current: watch::Receiver<Arc<A>>,
    /// Whoever drops it stops the application.
    owner: Owner,
}

impl<A: Application + Send + Sync> Reloader<A> {
    /// Checks the configuration, then builds and starts every component.
    ///
    /// # Errors
    /// What a start of the application ends with.
    pub async fn start(settings: Settings) -> Result<Self> {
        Self::start_with(settings, Lifecycle::default()).await
    }

    /// Starts the application as [`start`](Self::start) does, with other deadlines, or one component at a time. They count for
    /// reloads as well; the budgets of build, start and stop are those of each reload.
    ///
    /// # Errors
    /// What a start of the application ends with.
    pub async fn start_with(settings: Settings, lifecycle: Lifecycle) -> Result<Self> {
        let started = Core::start(A::table(), &settings, lifecycle).await?;
        Ok(Self::of(started, settings))
    }

    /// The whole life of a server that is reloaded: starts the application, then calls `drive`, which calls [`run`](Self::run) or
    /// [`run_until`](Self::run_until). Whatever it ends with, everything is stopped then.
    ///
    /// Signals are taken before anything is built. A SIGINT or SIGTERM that comes while the application starts rolls back the start,
    /// which is no error; a SIGHUP then is a reload once `run` is called. After a signal that ends it, the process ends even where a
    /// component blocks its thread: when the time for a stop is over, and no later than five seconds after this has returned.
    ///
    /// ```ignore
    /// let settings = Settings::file("config.yml")?;
    /// Reloader::<App>::launch_and(settings, Lifecycle::default(), async |reloader| reloader.run().await).await
    /// ```
    ///
    /// # Errors
    /// What a start of the application ends with, what `drive` ends with, or what went wrong while stopping.
    #[cfg(feature = "signals")]
    pub async fn launch_and(
        settings: Settings,
        lifecycle: Lifecycle,
        drive: impl AsyncFnOnce(&Self) -> Result<()>,
    ) -> Result<()> {
        let signals = EndedBySignal::take()?;
        // From here on they do not end it.
        let _hangups = signals.hangups();
        let again = settings.clone();
        let finish = |started| Self::of(started, again);
        Core::launch_under(signals, A::table(), &settings, lifecycle, finish, drive).await
    }

    /// Of what has started from these settings.
    fn of(mut started: Core, settings: Settings) -> Self {
        let application = Arc::clone(&started.application);
        let owner = started.owner.take();
        let owner = owner.unwrap_or_else(|| Owner(Arc::clone(&application)));
        let (generations, current) = watch::channel(Arc::new(A::of(started)));
        let views = Arc::downgrade(&application);
        application.reload_from(settings, move |generation| {
            if let Some(application) = views.upgrade() {
                let view = Core::of(generation, application, None);
                generations.send_replace(Arc::new(A::of(view)));
            }
        });
        Self { current, owner }
    }

    /// The current generation.
    #[must_use]
    pub fn load(&self) -> Arc<A> {
        Arc::clone(&self.current.borrow())
    }

    /// The current generation, as it changes. See [`tokio::sync::watch`].
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Arc<A>> {
        let mut generations = self.current.clone();
        generations.mark_unchanged();
        generations
    }

    /// The number of the current generation: 1 at the start, and one more with each reload that was accepted.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.owner.0.generation().number
    }

    /// What a reload would change, component by component, and why. Nothing is touched.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration.
    pub fn plan(&self, settings: &Settings) -> std::result::Result<Changes, ConfigError> {
        self.owner.0.changes(settings)
    }

    /// What a reload would change, from one configuration to another, where all of the first one runs: for a program that is asked
    /// this beside the one that runs. Nothing is started.
    ///
    /// # Errors
    /// Everything that is wrong with either configuration; with the first one, where both are wrong.
    pub fn compare(from: &Settings, to: &Settings) -> std::result::Result<Changes, ConfigError> {
        super::reload::compare(A::table(), from, to)
    }

    /// Calls `observer` after every reload from now on, whoever asked for it, with what came of it: be quick.
    pub fn observe(
        &self,
        observer: impl Fn(&std::result::Result<Changes, ReloadError>) + Send + Sync + 'static,
    ) {
        self.owner.0.observe_reloads(observer);
    }

    /// Lets another configuration take the place of the one that runs. Where a reload is under way, this one follows it. It goes on
    /// where this future is dropped.
    ///
    /// # Errors
    /// Why it was refused, and how the application goes on: with the configuration of before.
    pub async fn reload(&self, settings: Settings) -> std::result::Result<Changes, ReloadError> {
        self.owner.0.reload(settings).await
    }

    /// Reads the files again that the configuration came from, and reloads.
    ///
    /// # Errors
    /// Why it was refused; a file that cannot be read is one reason.
    pub async fn reload_again(&self) -> std::result::Result<Changes, ReloadError> {
        self.owner.0.reload_again().await
    }

    /// Works until `shutdown`, until the configuration's pipeline ends, or until a component asks for a shutdown or fails fatally;
    /// then stops. A reload in the meantime ends nothing: the pipeline of the next generation goes on.
    ///
    /// # Errors
    /// An error that ended the pipeline, the component that failed, or what went wrong while stopping.
    pub async fn run_until(&self, shutdown: impl Future<Output = ()> + Send) -> Result<()> {
        self.owner.0.run_until(pin!(shutdown)).await
    }

    /// Works until SIGINT or SIGTERM, until the pipeline ends, or until a component asks for a shutdown or fails fatally; then stops.
    /// At SIGHUP the files of the configuration are read again, and the application is [reloaded](Self::reload_again); what comes of
    /// that stands in the log. A second SIGINT or SIGTERM ends the process at once.
    ///
    /// Signals are taken from when this is first polled.
    ///
    /// # Errors
    /// An error that ended the pipeline, the component that failed, or what went wrong while stopping.
    #[cfg(feature = "signals")]
    pub async fn run(&self) -> Result<()> {
        self.owner.0.run_and_reload().await
    }

    /// Stops the application, after the reload that is under way has been given up.
    pub async fn stop(&self) -> &StopReport {
        self.owner.0.end().await
    }
}

impl<A: Application> Drop for Reloader<A> {
    fn drop(&mut self) {
        // It holds the generations, which hold the application.
        self.owner.0.tell_nobody();
    }
}

impl<A: Application> fmt::Debug for Reloader<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reloader")
            .field("generation", &self.owner.0.generation().number)
            .finish_non_exhaustive()
    }
}
