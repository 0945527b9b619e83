//! What contract crates need of treenail: registries, which hold typed entries under text keys, from many crates.
//!
//! A contract crate holds the traits that an application and its plugins agree on, and everybody who takes part compiles
//! it. What it depends on has to stay small and has to stay as it is: this crate has no dependencies, no features and no
//! build script, it is the first of treenail's crates to reach 1.0, and a new release of treenail is no new release of it.
//!
//! A [`Registry`] is a type. Plugins say in their manifests what they put into it and under which key, and treenail composes
//! them when the program is built: a key that stands twice, an entry of the wrong type, a crate that is not there are errors
//! of the build. The program looks entries up in [`Entries`].
//!
//! # A contract crate, whole
//!
//! ```
//! use std::sync::Arc;
//! use treenail_core::{Accepts, AcceptsWired, Registry, Wired};
//!
//! /// Changes a line of text.
//! pub trait Filter {
//!     fn apply(&self, line: &str) -> String;
//! }
//!
//! /// Makers of filters, by the names that configurations have for them. What they make is the caller's.
//! pub struct Filters;
//!
//! impl Registry for Filters {
//!     type Entry = dyn Fn(&str) -> Result<Box<dyn Filter>, String> + Send + Sync;
//! }
//!
//! /// A filter that is made of its setting alone: a type that has this can be an entry.
//! pub trait FromSetting: Filter + Sized + 'static {
//!     fn from_setting(setting: &str) -> Result<Self, String>;
//! }
//!
//! impl<F: FromSetting> Accepts<F> for Filters {
//!     const ENTRY: &'static Self::Entry = &|setting| Ok(Box::new(F::from_setting(setting)?));
//! }
//!
//! /// A filter that needs services as well: they are injected once, and every filter that is made may use them.
//! pub trait FromServices: Wired + Filter + Sized {
//!     fn from_services(deps: &Self::Deps, setting: &str) -> Result<Self, String>;
//! }
//!
//! impl<F: FromServices> AcceptsWired<F> for Filters {
//!     fn entry(_key: &'static str, deps: F::Deps) -> Arc<Self::Entry> {
//!         Arc::new(move |setting| Ok(Box::new(F::from_services(&deps, setting)?)))
//!     }
//! }
//! ```
//!
//! Only the first `impl` is required: a function of the entry's signature is an entry by itself. A plugin's `plugins.toml`
//! then has any of these lines:
//!
//! ```toml
//! [registry."filter_api::Filters"]
//! upper  = { value = "crate::upper" }                                      # a function, constant or static
//! trim   = { type = "crate::Trim" }                                        # by `Accepts`
//! lookup = { type = "crate::Lookup", requires = { table = "dyn filter_api::Table" } }  # by `AcceptsWired`
//! ```
//!
//! and the program that composes the plugins asks for them by key:
//!
//! ```ignore
//! let filters = app.registry::<filter_api::Filters>();  // or `registries::get::<filter_api::Filters>()`, without an `App`
//! let filter = filters.get("trim")?("  ")?;
//! ```

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod entries;
mod index;
mod registry;
mod unknown_key;

// Facts that the compiler and the runtime must not tell differently, and what generated code names: treenail's own, and no
// promise covers them.
#[doc(hidden)]
pub mod composed;
#[doc(hidden)]
pub mod digest;
#[doc(hidden)]
pub mod duration;
#[doc(hidden)]
pub mod environment;
#[doc(hidden)]
pub mod features;
#[doc(hidden)]
pub mod nearest;

pub use entries::{Entries, LeftOutEntry, Line};
pub use registry::{Accepts, AcceptsWired, Registry, Wired};
pub use unknown_key::UnknownKey;
