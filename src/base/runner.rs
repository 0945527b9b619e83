//! A pipe behind a gate.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Component, Config, Deps, Params, Pipe, PipeContext, PipeResult, Result, Step};

/// Runs `run` when `on` succeeded. When it did not, `run` is not even rendered, and the runner is skipped.
#[derive(Debug)]
pub struct SimpleSequentialRunner;

/// Parameters of [`SimpleSequentialRunner`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunnerParams {
    /// The gate.
    pub on: Step,
    /// What is done when it is open.
    pub run: Step,
}

impl Component for SimpleSequentialRunner {
    async fn build(_: Deps<Self>, _: Config<Self>) -> Result<Self> {
        Ok(Self)
    }
}

impl Pipe for SimpleSequentialRunner {
    async fn run(&self, params: Params<Self>, context: &PipeContext) -> Result<PipeResult> {
        let gate = context.run(params.on).await?;
        if gate.succeeded && !gate.was_skipped {
            return context.run(params.run).await;
        }
        let message = format!(
            "The On Pipe did not succeed: {}, so the Run Pipe was not executed.",
            gate.message
        );
        Ok(PipeResult::skipped(message))
    }
}
