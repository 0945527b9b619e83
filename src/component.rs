//! What a plugin author implements, and a component as the application holds it: its type erased.

mod any_component;
#[cfg(feature = "config")]
mod binding;

use std::future::Future;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::supervision::Shutdown;
pub use any_component::{AnyComponent, Building};
#[cfg(feature = "config")]
pub use binding::ConfigBinding;
#[cfg(feature = "pipes")]
pub(crate) use binding::Readable;
#[cfg(feature = "config")]
pub(crate) use binding::schema_of;

/// The typed inputs of a component: the struct that was generated from its `requires`.
pub type Deps<C> = <C as Declared>::Deps;

/// The configuration of a component: the type its manifest names as `config`, or `()`.
pub type Config<C> = <C as Declared>::Config;

/// The parameters of a pipe: the type its manifest names as `params`, or `()`.
pub type Params<C> = <C as DeclaredPipe>::Params;

/// A type that a plugin contributes.
///
/// Everything a component needs is declared in its plugin's `plugins.toml` and arrives in [`build`](Component::build).
/// A value is built once, started after everything it needs has started, and stopped before anything it needs stops.
/// Only `build` is required.
///
/// | step | when | a failure |
/// |---|---|---|
/// | [`build`](Component::build) | everything it needs has been built | ends the start, which is rolled back |
/// | [`start`](Component::start) | everything has been built (but see below), and everything it needs has started | ends the start, which is rolled back |
/// | [`work`](Component::work) | from its start on, until it is stopped | begins again as its `restart` says, else it is `Permanent` |
/// | [`stop`](Component::stop) | everything that needs it has stopped, and its own tasks have ended | stands in the report of the stop |
///
/// Steps are futures on tokio's threads, so what blocks a thread belongs into `tokio::task::spawn_blocking`.
///
/// A component of an optional plugin that fails to build or to start is left out, together with whatever cannot do
/// without it; who needs it has an `Option`, and it is in no list of providers. So that this is so wherever it failed, it and
/// whatever it needs are started as the last part of their build, before anybody who may use them is built.
///
/// ```ignore
/// impl Component for Mailer {
///     async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
///         Ok(Self { clock: deps.clock, from: config.from })
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is declared in plugins.toml, but does not implement `Component`",
    label = "declared as a component",
    note = "implement `treenail::Component` for it: `build` makes the value from its `Deps` and its `Config`"
)]
pub trait Component: Sized + Send + Sync + 'static {
    /// Makes the value. Acquire resources here; begin work in [`start`](Component::start).
    ///
    /// # Errors
    /// Whatever makes the component unusable. The start is then rolled back, or, for a plugin that the host calls
    /// optional, goes on without it.
    fn build(deps: Deps<Self>, config: Config<Self>) -> impl Future<Output = Result<Self>> + Send
    where
        Self: Declared; // Not of the trait: a component that is not declared would be an error at each place that names it.

    /// Begins work. Everything it needs has been started. What it makes for [`work`](Component::work), as a listener, is handed over
    /// in a cell: `tokio::sync::OnceCell`, or the standard library's `OnceLock`.
    ///
    /// # Errors
    /// Whatever keeps the component from its work: what follows is what follows a failed [`build`](Component::build). A
    /// component whose start failed is not stopped; one whose start succeeded after it was given up is.
    fn start(&self) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// Works until `shutdown` is requested, in a task of its own: its run. It begins as soon as [`start`](Component::start) has
    /// succeeded, and ends before [`stop`](Component::stop) is called: it has the stop's deadline to do so, and is dropped
    /// after that. To end earlier is no failure.
    ///
    /// ```ignore
    /// async fn work(&self, shutdown: Shutdown) -> treenail::Result<()> {
    ///     loop {
    ///         tokio::select! {
    ///             () = shutdown.requested() => return Ok(()),
    ///             connection = self.listener.accept() => self.serve(connection?),
    ///         }
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// After an error or a panic it begins again, if the component's manifest has a `restart`; otherwise, or when the
    /// restarts are used up, the component is `Permanent`, or `Fatal` where its manifest or the host's says so, which ends the
    /// application.
    fn work(&self, shutdown: Shutdown) -> impl Future<Output = Result<()>> + Send {
        drop(shutdown);
        std::future::ready(Ok(()))
    }

    /// Takes another configuration while it works, in a reload: for components whose manifest says `reload = "reconfigure"`. Whoever
    /// holds the component stays as it is. It is called before anything else is touched; where the reload is given up after that,
    /// it is called again with the configuration of before.
    ///
    /// # Errors
    /// Why it does not take this configuration; then it goes on with the one it has, and the reload is refused.
    fn reconfigure(&self, config: Config<Self>) -> impl Future<Output = Result<()>> + Send
    where
        Self: Declared,
    {
        drop(config);
        std::future::ready(Err(Error::msg(
            "its manifest says that it takes another configuration, and it has no `reconfigure`",
        )))
    }

    /// Ends work. Everything that needs this component has been stopped. Called once, and only after a successful start.
    ///
    /// # Errors
    /// Reported in the [`StopReport`](crate::StopReport); the stop goes on.
    fn stop(&self) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }
}

/// Ties a component's type to its manifest. Implemented by generated code only, whose `All` is `()` by way of all types of the
/// manifest: see `Nothing`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not declared as a component",
    label = "no `[[component]]` of plugins.toml has this type",
    note = "declare it in plugins.toml, and put `treenail::plugin!();` at the root of the crate"
)]
pub trait Declared<All = ()>: Sized + Send + Sync + 'static {
    /// The generated inputs.
    type Deps: Send + 'static;
    /// The declared configuration.
    type Config: Send + 'static;
}

/// Ties a pipe's type to its parameters. Implemented by generated code only.
pub trait DeclaredPipe<All = ()>: Declared {
    /// The declared parameters.
    type Params: Send + 'static;
}

/// Hands a component out as one of the services it provides. Implemented by generated code only.
pub trait Provides<S: ?Sized>: Send + Sync + 'static {
    /// The component, as the service.
    fn provide(self: Arc<Self>) -> Arc<S>;
}
