//! A value from a template.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::{Component, Config, Deps, Params, Pipe, PipeContext, PipeResult, Result};

/// Puts a value under `value` for the steps after it. `fail()` anywhere in the value fails the step.
#[derive(Debug)]
pub struct ExpressionPipe;

/// Parameters of [`ExpressionPipe`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpressionParams {
    /// Any value. A lone `{{ expression }}` keeps the value of the expression; anything else is text.
    pub expression: Value,
}

impl Component for ExpressionPipe {
    async fn build(_: Deps<Self>, _: Config<Self>) -> Result<Self> {
        Ok(Self)
    }
}

impl Pipe for ExpressionPipe {
    async fn run(&self, params: Params<Self>, _: &PipeContext) -> Result<PipeResult> {
        Ok(PipeResult::ok().with("value", params.expression))
    }
}
