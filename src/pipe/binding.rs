//! A pipe, erased: the schema of its parameters, and how it is run.

use std::future::Future;
use std::pin::Pin;

use schemars::Schema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::{Pipe, PipeContext};
use crate::component::WiredPipe;
use crate::config::value::binding::{Readable, schema_of};
use crate::container::Value;
use crate::{PipeResult, Result};

pub(super) type Running<'a> = Pin<Box<dyn Future<Output = Result<PipeResult>> + Send + 'a>>;

/// A pipe, as the table keeps it.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    pub(crate) schema: fn() -> Schema,
    pub(crate) check: fn(&Json) -> serde_json::Result<()>,
    pub(super) repeats: bool,
    pub(super) run: for<'a> fn(&'a Value, &'a Json, &'a PipeContext) -> Running<'a>,
}

impl Binding {
    /// The pipe `C`.
    pub fn of<C: Pipe + WiredPipe>() -> Self
    where
        C::Params: Readable,
    {
        Self {
            schema: schema_of::<C::Params>,
            check: check::<C::Params>,
            repeats: C::REPEATS,
            run: run::<C>,
        }
    }
}

fn check<T: DeserializeOwned>(value: &Json) -> serde_json::Result<()> {
    T::deserialize(value).map(drop)
}

fn run<'a, C: Pipe + WiredPipe>(
    pipe: &'a Value,
    params: &'a Json,
    context: &'a PipeContext,
) -> Running<'a>
where
    C::Params: DeserializeOwned,
{
    Box::pin(async move {
        let pipe = pipe.clone().downcast::<C>();
        let params = C::Params::deserialize(params)
            .map_err(|error| crate::Error::msg(context.redacted(&error.to_string())))?;
        pipe.run(params, context).await
    })
}
