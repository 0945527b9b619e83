//! The application: what generated `App` types are made of.

mod application;
#[cfg(feature = "config")]
mod changes;
mod generation;
mod handle;
#[cfg(feature = "signals")]
mod launch;
mod methods;
mod own_types;
#[cfg(feature = "config")]
mod reload;
#[cfg(feature = "config")]
mod reloader;
#[cfg(feature = "config")]
mod reloads;
mod running;
#[cfg(feature = "signals")]
mod signals;
mod values;

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use tokio::time::Instant;

use crate::component::AnyComponent;
#[cfg(feature = "config")]
use crate::config::{self, Settings};
use crate::container::{Configured, Table, lay_out};
use crate::error::Result;
use crate::future::BoxFuture;
use crate::lifecycle::{Life, Lifecycle, Report, StopOnDrop, StopReport};
#[cfg(feature = "pipes")]
use crate::pipe::Pipeline;
#[cfg(not(feature = "config"))]
use crate::settings::Settings;
use crate::supervision::{Health, Status, Watch};
use generation::Generation;
use own_types::OwnTypes;
use running::Running;

pub use application::Application;
#[cfg(feature = "config")]
pub use changes::{Change, Changed, Changes};
pub use handle::{AppHandle, app_handle};
#[cfg(feature = "config")]
pub use reloader::Reloader;

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

/// A component that provides a service, by its number, and what makes the value that is handed out of it the service.
pub type Provider<S> = (usize, fn(AnyComponent) -> Arc<S>);

/// `dyn Trait: EachProvidedBy<App>`: some component of the application provides the service, though one that would provide it
/// as well may be left out.
#[diagnostic::on_unimplemented(
    message = "no plugin in `{A}` provides `{Self}`",
    label = "asked for here",
    note = "add a plugin that provides it; `cargo treenail graph` shows what there is"
)]
pub trait EachProvidedBy<A>: 'static {
    /// The components that provide it, in order.
    #[doc(hidden)]
    const PROVIDERS: &'static [Provider<Self>];

    /// The decorator whose values around them are handed out.
    #[doc(hidden)]
    const WRAPPED_BY: Option<usize> = None;

    /// What treenail provides itself, where no component does.
    #[doc(hidden)]
    fn own() -> Option<Arc<Self>> {
        None
    }
}

/// A started application, without its types. What `App` holds beside its services: one generation of it.
pub struct Core {
    /// Before the values themselves, so that these are dropped where their panics are caught.
    own_types: OwnTypes,
    generation: Arc<Generation>,
    application: Arc<Running>,
    /// Whoever drops it stops the application.
    #[cfg_attr(not(feature = "config"), expect(dead_code, reason = "it is dropped"))]
    owner: Option<Owner>,
}

/// Stops an application that nobody else does.
struct Owner(Arc<Running>);

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
    pub fn start<'a>(
        table: &'static Table,
        settings: &'a Settings,
        lifecycle: Lifecycle,
    ) -> BoxFuture<'a, Result<Self>> {
        Box::pin(Self::begin(table, settings, lifecycle, |_| ()))
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
        let options = lifecycle.clone().with(&configured.lifecycle);
        let life = Life::new(
            table,
            plan,
            options,
            begun.elapsed(),
            configured.redactor.clone(),
        );
        known(&life);
        let life = running::begin(StopOnDrop::new(life)).await?;
        let generation = Generation::first(life, configured);
        let application = Arc::new(Running::new(generation, lifecycle));
        let owner = Some(Owner(Arc::clone(&application)));
        Ok(Self::of(application.generation(), application, owner))
    }

    fn of(generation: Arc<Generation>, application: Arc<Running>, owner: Option<Owner>) -> Self {
        Self {
            own_types: OwnTypes::of(generation.life.table),
            generation,
            application,
            owner,
        }
    }

    fn life(&self) -> &Life {
        &self.generation.life
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
        self.generation.pipeline()
    }

    /// Works until `shutdown`, until the pipeline ends, or until a component asks for a shutdown or fails fatally; then stops.
    ///
    /// # Errors
    /// An error that ended the pipeline, the component that failed, or what went wrong while stopping.
    pub async fn run_until(&self, shutdown: impl Future<Output = ()> + Send) -> Result<()> {
        self.application.run_until(pin!(shutdown)).await
    }

    /// Stops every component in reverse order. Concurrent and further calls share the one stop and its report; it goes on
    /// where none of them waits for it.
    pub fn stop(&self) -> BoxFuture<'_, &StopReport> {
        self.application.end()
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

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.abandon();
    }
}
