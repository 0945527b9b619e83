//! The root of a pipeline that goes on until it is stopped.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Clock, Component, Config, Deps, Duration, Error, Params, Pipe, PipeContext, PipeResult, Result,
    Step, SystemClock,
};

/// Runs its steps in cycles until the application stops. Each step starts from nothing and shares no results with the
/// others. An error in one does not keep the later ones from running; it lengthens the pause after the cycle.
pub struct SimpleSequentialOrchestrator {
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for SimpleSequentialOrchestrator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SimpleSequentialOrchestrator")
    }
}

/// Parameters of [`SimpleSequentialOrchestrator`].
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrchestratorParams {
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The pause after a cycle.
    #[serde(default = "short")]
    pub orchestrator_sleep: Duration,
    /// The pause after a cycle with an error. It doubles while cycles keep failing, up to a hundred times itself or five
    /// minutes, whichever is less.
    #[serde(default = "long")]
    pub exception_sleep: Duration,
    /// Go on after an error. Without it the first error ends the run.
    #[serde(default = "yes")]
    pub always_retry: bool,
}

fn short() -> Duration {
    time::Duration::from_millis(10).into()
}

fn long() -> Duration {
    time::Duration::from_secs(5).into()
}

fn yes() -> bool {
    true
}

/// The longest pause that repeated failure leads to, unless `exception_sleep` itself is longer.
const LONGEST: time::Duration = time::Duration::from_secs(300);

impl Component for SimpleSequentialOrchestrator {
    async fn build(deps: Deps<Self>, _: Config<Self>) -> Result<Self> {
        Ok(Self {
            clock: deps.clock.unwrap_or_else(|| Arc::new(SystemClock)),
        })
    }
}

impl Pipe for SimpleSequentialOrchestrator {
    const REPEATS: bool = true;

    async fn run(&self, params: Params<Self>, context: &PipeContext) -> Result<PipeResult> {
        let mut failures = 0u32;
        loop {
            context.begin_cycle();
            let error = cycle(&params, context).await;
            let more = context.end_cycle(error.as_ref());
            match error {
                Some(error) if !params.always_retry => return Err(error),
                Some(_) => failures = failures.saturating_add(1),
                None => failures = 0,
            }
            if !more {
                return Ok(PipeResult::ok());
            }
            self.pause(pause(&params, failures), context).await;
            if context.is_stopping() {
                return Ok(PipeResult::ok());
            }
        }
    }
}

/// Runs every step once, and gives the first error.
async fn cycle(params: &OrchestratorParams, context: &PipeContext) -> Option<Error> {
    let mut first = None;
    for step in &params.steps {
        if context.is_stopping() {
            break;
        }
        if let Err(error) = context.fresh().run(*step).await {
            if context.is_stopping() && error.downcast_ref::<crate::StepError>().is_none() {
                break;
            }
            first.get_or_insert(error);
            if !params.always_retry {
                break;
            }
        }
    }
    first
}

fn pause(params: &OrchestratorParams, failures: u32) -> time::Duration {
    match failures.checked_sub(1) {
        None => params.orchestrator_sleep.get(),
        Some(repeated) => {
            let base = params.exception_sleep.get();
            let longest = LONGEST.min(base.saturating_mul(100)).max(base);
            base.saturating_mul(1 << repeated.min(16)).min(longest)
        }
    }
}

impl SimpleSequentialOrchestrator {
    async fn pause(&self, duration: time::Duration, context: &PipeContext) {
        let (mut stopped, mut slept) = (pin!(context.stopped()), self.clock.sleep(duration));
        poll_fn(|task| {
            let slept = slept.as_mut().poll(task);
            // A timer takes a moment even where none was asked for.
            if duration.is_zero() || stopped.as_mut().poll(task).is_ready() {
                Poll::Ready(())
            } else {
                slept
            }
        })
        .await;
        // A pause of no length must not keep other tasks from running.
        tokio::task::yield_now().await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{OrchestratorParams, long, pause, short};

    #[test]
    fn repeated_failure_makes_the_pause_longer_up_to_a_limit() {
        let params = OrchestratorParams {
            steps: Vec::new(),
            orchestrator_sleep: short(),
            exception_sleep: long(),
            always_retry: true,
        };
        let seconds = |failures| pause(&params, failures).as_secs_f64();
        assert_eq!(
            [seconds(0), seconds(1), seconds(2), seconds(3)],
            [0.01, 5.0, 10.0, 20.0]
        );
        assert_eq!(pause(&params, 1_000), Duration::from_secs(300));
        let patient = OrchestratorParams {
            exception_sleep: Duration::from_secs(3600).into(),
            ..params
        };
        assert_eq!(pause(&patient, 9), Duration::from_secs(3600));
    }
}
