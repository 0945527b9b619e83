//! Steps one after the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::{Component, Config, Deps, Params, Pipe, PipeContext, PipeResult, Result, Step};

/// Runs its steps one after the other; each sees the results before it. A failed step ends it, and is no failure of its
/// own: it reports what the steps before have achieved.
#[derive(Debug)]
pub struct CompositePipe;

/// Parameters of [`CompositePipe`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct CompositeParams {
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Further values, for `get_parent_param` in the steps.
    #[serde(flatten)]
    pub additional: BTreeMap<String, Value>,
}

impl Component for CompositePipe {
    async fn build(_: Deps<Self>, _: Config<Self>) -> Result<Self> {
        Ok(Self)
    }
}

impl Pipe for CompositePipe {
    async fn run(&self, params: Params<Self>, context: &PipeContext) -> Result<PipeResult> {
        let inside = context.nested();
        let mut achieved = Vec::with_capacity(params.steps.len());
        for step in params.steps {
            let result = Arc::new(inside.run(step).await?);
            if result.has_failed() {
                break;
            }
            inside.keep(step, Arc::clone(&result));
            // A skipped step neither stops the others nor spoils the whole.
            if !result.was_skipped {
                achieved.push(result);
            }
        }
        // Then nobody else holds the results, and they are not copied.
        drop(inside);
        let achieved = achieved.into_iter().map(Arc::unwrap_or_clone);
        Ok(PipeResult::union(achieved))
    }
}
