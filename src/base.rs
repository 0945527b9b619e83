//! The `base` plugin: the pipes that every pipeline is made of, and the built-in template renderer.

#![allow(
    unreachable_pub,
    reason = "generated code names these types; nobody else needs to"
)]

mod composite;
mod expression;
mod interval;
mod orchestrator;
mod renderer;
mod runner;
#[cfg(test)]
pub(crate) mod tests;

pub use composite::{CompositeParams, CompositePipe};
pub use expression::{ExpressionParams, ExpressionPipe};
pub use interval::{IntervalParams, IntervalTrigger};
pub use orchestrator::{OrchestratorParams, SimpleSequentialOrchestrator};
pub use renderer::JinjaRenderer;
pub use runner::{RunnerParams, SimpleSequentialRunner};
