//! Declarative plugin composition at build time.
//!
//! One file, `plugins.toml`, says what is in the binary. The build script reads it together with the manifests of the
//! plugin crates, proves that everything fits, and generates `App`: a typed container that builds and starts its
//! components in dependency order, independent ones concurrently, and stops them in reverse.
//!
//! ```ignore
//! treenail::compose!(); // brings in `App`, generated and checked
//!
//! #[tokio::main]
//! async fn main() -> treenail::Result<()> {
//!     let app = App::start(treenail::Settings::none()).await?;
//!     let greeter = app.get::<dyn greeter::Greeter>(); // a field access; cannot fail
//!     println!("{}", greeter.greet("world"));
//!     app.stop().await;
//!     Ok(())
//! }
//! ```
//!
//! [The manual](docs) has a page for each reader, from [the first plugin](docs::first_plugin) to [every code](docs::codes).
//!
//! # For authors of plugins
//!
//! Declare components in your crate's `plugins.toml`, put [`plugin!`] at the root of `lib.rs`, and implement
//! [`Component`] for every declared type. What a component needs stands in the manifest; [`Deps`] hands it over, typed.
//!
//! # For embedders
//!
//! Depend on the plugins, call `treenail_build::compose()` in `build.rs` and [`compose!`] where `App` shall be.
//! Entries of registries are there without an application, by `registries::get`, which [`compose!`] brings in as well.
//! `App` has `start`, `get`, `registry`, `get_optional`, `all`, `instance`, `status`, `run` and `stop`; a server calls `launch`, which is all
//! of its life.
//!
//! # Features
//!
//! | feature | default | brings |
//! |---|---|---|
//! | `lifecycle` | yes | components, `App`, its start and its stop |
//! | `macros` | yes | [`plugin!`] and `compose!("file.toml")` |
//! | `signals` | yes | `App::launch` and `App::run`: SIGINT and SIGTERM |
//! | `config` | yes | configuration files: layers, validation, schema |
//! | `templates` | yes | templates in configurations, in the language of Jinja |
//! | `pipes` | yes | pipelines and the `base` plugin |
//! | `factories` | no | `Factories`: a registry of what makes values of typed configuration |
//! | `reference` | no | `App::reference()`: what the program is made of and every key of its configuration |
//! | `testing` | no | `treenail::testing`: faults, a clock and events for tests |
//!
//! The feature `bootstrap` is for the work on treenail itself.
//!
//! With `lifecycle` alone the crate is the container and its lifecycle, on top of tokio and tracing. Without it a composition has
//! its registries and no `App`, and the crate no dependency but treenail-core; all other features but `macros` need it.

// Where the documentation of a release is built, each item shows the feature that brings it.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "pipes")]
extern crate self as treenail;

#[cfg(doc)]
pub mod docs;

#[cfg(feature = "lifecycle")]
mod app;
#[cfg(feature = "pipes")]
mod base;
#[cfg(feature = "lifecycle")]
mod clock;
#[cfg(feature = "lifecycle")]
mod component;
#[cfg(feature = "config")]
mod config;
#[cfg(feature = "lifecycle")]
mod container;
#[cfg(feature = "lifecycle")]
mod error;
#[cfg(feature = "factories")]
mod factories;
#[cfg(feature = "config")]
mod fingerprint;
#[cfg(feature = "lifecycle")]
mod future;
mod generated;
#[cfg(feature = "lifecycle")]
mod lifecycle;
mod macros;
mod mistakes;
#[cfg(feature = "pipes")]
mod pipe;
#[cfg(feature = "config")]
mod place;
#[cfg(feature = "lifecycle")]
mod redact;
#[cfg(feature = "lifecycle")]
mod reference;
mod registry;
#[cfg(all(feature = "lifecycle", not(feature = "config")))]
mod settings;
#[cfg(feature = "lifecycle")]
mod supervision;
#[cfg(feature = "config")]
mod template;
#[cfg(feature = "testing")]
pub mod testing;

#[cfg(feature = "lifecycle")]
pub use app::{
    AllProvidedBy, AppHandle, Application, EachProvidedBy, OptionallyProvidedBy, ProvidedBy,
};
#[cfg(feature = "config")]
pub use app::{Change, Changed, Changes, Reloader};
#[cfg(feature = "lifecycle")]
pub use clock::{Clock, SystemClock};
#[cfg(feature = "lifecycle")]
pub use component::{Component, Config, Deps, Params};
#[cfg(feature = "lifecycle")]
pub use container::{ComponentInfo, Current, Inventory, Lazy, PluginInfo};
#[cfg(feature = "lifecycle")]
pub use error::{Error, Result};
#[cfg(feature = "config")]
pub use lifecycle::{AfterReload, ReloadCause, ReloadError};
#[cfg(feature = "lifecycle")]
pub use lifecycle::{Ended, Hooks, Lifecycle, Report, StartError, StopReport, Timing};
#[cfg(feature = "lifecycle")]
pub use redact::{RedactingWriter, Redactor};
#[cfg(feature = "lifecycle")]
pub use registry::RegisteredIn;
#[cfg(feature = "lifecycle")]
pub use supervision::{
    Handle, Health, LifecycleEvent, Outcome, Phase, Shutdown, State, Status, StrayPanic, Watch,
};

