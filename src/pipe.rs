//! Pipes: steps that run one after the other, see each other's results, and are rendered when they are reached.

mod binding;
mod catch_panic;
mod context;
mod event;
mod finally;
mod params;
mod pipeline;
mod plan;
mod state;
mod step;

use std::future::Future;

use crate::component::{Component, DeclaredPipe, Params};
use crate::error::Result;
use crate::template::PipeResult;

pub use binding::PipeBinding;
pub use context::PipeContext;
pub use event::{StepEvent, StepInfo, StepOutcome};
pub(crate) use params::{ParamError, StepParams};
pub use pipeline::Pipeline;
pub(crate) use plan::{PipelinePlan, StepPlan};
pub use step::{Step, StepError};

/// A step of a pipeline.
///
/// ```ignore
/// impl Pipe for FetchMail {
///     async fn run(&self, params: Params<Self>, _: &PipeContext) -> treenail::Result<PipeResult> {
///         let mail = self.inbox.find(&params.criteria).await?;
///         Ok(PipeResult::ok().with("fetched", serde_json::to_value(mail)?))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is declared as a pipe in plugins.toml, but does not implement `Pipe`",
    label = "declared with `kind = \"pipe\"`",
    note = "implement `treenail::Pipe` for it"
)]
pub trait Pipe: Component {
    /// As the root of a pipeline, it repeats its steps and counts the cycles itself, with
    /// [`PipeContext::begin_cycle`] and [`PipeContext::end_cycle`].
    const REPEATS: bool = false;

    /// Does the step's work. The parameters have been rendered for this run.
    ///
    /// # Errors
    /// An error passes through every step around this one; for an outcome that the configuration is to react to, return
    /// [`PipeResult::failed`].
    fn run(
        &self,
        params: Params<Self>,
        context: &PipeContext,
    ) -> impl Future<Output = Result<PipeResult>> + Send
    where
        Self: DeclaredPipe;
}
