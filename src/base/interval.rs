//! A gate that opens once in an interval.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Clock, Component, Config, Deps, Duration, Params, Pipe, PipeContext, PipeResult, Result,
    SystemClock,
};

/// Succeeds when the interval has passed since it last did, or since the application was built; fails otherwise. Without
/// an interval it always succeeds.
pub struct IntervalTrigger {
    clock: Arc<dyn Clock>,
    last: Mutex<Instant>,
}

impl std::fmt::Debug for IntervalTrigger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IntervalTrigger")
            .field("last", &self.last)
            .finish_non_exhaustive()
    }
}

/// Parameters of [`IntervalTrigger`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntervalParams {
    /// The time between two successes.
    pub interval: Duration,
}

impl Component for IntervalTrigger {
    async fn build(deps: Deps<Self>, _: Config<Self>) -> Result<Self> {
        let clock = deps.clock.unwrap_or_else(|| Arc::new(SystemClock));
        let last = Mutex::new(clock.now());
        Ok(Self { clock, last })
    }
}

impl Pipe for IntervalTrigger {
    async fn run(&self, params: Params<Self>, _: &PipeContext) -> Result<PipeResult> {
        let now = self.clock.now();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_duration_since(*last) < params.interval.get() {
            return Ok(PipeResult::failed("Interval not reached yet."));
        }
        *last = now;
        Ok(PipeResult::ok())
    }
}
