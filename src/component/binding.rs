//! A component's configuration type, erased: its schema, and how a value becomes it.

use std::any::Any;

use schemars::{JsonSchema, Schema};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Declared;

/// A component's configuration type, as the table keeps it.
#[derive(Debug, Clone, Copy)]
pub struct ConfigBinding {
    pub(crate) schema: fn() -> Schema,
    pub(crate) read: fn(&Value) -> serde_json::Result<Box<dyn Any + Send>>,
}

impl ConfigBinding {
    /// The configuration of component `C`.
    pub fn of<C: Declared>() -> Self
    where
        C::Config: Readable,
    {
        Self {
            schema: schema_of::<C::Config>,
            read: read::<C::Config>,
        }
    }
}

/// What a configuration can be read as. One bound, so that a type without both derives is one error.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a configuration",
    label = "plugins.toml names `{Self}` as `config` or `params`",
    note = "derive both: `#[derive(serde::Deserialize, schemars::JsonSchema)]`"
)]
pub trait Readable: DeserializeOwned + JsonSchema {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema> Readable for T {}

/// The JSON Schema of a type as it is read.
pub(crate) fn schema_of<T: JsonSchema>() -> Schema {
    schemars::generate::SchemaSettings::draft2020_12()
        .for_deserialize()
        .into_generator()
        .into_root_schema_for::<T>()
}

fn read<T: DeserializeOwned + Send + 'static>(
    value: &Value,
) -> serde_json::Result<Box<dyn Any + Send>> {
    Ok(Box::new(T::deserialize(value)?))
}
