//! The methods of every `App`, as readable templates: generated code names one macro, and features add to it.

/// Where a stub's methods end, if rustc ever lets one run.
///
/// # Panics
/// Always.
pub fn not_composed<T>() -> T {
    panic!("the composition has mistakes")
}

/// The methods of every `App`.
#[doc(hidden)]
#[macro_export]
macro_rules! __app {
    ($App:ident, $TABLE:ident, $finish:ident) => {
        impl $App {
            /// Checks the configuration, then builds and starts every component: dependencies first, independent ones
            /// concurrently.
            ///
            /// # Errors
            /// Everything that is wrong with the configuration; or the component that failed, after everything that had
            /// started has been stopped again. The same happens, in the background, where the returned future is dropped
            /// before it is done.
            pub async fn start(settings: $crate::Settings) -> $crate::Result<Self> {
                Self::start_with(settings, $crate::Lifecycle::default()).await
            }

            /// The same with other deadlines, or one component at a time.
            ///
            /// # Errors
            /// As for `start`.
            pub async fn start_with(
                settings: $crate::Settings,
                lifecycle: $crate::Lifecycle,
            ) -> $crate::Result<Self> {
                $crate::__private::Core::start(&$TABLE, &settings, lifecycle)
                    .await
                    .map($finish)
            }

            /// A service: a field access, which cannot fail.
            #[inline]
            #[must_use]
            pub fn get<S: ?Sized + $crate::ProvidedBy<Self>>(&self) -> &::std::sync::Arc<S> {
                S::provided_by(self)
            }

            /// A service of an optional plugin: `None` if the plugin failed.
            #[inline]
            #[must_use]
            pub fn get_optional<S: ?Sized + $crate::OptionallyProvidedBy<Self>>(
                &self,
            ) -> ::std::option::Option<&::std::sync::Arc<S>> {
                S::optionally_provided_by(self)
            }

            /// Every provider of a service, in order, named instances included.
            #[must_use]
            pub fn all<S: ?Sized + $crate::AllProvidedBy<Self>>(
                &self,
            ) -> ::std::vec::Vec<::std::sync::Arc<S>> {
                self.core.all::<Self, S>()
            }

            /// The service of an instance that the configuration names.
            #[must_use]
            pub fn instance<S: ?Sized + $crate::EachProvidedBy<Self>>(
                &self,
                name: &str,
            ) -> ::std::option::Option<::std::sync::Arc<S>> {
                self.core.instance::<Self, S>(name)
            }

            /// Works until `shutdown`, until the configuration's pipeline ends, or until a component fails fatally; then
            /// stops.
            ///
            /// # Errors
            /// An error that ended the pipeline, the component that failed, or what went wrong while stopping.
            pub async fn run_until(
                &self,
                shutdown: impl ::std::future::Future<Output = ()> + ::std::marker::Send,
            ) -> $crate::Result<()> {
                self.core.run_until(shutdown).await
            }

            /// Stops every component once everything that needs it has stopped. Concurrent and further calls share the
            /// one stop, which goes on where none of them waits for it.
            pub async fn stop(&self) -> &$crate::StopReport {
                self.core.stop().await
            }

            /// The state of every component, dependencies first.
            #[must_use]
            pub fn status(&self) -> ::std::vec::Vec<$crate::Status> {
                self.core.status()
            }

            /// The states as they change, in the order of `status`.
            #[must_use]
            pub fn watch(&self) -> $crate::Watch {
                self.core.watch()
            }

            /// How the application is as a whole, for a health endpoint.
            #[must_use]
            pub fn health(&self) -> $crate::Health {
                self.core.health()
            }

            /// How long every component took to be built and to start, with the critical path.
            #[must_use]
            pub fn report(&self) -> $crate::Report {
                self.core.report()
            }

            /// What is in the application: its plugins and components, as composed.
            #[must_use]
            pub fn registry() -> $crate::Registry {
                $crate::__private::registry(&$TABLE)
            }
        }

        impl ::std::fmt::Debug for $App {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(&self.core, f)
            }
        }

        $crate::__app_signals! { $App }
        $crate::__app_config! { $App, $TABLE }
        $crate::__app_pipes! { $App }
    };
}

/// The methods that the feature `signals` adds.
#[cfg(feature = "signals")]
#[doc(hidden)]
#[macro_export]
macro_rules! __app_signals {
    ($App:ident) => {
        impl $App {
            /// Works until SIGINT or SIGTERM, until the configuration's pipeline ends, or until a component fails fatally;
            /// then stops. A second signal ends the process at once.
            ///
            /// # Errors
            /// An error that ended the pipeline, the component that failed, or what went wrong while stopping.
            pub async fn run(&self) -> $crate::Result<()> {
                self.core.run().await
            }
        }
    };
}

/// The methods that the feature `signals` adds: it is off.
#[cfg(not(feature = "signals"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __app_signals {
    ($($nothing:tt)*) => {};
}