pub use treenail_core::{
    Accepts, AcceptsWired, Entries, LeftOutEntry, Line, Registry, UnknownKey, Wired,
};

#[cfg(feature = "config")]
pub use config::{
    ConfigError, Duration, DurationError, Features, LogFormat, LogLevel, Logging, Problem,
    ProblemKind, Secret, Settings,
};
#[cfg(feature = "factories")]
pub use factories::{Factories, Factory, FactoryEntries, FactoryError, Make};
#[cfg(feature = "pipes")]
pub use pipe::{Pipe, PipeContext, Pipeline, Step, StepError, StepEvent, StepInfo, StepOutcome};
#[cfg(feature = "config")]
pub use place::Place;
/// For types of configurations: with `#[schemars(crate = "treenail::schemars")]`, a plugin derives `JsonSchema` without a
/// dependency of its own.
#[cfg(any(feature = "config", feature = "factories"))]
pub use schemars;
#[cfg(any(feature = "config", feature = "factories"))]
pub use schemars::Schema;
/// For types of configurations: with `#[serde(crate = "treenail::serde")]`, a plugin derives `Deserialize` without a
/// dependency of its own.
#[cfg(any(feature = "config", feature = "factories"))]
pub use serde;
#[cfg(all(feature = "lifecycle", not(feature = "config")))]
pub use settings::Settings;
#[cfg(feature = "config")]
pub use template::{PipeResult, Rendered, Template, TemplateRenderer, TemplateScope};
#[cfg(feature = "reference")]
pub use treenail_reference::Reference;

#[cfg(all(feature = "pipes", not(feature = "bootstrap")))]
include!("treenail.rs");
#[cfg(feature = "bootstrap")]
include!(concat!(env!("OUT_DIR"), "/treenail.rs"));

/// What generated code names. Not public API: the contents are not subject to semantic versioning.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "lifecycle")]
    pub use crate::app::{Core, Provider, app_handle};
    #[cfg(feature = "lifecycle")]
    pub use crate::component::AnyComponent as Value;
    #[cfg(feature = "config")]
    pub use crate::component::ConfigBinding;
    #[cfg(feature = "lifecycle")]
    pub use crate::component::{Building, Declared, DeclaredPipe, Provides};
    #[cfg(feature = "config")]
    pub use crate::config::{check, logging, schema};
    #[cfg(feature = "lifecycle")]
    pub use crate::container::{
        Absent, Deadlines, Entry, Form, FromOwnClock, Inputs, LeftOut, Need, PluginEntry, Reason,
        Restart, Scope, Table, build, entry, inventory, own_clock, reconfigure, unexpected,
    };
    #[cfg(feature = "config")]
    pub use crate::generated::Configurable;
    #[cfg(feature = "pipes")]
    pub use crate::generated::Runnable;
    #[cfg(feature = "lifecycle")]
    pub use crate::generated::{Assembled, Buildable};
    pub use crate::generated::{
        Public, Shared, Unshareable, assert_at_root, assert_digest, assert_same,
    };
    #[cfg(feature = "lifecycle")]
    pub use crate::lifecycle::set_up;
    pub use crate::mistakes::{Itself, Nothing, not_composed};
    #[cfg(feature = "pipes")]
    pub use crate::pipe::PipeBinding;
    #[cfg(feature = "reference")]
    pub use crate::reference::reference;
    #[cfg(not(feature = "lifecycle"))]
    pub use crate::registry::HasLifecycle;
    pub use crate::registry::{AnyRegistry, AskedOf, ConstantIn, Nobody};
    #[cfg(feature = "lifecycle")]
    pub use crate::{__app as app, __app_logging as logging_method};
    pub use crate::{
        __checked as checked, __in_editor as in_editor, __instead as instead,
        __lifecycle as lifecycle, __no_app as no_app, __not_in_editor as not_in_editor,
        __refused as refused, __registries as registries, __stub as stub,
        __without_lifecycle as without_lifecycle,
    };
    pub use treenail_core::composed::{
        AcceptedBy, Bucket, Cause, Composed, EntryAt, Known, Listed, Named, StaticLine, buckets,
        check as check_registry, index,
    };
    #[cfg(feature = "lifecycle")]
    pub use treenail_core::features::Feature;

    /// In place of what no build script has generated.
    #[allow(dead_code)]
    pub mod absent {
        crate::__stub! { App }
    }

    #[cfg(feature = "macros")]
    pub use treenail_macros::{compose, plugin, registries as library};
}
