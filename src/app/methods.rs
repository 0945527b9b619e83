//! The methods of every `App`, as readable templates: generated code names one macro, and features add to it. A stub has
//! the signatures of an `App` from the same templates, and other bodies.

/// What `App` is besides its fields, in the module that keeps these to itself: an editor then offers methods alone. With `own_clock`,
/// nothing in the composition provides `dyn Clock`.
#[doc(hidden)]
#[macro_export]
macro_rules! __app {
    ($App:ident, own_clock) => {
        $crate::__app! { $App }

        impl $crate::ProvidedBy<$App> for dyn $crate::Clock {
            fn provided_by(_: &$App) -> &::std::sync::Arc<Self> {
                $crate::__private::own_clock()
            }
        }

        impl $crate::AllProvidedBy<$App> for dyn $crate::Clock {}

        impl $crate::EachProvidedBy<$App> for dyn $crate::Clock {
            const PROVIDERS: &'static [$crate::__private::Provider<Self>] = &[];

            fn own() -> ::std::option::Option<::std::sync::Arc<Self>> {
                ::std::option::Option::Some(::std::sync::Arc::clone($crate::__private::own_clock()))
            }
        }
    };
    ($App:ident) => {
        /// The services of an application, for generated code.
        #[allow(dead_code)]
        #[inline]
        pub fn services(app: &$App) -> &<$App as $crate::__private::Assembled>::Services {
            &app.services
        }

        /// An application in which everything has started.
        #[allow(dead_code)]
        fn assembled(core: $crate::__private::Core) -> $App {
            $App {
                services: <$App as $crate::__private::Assembled>::services(&core),
                core,
            }
        }

        $crate::__methods! {
            $App, __composed [ProvidedBy, OptionallyProvidedBy, AllProvidedBy, EachProvidedBy, RegisteredIn<Self>]
        }

        impl ::std::fmt::Debug for $App {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(&self.core, f)
            }
        }
    };
}

/// The methods of an `App` or of a stub, which `$body` tells apart. A stub provides every service, so it has no bounds.
#[doc(hidden)]
#[macro_export]
macro_rules! __methods {
    (
        $App:ident, $body:ident [
            $($ProvidedBy:ident)?, $($OptionallyProvidedBy:ident)?, $($AllProvidedBy:ident)?, $($EachProvidedBy:ident)?,
            $($RegisteredIn:tt)+
        ]
    ) => {
        #[allow(unused_variables)]
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

            /// Starts the application as `start` does, with other deadlines, or one component at a time.
            ///
            /// # Errors
            /// Everything that is wrong with the configuration; or the component that failed, after everything that had
            /// started has been stopped again.
            pub async fn start_with(
                settings: $crate::Settings,
                lifecycle: $crate::Lifecycle,
            ) -> $crate::Result<Self> {
                $crate::$body! {
                    $crate::__private::Core::start(<$App as $crate::__private::Assembled>::TABLE, &settings, lifecycle)
                        .await
                        .map(assembled)
                }
            }

            /// A service: a field access, which cannot fail. A component that is asked for by its own type is looked up by its number,
            /// which cannot fail either.
            #[inline]
            #[must_use]
            pub fn get<S: ?Sized $(+ $crate::$ProvidedBy<Self>)?>(&self) -> &::std::sync::Arc<S> {
                $crate::$body! { S::provided_by(self) }
            }

            /// A service of an optional plugin: `None` if the plugin failed.
            #[inline]
            #[must_use]
            pub fn get_optional<S: ?Sized $(+ $crate::$OptionallyProvidedBy<Self>)?>(
                &self,
            ) -> ::std::option::Option<&::std::sync::Arc<S>> {
                $crate::$body! { S::optionally_provided_by(self) }
            }

            /// Every provider of a service, in order, named instances included.
            #[must_use]
            pub fn all<S: ?Sized $(+ $crate::$AllProvidedBy<Self>)?>(
                &self,
            ) -> ::std::vec::Vec<::std::sync::Arc<S>> {
                $crate::$body! { self.core.all::<Self, S>() }
            }

            /// The service of an instance that the configuration names.
            #[must_use]
            pub fn instance<S: ?Sized $(+ $crate::$EachProvidedBy<Self>)?>(
                &self,
                name: &str,
            ) -> ::std::option::Option<::std::sync::Arc<S>> {
                $crate::$body! { self.core.instance::<Self, S>(name) }
            }

            /// The entries of a registry.
            #[inline]
            #[must_use]
            pub fn registry<R: $crate::$($RegisteredIn)+>(&self) -> &$crate::Entries<R::Of> {
                $crate::$body! { R::registered(self) }
            }

            /// Works until `shutdown`, until the configuration's pipeline ends, or until a component asks for a shutdown or
            /// fails fatally; then stops.
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
            pub fn inventory() -> $crate::Inventory {
                $crate::$body! { $crate::__private::inventory(<$App as $crate::__private::Assembled>::TABLE) }
            }
        }

        impl $crate::Application for $App {
            fn table() -> &'static $crate::__private::Table {
                $crate::$body! { <$App as $crate::__private::Assembled>::TABLE }
            }

            fn bringing() -> &'static [$crate::__private::Feature<'static>] {
                $crate::$body! { <$App as $crate::__private::Assembled>::FEATURES }
            }

            #[allow(unused_variables)]
            fn of(core: $crate::__private::Core) -> Self {
                $crate::$body! { assembled(core) }
            }

            fn core(&self) -> &$crate::__private::Core {
                &self.core
            }

            fn registries() -> ::std::vec::Vec<$crate::__private::Listed> {
                $crate::$body! { <$App as $crate::__private::Assembled>::registries() }
            }
        }

        $crate::__app_signals! { $App, $body }
        $crate::__app_config! { $App, $body }
        $crate::__app_pipes! { $App }
        $crate::__app_reference! { $App, $body }
    };
}

