//! One function that opens a storage of any kind by its URI. The kinds are the crates that `plugins.toml` names, each behind a
//! feature of this library.

use opendal_core::{
    Builder, Configurator, Error, ErrorKind, IntoOperatorUri, Operator, OperatorUri, Result,
};

treenail::registries!();

/// What opens a storage, by the scheme of its URI.
pub struct Stores;

impl treenail::Registry for Stores {
    type Entry = dyn Fn(&OperatorUri) -> Result<Operator> + Send + Sync;
}

/// Every service of OpenDAL is an entry: it has a builder, and the builder has a configuration that can be read from a URI.
impl<B: Builder> treenail::Accepts<B> for Stores {
    const ENTRY: &'static Self::Entry = &|uri| Operator::from_config(B::Config::from_uri(uri)?);
}

/// Opens the storage at a URI: `fs:///var/data`, `moka://?max_capacity=1000`, `memory://`.
///
/// # Errors
/// The URI is none; its scheme is unknown, or belongs to a service whose feature is off; or the service does not take its options.
pub fn open(uri: &str) -> Result<Operator> {
    let uri = uri.into_operator_uri()?;
    let open = registries::get::<Stores>()
        .get(uri.scheme())
        .map_err(|unknown| Error::new(ErrorKind::Unsupported, unknown.to_string()))?;
    open(&uri)
}

/// The schemes that this build knows.
pub fn schemes() -> impl Iterator<Item = &'static str> {
    registries::get::<Stores>().keys()
}
