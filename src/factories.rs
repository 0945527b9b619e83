//! The ready-made registry, for hosts without an opinion: under every key stands what makes a value of typed configuration.
//!
//! The error of a configuration names the key, the field, and the place where the format knows one; a field that the type does
//! not have is an error, and not ignored.

mod error;
mod fields;
#[cfg(test)]
mod tests;
mod watched;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserializer;
use serde::de::DeserializeOwned;
use treenail_core::{AcceptsWired, Entries, Registry, UnknownKey, Wired};

use crate::error::{Error, Result};

pub use error::FactoryError;

/// Makes values of a registry [`Factories<P>`](Factories): implemented by the authors of plugins.
///
/// `P` is what is made: `Box<dyn Trait>`, `Arc<dyn Trait>`, a value, or a boxed future where making it is asynchronous. The type
/// stands in a manifest as an entry with `requires`, which may be empty; `Deps` is generated of it.
///
/// ```toml
/// [registry."treenail::Factories<Box<dyn proxy_api::Filter>>"]
/// limit = { type = "crate::Limit", requires = { clock = "dyn treenail::Clock" } }
/// ```
///
/// ```
/// # trait Filter { fn allows(&self, size: u64) -> bool; }
/// # impl Filter for Limit { fn allows(&self, size: u64) -> bool { size <= self.0.bytes } }
/// # pub struct LimitDeps;
/// # impl treenail::Wired for Limit { type Deps = LimitDeps; }
/// use treenail::{Make, schemars, serde};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// #[serde(crate = "treenail::serde")]
/// #[schemars(crate = "treenail::schemars")]
/// struct LimitConfig {
///     bytes: u64,
/// }
///
/// struct Limit(LimitConfig);
///
/// impl Make<Box<dyn Filter>> for Limit {
///     type Config = LimitConfig;
///
///     fn make(_deps: &LimitDeps, config: LimitConfig) -> treenail::Result<Box<dyn Filter>> {
///         Ok(Box::new(Limit(config)))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is an entry of `treenail::Factories<{P}>` in plugins.toml, and does not make any",
    label = "does not implement `treenail::Make<{P}>`"
)]
pub trait Make<P>: Wired {
    /// What it is made of. Fields that it does not have are refused when a configuration is read. What serde puts aside before
    /// it reads it, under `flatten`, `untagged` and `tag`, needs `#[serde(deny_unknown_fields)]` for that.
    type Config: DeserializeOwned + JsonSchema;

    /// Makes one.
    ///
    /// # Errors
    /// Whatever keeps it from being made; [`FactoryEntries::build`] puts the key in front.
    fn make(deps: &Self::Deps, config: Self::Config) -> Result<P>;
}

/// The registry of everything that makes a `P`. What is made is the caller's: nobody starts or stops it.
pub struct Factories<P>(PhantomData<fn() -> P>);

impl<P: 'static> Registry for Factories<P> {
    type Entry = Factory<P>;
}

impl<P: 'static, C: Make<P>> AcceptsWired<C> for Factories<P> {
    fn entry(key: &'static str, deps: C::Deps) -> Arc<Factory<P>> {
        let made = WithServices::<C>(deps);
        Arc::new(Factory {
            key,
            make: Box::new(made),
        })
    }
}

/// What stands under a key of [`Factories<P>`](Factories).
pub struct Factory<P> {
    key: &'static str,
    make: Box<dyn MakeErased<P>>,
}

impl<P> Factory<P> {
    /// Makes one of a configuration in any format that serde knows: a value or a reader of JSON, YAML, TOML.
    ///
    /// # Errors
    /// [`FactoryError`], if the configuration does not fit; or why nothing could be made of it.
    pub fn build<'de>(&self, config: impl Deserializer<'de>) -> Result<P> {
        let mut config = <dyn erased_serde::Deserializer<'_>>::erase(config);
        self.make.make(self.key, &mut config)
    }

    /// The JSON Schema of its configuration.
    #[must_use]
    pub fn schema(&self) -> Schema {
        self.make.schema()
    }
}

impl<P> fmt::Debug for Factory<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Factory").field("key", &self.key).finish()
    }
}

/// What the entries of [`Factories<P>`](Factories) do, by key.
///
/// ```
/// use treenail::{Entries, Factories, FactoryEntries};
///
/// # trait Filter {}
/// fn chain(
///     filters: &Entries<Factories<Box<dyn Filter>>>,
///     lines: Vec<(String, serde_json::Value)>,
/// ) -> treenail::Result<Vec<Box<dyn Filter>>> {
///     lines.into_iter().map(|(key, config)| filters.build(&key, config)).collect()
/// }
/// ```
pub trait FactoryEntries<P> {
    /// Makes one of a configuration in any format that serde knows: a value or a reader of JSON, YAML, TOML.
    ///
    /// # Errors
    /// [`UnknownKey`]; [`FactoryError`], if the configuration does not fit; or why nothing could be made of it.
    fn build<'de>(&self, key: &str, config: impl Deserializer<'de>) -> Result<P>;

    /// The JSON Schema of a key's configuration.
    ///
    /// # Errors
    /// There is no such key.
    fn schema(&self, key: &str) -> Result<Schema, UnknownKey>;
}

impl<P: 'static> FactoryEntries<P> for Entries<Factories<P>> {
    fn build<'de>(&self, key: &str, config: impl Deserializer<'de>) -> Result<P> {
        self.get(key)?.build(config)
    }

    fn schema(&self, key: &str) -> Result<Schema, UnknownKey> {
        Ok(self.get(key)?.schema())
    }
}

/// [`Make`], whatever the type of the configuration and its format.
trait MakeErased<P>: Send + Sync {
    fn make(&self, key: &'static str, config: &mut dyn erased_serde::Deserializer<'_>)
    -> Result<P>;

    fn schema(&self) -> Schema;
}

/// A type with its services.
struct WithServices<C: Wired>(C::Deps);

impl<P, C: Make<P>> MakeErased<P> for WithServices<C> {
    fn make(
        &self,
        key: &'static str,
        config: &mut dyn erased_serde::Deserializer<'_>,
    ) -> Result<P> {
        let config = watched::read::<C::Config>(config)
            .map_err(|misfit| FactoryError::new(key, misfit, || schema_for!(C::Config)))?;
        C::make(&self.0, config).map_err(|error: Error| error.context(format!("`{key}`")))
    }

    fn schema(&self) -> Schema {
        schema_for!(C::Config)
    }
}