/// The methods that the feature `signals` adds.
#[cfg(feature = "signals")]
#[doc(hidden)]
#[macro_export]
macro_rules! __app_signals {
    ($App:ident, $body:ident) => {
        #[allow(unused_variables)]
        impl $App {
            /// The whole life of a server: starts the application, works until SIGINT or SIGTERM, until the configuration's
            /// pipeline ends, or until a component asks for a shutdown or fails fatally; then stops.
            ///
            /// Signals are taken before anything is built, on a thread of their own. One that comes while the application
            /// starts rolls back the start, which is no error. A second one ends the process at once. After a signal the
            /// process ends even where a component blocks its thread: when the time for a stop is over, and no later than
            /// five seconds after this has returned.
            ///
            /// # Errors
            /// Everything that is wrong with the configuration; the component that failed, after everything that had started
            /// has been stopped again; an error that ended the pipeline; or what went wrong while stopping.
            pub async fn launch(settings: $crate::Settings) -> $crate::Result<()> {
                Self::launch_with(settings, $crate::Lifecycle::default()).await
            }

            /// Takes the application through its life as `launch` does, with other deadlines, or one component at a time.
            ///
            /// # Errors
            /// What `launch` ends with.
            pub async fn launch_with(
                settings: $crate::Settings,
                lifecycle: $crate::Lifecycle,
            ) -> $crate::Result<()> {
                $crate::$body! {
                    $crate::__private::Core::launch(<$App as $crate::__private::Assembled>::TABLE, &settings, lifecycle).await
                }
            }

            /// Takes the application through its life as `launch` does, for a program that has something to do besides:
            /// `drive` is called once everything has started, and it calls `run`, or `run_until`, which end at a signal.
            /// Whatever it ends with, everything is stopped then.
            ///
            /// # Errors
            /// What `launch` ends with, or `drive`.
            pub async fn launch_and(
                settings: $crate::Settings,
                lifecycle: $crate::Lifecycle,
                drive: impl ::std::ops::AsyncFnOnce(&Self) -> $crate::Result<()>,
            ) -> $crate::Result<()> {
                $crate::$body! {
                    $crate::__private::Core::launch_and(
                        <$App as $crate::__private::Assembled>::TABLE,
                        &settings,
                        lifecycle,
                        assembled,
                        drive,
                    )
                    .await
                }
            }

            /// Works until SIGINT or SIGTERM, until the configuration's pipeline ends, or until a component asks for a shutdown
            /// or fails fatally; then stops. A second signal ends the process at once. Signals are taken from when this is
            /// first polled; `launch` takes them before the start. After one, the process ends no later than five seconds after
            /// this has returned; a program that needs longer listens to signals itself and calls `run_until`.
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
    ($App:ident, $body:ident) => {
        #[allow(unused_variables)]
        impl $App {
            /// Checks a configuration without building anything.
            ///
            /// # Errors
            /// Everything that is wrong with it, each with its place.
            pub fn check(
                settings: &$crate::Settings,
            ) -> ::std::result::Result<(), $crate::ConfigError> {
                $crate::$body! { $crate::__private::check(<$App as $crate::__private::Assembled>::TABLE, settings) }
            }

            /// The plugins that a configuration needs, and the features of the program that bring them.
            ///
            /// # Errors
            /// The configuration cannot be read, or names what nobody knows.
            pub fn features(
                settings: &$crate::Settings,
            ) -> ::std::result::Result<$crate::Features, $crate::ConfigError> {
                <Self as $crate::Application>::features(settings)
            }

            /// The JSON Schema of this application's configuration.
            #[must_use]
            pub fn schema() -> $crate::Schema {
                $crate::$body! { $crate::__private::schema(<$App as $crate::__private::Assembled>::TABLE) }
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

/// The method of a host that follows what its configuration says about the log.
#[cfg(feature = "config")]
#[doc(hidden)]
#[macro_export]
macro_rules! __app_logging {
    ($App:ident) => {
        $crate::__app_logging! { $App, __composed }
    };
    ($App:ident, $body:ident) => {
        #[allow(unused_variables)]
        impl $App {
            /// How the configuration wants the host to log; for setting it up before the start.
            ///
            /// # Errors
            /// What is wrong with that part of the configuration.
            pub fn logging(
                settings: &$crate::Settings,
            ) -> ::std::result::Result<$crate::Logging, $crate::ConfigError> {
                $crate::$body! { $crate::__private::logging(<$App as $crate::__private::Assembled>::TABLE, settings) }
            }
        }
    };
}

/// The method of a host that follows what its configuration says about the log: the feature `config` is off.
#[cfg(not(feature = "config"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __app_logging {
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
