//! A pipe, erased: the schema of its parameters, and how it is run.

use schemars::Schema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::Pipe;
use super::context::{PipeContext, RunPipe};
use super::params::{CheckParams, RunParams};
use crate::component::{AnyComponent, DeclaredPipe, Readable, schema_of};
use crate::error::{Error, Result};
use crate::future::BoxFuture;
use crate::redact::read_secretly;
use crate::template::PipeResult;

/// A pipe, as the table keeps it.
#[derive(Debug, Clone, Copy)]
pub struct PipeBinding {
    pub(crate) schema: fn() -> Schema,
    pub(crate) check: CheckParams,
    pub(super) repeats: bool,
    pub(super) run: RunPipe,
}

impl PipeBinding {
    /// The pipe `C`.
    pub fn of<C: Pipe + DeclaredPipe>() -> Self
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

fn read<T: DeserializeOwned>(value: &Json) -> serde_json::Result<T> {
    T::deserialize(value)
}

fn check<T: DeserializeOwned>(value: &Json) -> serde_json::Result<()> {
    read::<T>(value).map(drop)
}

fn run<'a, C: Pipe + DeclaredPipe>(
    pipe: &'a AnyComponent,
    params: RunParams,
    context: &'a PipeContext,
) -> BoxFuture<'a, Result<PipeResult>>
where
    C::Params: DeserializeOwned,
{
    Box::pin(async move {
        let pipe = pipe.clone().downcast::<C>();
        let params = match params {
            RunParams::Shared(params) => {
                read_secretly(read::<C::Params>, &params, context.redactor())
            }
            RunParams::Own(params) => C::Params::deserialize(params)
                .map_err(|error| context.refusal(&error, check::<C::Params>)),
        };
        let params = params.map_err(|message| Error::msg(context.redacted(&message)))?;
        pipe.run(params, context).await
    })
}
