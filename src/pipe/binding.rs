//! A pipe, erased: the schema of its parameters, and how it is run.

use schemars::Schema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::Pipe;
use super::context::{PipeContext, PipeFuture, RunPipe};
use crate::component::{AnyComponent, DeclaredPipe, Readable, schema_of};
use crate::error::Error;
use crate::redact::read_secretly;

/// A pipe, as the table keeps it.
#[derive(Debug, Clone, Copy)]
pub struct PipeBinding {
    pub(crate) schema: fn() -> Schema,
    pub(crate) check: fn(&Json) -> serde_json::Result<()>,
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

fn check<T: DeserializeOwned>(value: &Json) -> serde_json::Result<()> {
    T::deserialize(value).map(drop)
}

fn run<'a, C: Pipe + DeclaredPipe>(
    pipe: &'a AnyComponent,
    params: &'a Json,
    context: &'a PipeContext,
) -> PipeFuture<'a>
where
    C::Params: DeserializeOwned,
{
    Box::pin(async move {
        let pipe = pipe.clone().downcast::<C>();
        let params = read_secretly(
            |params| C::Params::deserialize(params),
            params,
            context.redactor(),
        )
        .map_err(|message| Error::msg(context.redacted(&message)))?;
        pipe.run(params, context).await
    })
}