/// The methods that the feature `config` adds.
#[cfg(feature = "config")]
#[doc(hidden)]
#[macro_export]
macro_rules! __app_config {
    ($App:ident, $TABLE:ident) => {
        impl $App {
            /// Checks a configuration without building anything.
            ///
            /// # Errors
            /// Everything that is wrong with it, each with its place.
            pub fn check(
                settings: &$crate::Settings,
            ) -> ::std::result::Result<(), $crate::ConfigError> {
                $crate::__private::check(&$TABLE, settings)
            }

            /// The JSON Schema of this application's configuration.
            #[must_use]
            pub fn schema() -> $crate::Schema {
                $crate::__private::schema(&$TABLE)
            }

            /// How the configuration wants the host to log; for setting it up before the start.
            ///
            /// # Errors
            /// What is wrong with that part of the configuration.
            pub fn logging(
                settings: &$crate::Settings,
            ) -> ::std::result::Result<$crate::Logging, $crate::ConfigError> {
                $crate::__private::logging(&$TABLE, settings)
            }
        }
    };
}

/// The methods that the feature `config` adds: it is off.
#[cfg(not(feature = "config"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __app_config {
    ($($nothing:tt)*) => {};
}

/// The methods that the feature `pipes` adds.
#[cfg(feature = "pipes")]
#[doc(hidden)]
#[macro_export]
macro_rules! __app_pipes {
    ($App:ident) => {
        impl $App {
            /// The configuration's pipeline, if it has one.
            #[must_use]
            pub fn pipeline(&self) -> ::std::option::Option<&$crate::Pipeline> {
                self.core.pipeline()
            }
        }
    };
}

/// The methods that the feature `pipes` adds: it is off.
#[cfg(not(feature = "pipes"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __app_pipes {
    ($($nothing:tt)*) => {};
}

/// An `App` in place of one that could not be composed: everything type-checks, so that the mistakes of the composition
/// are the only errors.
#[doc(hidden)]
#[macro_export]
macro_rules! __stub {
    ($App:ident) => {
        /// The composition has mistakes; this stands in its place.
        #[derive(Debug)]
        pub struct $App {
            core: $crate::__private::Core,
        }

        #[allow(unused_variables, missing_docs, clippy::pedantic)]
        impl $App {
            pub async fn start(settings: $crate::Settings) -> $crate::Result<Self> {
                $crate::__private::not_composed()
            }
            pub async fn start_with(
                settings: $crate::Settings,
                lifecycle: $crate::Lifecycle,
            ) -> $crate::Result<Self> {
                $crate::__private::not_composed()
            }
            pub fn get<S: ?Sized>(&self) -> &::std::sync::Arc<S> {
                $crate::__private::not_composed()
            }
            pub fn get_optional<S: ?Sized>(&self) -> ::std::option::Option<&::std::sync::Arc<S>> {
                $crate::__private::not_composed()
            }
            pub fn all<S: ?Sized>(&self) -> ::std::vec::Vec<::std::sync::Arc<S>> {
                $crate::__private::not_composed()
            }
            pub fn instance<S: ?Sized>(
                &self,
                name: &str,
            ) -> ::std::option::Option<::std::sync::Arc<S>> {
                $crate::__private::not_composed()
            }
            pub async fn run_until(
                &self,
                shutdown: impl ::std::future::Future<Output = ()> + ::std::marker::Send,
            ) -> $crate::Result<()> {
                $crate::__private::not_composed()
            }
            pub async fn stop(&self) -> &$crate::StopReport {
                $crate::__private::not_composed()
            }
            pub fn status(&self) -> ::std::vec::Vec<$crate::Status> {
                $crate::__private::not_composed()
            }
            pub fn watch(&self) -> $crate::Watch {
                $crate::__private::not_composed()
            }
            pub fn health(&self) -> $crate::Health {
                $crate::__private::not_composed()
            }
            pub fn report(&self) -> $crate::Report {
                $crate::__private::not_composed()
            }
            pub fn registry() -> $crate::Registry {
                $crate::__private::not_composed()
            }
        }

        $crate::__app_signals! { $App }
        $crate::__stub_config! { $App }
        $crate::__app_pipes! { $App }
    };
}

/// The stub's methods for the feature `config`.
#[cfg(feature = "config")]
#[doc(hidden)]
#[macro_export]
macro_rules! __stub_config {
    ($App:ident) => {
        #[allow(unused_variables, missing_docs, clippy::pedantic)]
        impl $App {
            pub fn check(
                settings: &$crate::Settings,
            ) -> ::std::result::Result<(), $crate::ConfigError> {
                $crate::__private::not_composed()
            }
            pub fn schema() -> $crate::Schema {
                $crate::__private::not_composed()
            }
            pub fn logging(
                settings: &$crate::Settings,
            ) -> ::std::result::Result<$crate::Logging, $crate::ConfigError> {
                $crate::__private::not_composed()
            }
        }
    };
}

/// The stub's methods for the feature `config`: it is off.
#[cfg(not(feature = "config"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __stub_config {
    ($($nothing:tt)*) => {};
}
