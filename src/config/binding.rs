//! A component's configuration type, erased: its schema, and how a value becomes it.

use std::any::Any;

use schemars::{JsonSchema, Schema};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::component::Wired;

/// A component's configuration type, as the table keeps it.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    pub(crate) schema: fn() -> Schema,
    pub(crate) read: fn(&Value) -> serde_json::Result<Box<dyn Any + Send>>,
}

impl Binding {
    /// The configuration of component `C`.
    pub fn of<C: Wired>() -> Self
    where
        C::Config: DeserializeOwned + JsonSchema,
    {
        Self {
            schema: schema_of::<C::Config>,
            read: read::<C::Config>,
        }
    }
}

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
