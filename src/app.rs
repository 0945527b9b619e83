//! The application: what generated `App` types are made of.

mod methods;

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use tokio::sync::{OnceCell, watch};

use crate::container::{Table, Value};
use crate::lifecycle::{Life, Lifecycle, StopReport};
use crate::plan::Plan;
use crate::status::{State, Status};
use crate::{Result, Settings};

pub use methods::not_composed;

/// `dyn Trait: ProvidedBy<App>`: `app.get::<dyn Trait>()` is a field access and cannot fail.
#[diagnostic::on_unimplemented(
    message = "no plugin in `{A}` provides `{Self}`",
    label = "asked for here",
    note = "add a plugin that provides it, or bind one provider in `[bind]` of plugins.toml; `cargo treenail graph` shows what there is",
    note = "a service of an optional plugin is asked for with `get_optional`, several providers with `all`"
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

/// `dyn Trait: AllProvidedBy<App>`: some component of the application provides the service.
#[diagnostic::on_unimplemented(
    message = "no plugin in `{A}` provides `{Self}`",
    label = "asked for here",
    note = "add a plugin that provides it; `cargo treenail graph` shows what there is"
)]
pub trait AllProvidedBy<A> {
    /// Numbers of the components that provide it, in order.
    #[doc(hidden)]
    const PROVIDERS: &'static [usize];

    /// The service of a component, if it is among the providers.
    #[doc(hidden)]
    fn cast(component: usize, value: Value) -> Option<Arc<Self>>;
}

/// A started application, without its types. What `App` holds beside its services.
pub struct Core {
    life: Life,
    stopped: OnceCell<StopReport>,
    #[cfg(feature = "pipes")]
    pipeline: Option<crate::pipe::Pipeline>,
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("host", &self.life.table.host)
            .field("digest", &self.life.table.digest)
            .finish()
    }
}

impl Core {
    /// Configure, build, start.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration, or the component that failed.
    pub async fn start(
        table: &'static Table,
        settings: &Settings,
        lifecycle: Lifecycle,
    ) -> Result<Self> {
        let configured = configure(table, settings)?;
        let plan = Plan::new(table, &configured);
        tracing::info!(
            host = table.host,
            digest = table.digest,
            components = plan.nodes.len(),
            "starting"
        );
        let redactor = configured.redactor.clone();
        let life = Life::new(table, plan, lifecycle, redactor);
        life.begin().await?;
        #[cfg(feature = "pipes")]
        let pipeline = configured.pipeline.map(|pipeline| {
            let steps = life
                .plan
                .instances()
                .iter()
                .map(|node| life.slots.get(*node))
                .collect::<Vec<_>>();
            pipeline.ready(&steps, configured.redactor)
        });
        Ok(Self {
            life,
            stopped: OnceCell::new(),
            #[cfg(feature = "pipes")]
            pipeline,
        })
    }

    /// The singleton of a component, or the only configured instance of one.
    ///
    /// # Panics
    /// If it is not there, which the plan rules out for what is not optional.
    pub fn value(&self, component: usize) -> Value {
        self.try_value(component).unwrap_or_else(|| {
            panic!(
                "`{}` has not been built",
                self.life.table.components[component].id
            )
        })
    }

    /// The same for a component of an optional plugin.
    pub fn try_value(&self, component: usize) -> Option<Value> {
        self.life
            .value(*self.life.plan.nodes_of(component).first()?)
    }

    /// Every provider of a service, in order, instances included.
    pub fn all<A, S: ?Sized + AllProvidedBy<A>>(&self) -> Vec<Arc<S>> {
        let components = S::PROVIDERS.iter();
        let nodes = components.flat_map(|component| {
            self.life
                .plan
                .nodes_of(*component)
                .iter()
                .map(move |n| (*component, *n))
        });
        nodes
            .filter_map(|(component, node)| S::cast(component, self.life.value(node)?))
            .collect()
    }

