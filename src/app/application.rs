//! [`Application`]: what every `App` can do, for code that does not know which one it is.

use std::future::Future;
use std::sync::Arc;

use treenail_core::Entries;
use treenail_core::composed::Listed;
use treenail_core::features::Feature;

#[cfg(feature = "config")]
use super::Settings;
use super::{AllProvidedBy, Core, EachProvidedBy, OptionallyProvidedBy, ProvidedBy};
#[cfg(feature = "config")]
use crate::config::{self, ConfigError, Features, Logging};
use crate::container::{Inventory, Table, inventory};
use crate::error::Result;
use crate::lifecycle::{Lifecycle, Report, StopReport};
#[cfg(feature = "pipes")]
use crate::pipe::Pipeline;
#[cfg(feature = "reference")]
use crate::reference::reference;
use crate::registry::RegisteredIn;
#[cfg(not(feature = "config"))]
use crate::settings::Settings;
use crate::supervision::{Health, Status, Watch};

/// An `App` that was composed, whichever: a host that is a library is generic over it, and each program that composes other plugins
/// hands its own in. Implemented by generated code only.
///
/// What an `App` has for methods does the same here, and is documented there. That a service is there is a bound, so a program whose
/// plugins lack one does not compile:
///
/// ```
/// use std::sync::Arc;
/// use treenail::{AllProvidedBy, Application, Clock, ProvidedBy, Settings};
///
/// pub trait TicketSystem: Send + Sync {}
///
/// /// The whole program, whatever its plugins are.
/// ///
/// /// # Errors
/// /// What a start ends with, or a stop.
/// pub async fn serve<A: Application>(settings: Settings) -> treenail::Result<()>
/// where
///     dyn TicketSystem: AllProvidedBy<A>,
/// {
///     let app = A::start(settings).await?;
///     let systems: Vec<Arc<dyn TicketSystem>> = app.all();
///     println!("{}: {} ticket systems", A::inventory().host(), systems.len());
///     app.stop().await;
///     Ok(())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an application that was composed",
    label = "this takes the `App` that `compose!()` brings in"
)]
pub trait Application: Sized + 'static {
    /// Its composition.
    #[doc(hidden)]
    fn table() -> &'static Table;

    /// Features of its package, with the plugins that they bring.
    #[doc(hidden)]
    fn bringing() -> &'static [Feature<'static>] {
        &[]
    }

    /// One generation of it.
    #[doc(hidden)]
    fn of(core: Core) -> Self;

    /// What it is besides its services.
    #[doc(hidden)]
    fn core(&self) -> &Core;

    /// Its registries, for people.
    #[doc(hidden)]
    fn registries() -> Vec<Listed> {
        Vec::new()
    }

    /// What is in the application: its plugins and components, as composed.
    #[must_use]
    fn inventory() -> Inventory {
        inventory(Self::table())
    }

    /// Checks a configuration without building anything.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    #[cfg(feature = "config")]
    fn check(settings: &Settings) -> std::result::Result<(), ConfigError> {
        config::check(Self::table(), settings)
    }

    /// The JSON Schema of this application's configuration.
    #[cfg(feature = "config")]
    #[must_use]
    fn schema() -> schemars::Schema {
        config::schema(Self::table())
    }

    /// The plugins that a configuration needs, and the features of the program that bring them.
    ///
    /// # Errors
    /// The configuration cannot be read, or names what nobody knows.
    #[cfg(feature = "config")]
    fn features(settings: &Settings) -> std::result::Result<Features, ConfigError> {
        config::features(Self::table(), Self::bringing(), settings)
    }

    /// What the application is made of, and every key that its configuration may have.
    #[cfg(feature = "reference")]
    #[must_use]
    fn reference() -> treenail_reference::Reference {
        reference(Self::table(), &Self::registries())
    }

    /// How the configuration wants the host to log. Where `[host] logging` of the composition is not on, no configuration says
    /// anything of that.
    ///
    /// # Errors
    /// What is wrong with that part of the configuration.
    #[cfg(feature = "config")]
    fn logging(settings: &Settings) -> std::result::Result<Logging, ConfigError> {
        config::logging(Self::table(), settings)
    }

    /// Checks the configuration, then builds and starts every component.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration; or the component that failed, after everything that had started has been
    /// stopped again.
    fn start(settings: Settings) -> impl Future<Output = Result<Self>> + Send {
        Self::start_with(settings, Lifecycle::default())
    }

    /// Starts the application with other deadlines, or one component at a time.
    ///
    /// # Errors
    /// What [`start`](Self::start) ends with.
    fn start_with(
        settings: Settings,
        lifecycle: Lifecycle,
    ) -> impl Future<Output = Result<Self>> + Send {
        async move {
            let started = Core::start(Self::table(), &settings, lifecycle).await;
            started.map(Self::of)
        }
    }

    /// The whole life of a server: starts the application, works until a signal, until the configuration's pipeline ends, or until a
    /// component asks for a shutdown or fails fatally; then stops.
    ///
    /// # Errors
    /// What [`start`](Self::start) ends with, an error that ended the pipeline, or what went wrong while stopping.
    #[cfg(feature = "signals")]
    fn launch(settings: Settings) -> impl Future<Output = Result<()>> {
        async move { Core::launch(Self::table(), &settings, Lifecycle::default()).await }
    }

    /// A service: a field access, which cannot fail. A component that is asked for by its own type is looked up by its number,
    /// which cannot fail either.
    #[must_use]
    fn get<S: ?Sized + ProvidedBy<Self>>(&self) -> &Arc<S> {
        S::provided_by(self)
    }

    /// A service of an optional plugin: `None` if the plugin failed.
    #[must_use]
    fn get_optional<S: ?Sized + OptionallyProvidedBy<Self>>(&self) -> Option<&Arc<S>> {
        S::optionally_provided_by(self)
    }

    /// Every provider of a service, in order, named instances included.
    #[must_use]
    fn all<S: ?Sized + AllProvidedBy<Self>>(&self) -> Vec<Arc<S>> {
        self.core().all::<Self, S>()
    }

    /// The service of an instance that the configuration names.
    #[must_use]
    fn instance<S: ?Sized + EachProvidedBy<Self>>(&self, name: &str) -> Option<Arc<S>> {
        self.core().instance::<Self, S>(name)
    }

    /// The entries of a registry.
    #[must_use]
    fn registry<R: RegisteredIn<Self>>(&self) -> &Entries<R::Of> {
        R::registered(self)
    }

    /// Works until a signal, until the configuration's pipeline ends, or until a component asks for a shutdown or fails fatally; then
    /// stops.
    ///
    /// # Errors
    /// An error that ended the pipeline, the component that failed, or what went wrong while stopping.
    #[cfg(feature = "signals")]
    fn run(&self) -> impl Future<Output = Result<()>> + Send {
        self.core().run()
    }

    /// Works as [`run`](Self::run) does, until `shutdown`.
    ///
    /// # Errors
    /// An error that ended the pipeline, the component that failed, or what went wrong while stopping.
    fn run_until(
        &self,
        shutdown: impl Future<Output = ()> + Send,
    ) -> impl Future<Output = Result<()>> + Send {
        self.core().run_until(shutdown)
    }

    /// Stops every component once everything that needs it has stopped.
    fn stop(&self) -> impl Future<Output = &StopReport> + Send {
        self.core().stop()
    }

    /// The configuration's pipeline, if it has one.
    #[cfg(feature = "pipes")]
    #[must_use]
    fn pipeline(&self) -> Option<&Pipeline> {
        self.core().pipeline()
    }

    /// The state of every component, dependencies first.
    #[must_use]
    fn status(&self) -> Vec<Status> {
        self.core().status()
    }

    /// The states as they change, in the order of [`status`](Self::status).
    #[must_use]
    fn watch(&self) -> Watch {
        self.core().watch()
    }

    /// How the application is as a whole, for a health endpoint.
    #[must_use]
    fn health(&self) -> Health {
        self.core().health()
    }

    /// How long every component took to be built and to start, with the critical path.
    #[must_use]
    fn report(&self) -> Report {
        self.core().report()
    }
}
