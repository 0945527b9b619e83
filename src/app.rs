//! The application: what generated `App` types are made of.

mod handle;
#[cfg(feature = "signals")]
mod launch;
mod methods;
#[cfg(feature = "signals")]
mod signals;
mod values;

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::Poll;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::Instant;
#[cfg(feature = "pipes")]
use tokio::time::timeout;
use tracing::Instrument as _;

use crate::component::AnyComponent;
#[cfg(feature = "config")]
use crate::config::{self, Settings};
use crate::container::{Configured, Table, lay_out};
use crate::error::{Error, Result};
use crate::lifecycle::{Life, Lifecycle, Report, StopOnDrop, StopReport};
#[cfg(feature = "pipes")]
use crate::pipe::Pipeline;
#[cfg(not(feature = "config"))]
use crate::settings::Settings;
use crate::supervision::{Health, Status, Watch};

pub use handle::{AppHandle, app_handle};

/// `dyn Trait: ProvidedBy<App>`: `app.get::<dyn Trait>()` is a field access and cannot fail.
#[diagnostic::on_unimplemented(
    message = "no plugin in `{A}` provides `{Self}`",
    label = "asked for here",
    note = "add a plugin that provides it, or bind one provider in `[bind]` of plugins.toml; `cargo treenail graph` shows what there is",
    note = "a service of an optional plugin is asked for with `get_optional`, several providers with `all`, an instance by its name with `instance`"
)]
pub trait ProvidedBy<A> {
    /// The service, in the application.
    #[doc(hidden)]
    fn provided_by(app: &A) -> &Arc<Self>;
}

/// `dyn Trait: OptionallyProvidedBy<App>`: the service belongs to an optional plugin.
#[diagnostic::on_unimplemented(
    message = "no optional plugin in `{A}` provides `{Self}`",
    label = "asked for here",
    note = "a service that is always there is asked for with `get`"
)]
pub trait OptionallyProvidedBy<A> {
    /// The service, where its plugin did not fail.
    #[doc(hidden)]
    fn optionally_provided_by(app: &A) -> Option<&Arc<Self>>;
}

/// `dyn Trait: AllProvidedBy<App>`: some component of the application provides the service, and nobody who would provide it as
/// well is left out.
#[diagnostic::on_unimplemented(
    message = "no plugin in `{A}` provides `{Self}`",
    label = "asked for here",
    note = "add a plugin that provides it; `cargo treenail graph` shows what there is"
)]
pub trait AllProvidedBy<A>: EachProvidedBy<A> {}

/// `dyn Trait: EachProvidedBy<App>`: some component of the application provides the service, though one that would provide it
/// as well may be left out.
#[diagnostic::on_unimplemented(
    message = "no plugin in `{A}` provides `{Self}`",
    label = "asked for here",
    note = "add a plugin that provides it; `cargo treenail graph` shows what there is"
)]
pub trait EachProvidedBy<A> {
    /// Numbers of the components that provide it, in order.
    #[doc(hidden)]
    const PROVIDERS: &'static [usize];

    /// The decorator whose values around them are handed out.
    #[doc(hidden)]
    const WRAPPED_BY: Option<usize> = None;

    /// The service of a component, if it is one of those whose values are handed out.
    #[doc(hidden)]
    fn cast(component: usize, value: AnyComponent) -> Option<Arc<Self>>;

    /// What treenail provides itself, where no component does.
    #[doc(hidden)]
    fn own() -> Option<Arc<Self>> {
        None
    }
}

/// A started application, without its types. What `App` holds beside its services.
pub struct Core {
    inner: Arc<Inner>,
}

/// What the tasks of starting and stopping hold as well, so that they go on when their caller does not.
struct Inner {
    /// Before the values of the components in it, so that these are dropped where their panics are caught.
    #[cfg(feature = "pipes")]
    pipeline: Option<Pipeline>,
    life: StopOnDrop,
    /// Set when a stop has begun; the report when it has ended.
    stop: OnceLock<watch::Receiver<()>>,
    stopped: OnceLock<StopReport>,
    /// Set when signals end it.
    #[cfg(feature = "signals")]
    signals: OnceLock<signals::EndedBySignal>,
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("host", &self.life().table.host)
            .field("digest", &self.life().table.digest)
            .finish()
    }
}