    /// The service of a named instance of the configuration.
    pub fn instance<A, S: ?Sized + AllProvidedBy<A>>(&self, name: &str) -> Option<Arc<S>> {
        let nodes = S::PROVIDERS
            .iter()
            .flat_map(|component| self.life.plan.nodes_of(*component));
        let node = nodes
            .copied()
            .find(|node| self.life.plan.nodes[*node].name == name)?;
        S::cast(self.life.plan.nodes[node].component, self.life.value(node)?)
    }

    /// The state of every component, dependencies first.
    pub fn status(&self) -> Vec<Status> {
        let nodes = self.life.plan.nodes.iter().enumerate();
        nodes
            .map(|(node, entry)| Status {
                component: entry.name.clone(),
                state: self.life.board.get(node),
            })
            .collect()
    }

    /// The states, in the order of `status`, as they change.
    pub fn watch(&self) -> watch::Receiver<Vec<State>> {
        self.life.board.watch()
    }

    /// The pipeline of the configuration.
    #[cfg(feature = "pipes")]
    pub fn pipeline(&self) -> Option<&crate::pipe::Pipeline> {
        self.pipeline.as_ref()
    }

    /// Works until `shutdown` or until the pipeline ends, then stops.
    ///
    /// # Errors
    /// An error that ended the pipeline, or what went wrong while stopping.
    pub async fn run_until(&self, shutdown: impl Future<Output = ()> + Send) -> Result<()> {
        let worked = self.work(shutdown).await;
        let report = self.stop().await;
        worked?;
        if report.is_clean() {
            Ok(())
        } else {
            Err(crate::Error::msg(report))
        }
    }

    #[cfg(feature = "pipes")]
    async fn work(&self, shutdown: impl Future<Output = ()> + Send) -> Result<()> {
        let Some(pipeline) = &self.pipeline else {
            shutdown.await;
            return Ok(());
        };
        let mut shutdown = std::pin::pin!(shutdown);
        let mut running = std::pin::pin!(pipeline.run());
        let mut asked = false;
        std::future::poll_fn(|context| {
            if !asked && shutdown.as_mut().poll(context).is_ready() {
                asked = true;
                pipeline.stop();
            }
            running.as_mut().poll(context)
        })
        .await
    }

    #[cfg(not(feature = "pipes"))]
    async fn work(&self, shutdown: impl Future<Output = ()> + Send) -> Result<()> {
        shutdown.await;
        Ok(())
    }

    /// Works until SIGINT or SIGTERM, or until the pipeline ends, then stops. A second signal ends the process at once.
    ///
    /// # Errors
    /// As for [`run_until`](Self::run_until); and if signals cannot be listened to.
    #[cfg(feature = "signals")]
    pub async fn run(&self) -> Result<()> {
        let signals = crate::signals::Signals::listen()?;
        self.run_until(signals.first()).await
    }

    /// Stops every component in reverse order. Concurrent and further calls share the one stop and its report.
    pub async fn stop(&self) -> &StopReport {
        self.stopped
            .get_or_init(|| async {
                #[cfg(feature = "pipes")]
                if let Some(pipeline) = &self.pipeline {
                    pipeline.finish().await;
                }
                let report = self.life.stop().await;
                tracing::info!(
                    host = self.life.table.host,
                    clean = report.is_clean(),
                    "stopped"
                );
                report
            })
            .await
    }
}

#[cfg(feature = "config")]
fn configure(table: &'static Table, settings: &Settings) -> Result<crate::plan::Configured> {
    Ok(crate::config::configure(table, settings)?)
}

#[cfg(not(feature = "config"))]
fn configure(_: &'static Table, _: &Settings) -> Result<crate::plan::Configured> {
    Ok(crate::plan::Configured::default())
}

impl Drop for Core {
    fn drop(&mut self) {
        if !self.stopped.initialized() {
            tracing::warn!(
                host = self.life.table.host,
                "dropped without stop: no component was stopped"
            );
        }
    }
}