impl Core {
    /// Configure, build, start. Where the returned future is dropped before it is done, what had started is stopped
    /// again, in the background.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration, or the component that failed.
    pub async fn start(
        table: &'static Table,
        settings: &Settings,
        lifecycle: Lifecycle,
    ) -> Result<Self> {
        Self::begin(table, settings, lifecycle, |_| ()).await
    }

    /// `known` is called with what is going to be built.
    async fn begin(
        table: &'static Table,
        settings: &Settings,
        lifecycle: Lifecycle,
        known: impl FnOnce(&Life),
    ) -> Result<Self> {
        let begun = Instant::now();
        let configured = configure(table, settings)?;
        let plan = lay_out(table, &configured);
        tracing::info!(
            host = table.host,
            digest = table.digest,
            components = plan.nodes.len(),
            "starting"
        );
        let lifecycle = lifecycle.with(&configured.lifecycle);
        let life = Life::new(
            table,
            plan,
            lifecycle,
            begun.elapsed(),
            configured.redactor.clone(),
        );
        known(&life);
        let life = begin(StopOnDrop::new(life)).await?;
        #[cfg(feature = "pipes")]
        let pipeline = configured.pipeline.map(|plan| {
            let steps = life
                .plan
                .instances()
                .iter()
                .map(|node| life.slots.get(*node))
                .collect::<Vec<_>>();
            Pipeline::new(plan, &steps, configured.redactor)
        });
        let inner = Inner {
            life,
            stop: OnceLock::new(),
            stopped: OnceLock::new(),
            #[cfg(feature = "pipes")]
            pipeline,
            #[cfg(feature = "signals")]
            signals: OnceLock::new(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    fn life(&self) -> &Life {
        &self.inner.life
    }

    /// The state of every component, dependencies first.
    pub fn status(&self) -> Vec<Status> {
        self.life().supervision.board.all()
    }

    /// The states, in the order of `status`, as they change.
    pub fn watch(&self) -> Watch {
        self.life().supervision.board.watch()
    }

    /// The whole of the states.
    pub fn health(&self) -> Health {
        Health::of(&self.status())
    }

    /// How long everything took.
    pub fn report(&self) -> Report {
        self.life().report()
    }

    /// The pipeline of the configuration.
    #[cfg(feature = "pipes")]
    pub fn pipeline(&self) -> Option<&Pipeline> {
        self.inner.pipeline.as_ref()
    }

    /// Works until `shutdown`, until the pipeline ends, or until a component asks for a shutdown or fails fatally; then stops.
    ///
    /// # Errors
    /// An error that ended the pipeline, the component that failed, or what went wrong while stopping.
    pub async fn run_until(&self, shutdown: impl Future<Output = ()> + Send) -> Result<()> {
        let mut fatal = None;
        let shutdown = async {
            let mut asked = self.life().shutdown.subscribe();
            let mut asked = pin!(asked.wait_for(Option::is_some));
            let (mut shutdown, mut failed) =
                (pin!(shutdown), pin!(self.life().supervision.board.fatal()));
            poll_fn(|context| match failed.as_mut().poll(context) {
                Poll::Ready(status) => {
                    fatal = Some(status);
                    Poll::Ready(())
                }
                Poll::Pending if asked.as_mut().poll(context).is_ready() => Poll::Ready(()),
                Poll::Pending => shutdown.as_mut().poll(context),
            })
            .await;
        };
        let worked = self.work(shutdown).await;
        let report = self.stop().await;
        if let Some(Status {
            component,
            plugin,
            reason,
            ..
        }) = fatal
        {
            let reason = reason.unwrap_or_else(|| "no reason was given".to_owned());
            let failed = format!(
                "`{component}` (plugin `{plugin}`) has failed, and the application cannot go on: {reason}"
            );
            return Err(Error::msg(failed));
        }
        worked?;
        if report.is_clean() {
            Ok(())
        } else {
            Err(Error::msg(report))
        }
    }

    #[cfg(feature = "pipes")]
    async fn work(&self, shutdown: impl Future<Output = ()> + Send) -> Result<()> {
        let Some(pipeline) = &self.inner.pipeline else {
            shutdown.await;
            return Ok(());
        };
        let (mut shutdown, mut running) = (pin!(shutdown), pin!(pipeline.run()));
        let ended = poll_fn(|context| match shutdown.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => running.as_mut().poll(context).map(Some),
        });
        if let Some(ended) = ended.await {
            return ended;
        }
        pipeline.stop();
        let within = self.life().time_to_stop();
        timeout(within, running).await.unwrap_or_else(|_| {
            let cut_off = format!("the pipeline did not end within {within:?} and was cut off");
            Err(Error::msg(cut_off))
        })
    }

    #[cfg(not(feature = "pipes"))]
    async fn work(&self, shutdown: impl Future<Output = ()> + Send) -> Result<()> {
        shutdown.await;
        Ok(())
    }

    /// Stops every component in reverse order. Concurrent and further calls share the one stop and its report; it goes on
    /// where none of them waits for it.
    pub async fn stop(&self) -> &StopReport {
        let stop = self.begin_stop(Handle::current);
        // Closed when the stop has ended, or when its runtime is gone.
        let _ = stop.clone().changed().await;
        self.inner.stopped.get_or_init(|| self.life().cut_off())
    }

    fn begin_stop(&self, runtime: impl FnOnce() -> Handle) -> &watch::Receiver<()> {
        self.inner.stop.get_or_init(|| {
            let (ended, stop) = watch::channel(());
            let inner = Arc::clone(&self.inner);
            let stopping = async move {
                let report = inner.stop().await;
                inner.stopped.get_or_init(|| report);
                drop(ended);
            };
            runtime().spawn(stopping.in_current_span());
            stop
        })
    }
}

impl Inner {
    async fn stop(&self) -> StopReport {
        #[cfg(feature = "pipes")]
        if let Some(pipeline) = &self.pipeline {
            let within = self.life.time_to_stop();
            let ended = timeout(within, pipeline.finish()).await;
            if ended.is_err() {
                tracing::warn!("the pipeline did not end within {within:?}: stops all the same");
            }
        }
        #[cfg(feature = "signals")]
        self.stop_has_begun();
        let report = self.life.stop().await;
        #[cfg(feature = "signals")]
        self.has_stopped(&report);
        tracing::info!(
            host = self.life.table.host,
            clean = report.is_clean(),
            "stopped"
        );
        report
    }
}

/// Builds and starts in a task of its own, so that a start that nobody waits for any more can still be rolled back.
async fn begin(life: StopOnDrop) -> Result<StopOnDrop> {
    let (waiting, given_up) = watch::channel(());
    let beginning = async move {
        let Err(mut error) = life.begin(given_up).await else {
            return Ok(life);
        };
        let supervision = Arc::clone(&life.supervision);
        drop(life);
        // Those of the components' values.
        error.rollback.panics.extend(supervision.take_strays());
        Err(error)
    };
    let begun = tokio::spawn(beginning.in_current_span()).await;
    drop(waiting);
    match begun {
        Ok(begun) => Ok(begun?),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(cancelled) => Err(cancelled.into()),
        },
    }
}

#[cfg(feature = "config")]
fn configure(table: &'static Table, settings: &Settings) -> Result<Configured> {
    Ok(config::configure(table, settings)?)
}

#[cfg(not(feature = "config"))]
fn configure(_: &'static Table, _: &Settings) -> Result<Configured> {
    Ok(Configured::default())
}

impl Drop for Core {
    fn drop(&mut self) {
        if self.inner.stop.get().is_none() {
            tracing::warn!(
                host = self.life().table.host,
                "dropped without stop: stops in the background, as long as its runtime goes on"
            );
            // Nobody waits for it, so there may be little time.
            self.life().abort_tasks();
            self.begin_stop(|| self.inner.life.runtime().clone());
        }
    }
}
