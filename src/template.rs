//! Templates: the renderer in force, the built-in one by minijinja, and what templates see.

mod engine;
mod filters;
mod functions;
mod names;
mod renderer;
mod result;
mod scope;
#[cfg(test)]
mod tests;

pub(crate) use engine::Engine;
pub(crate) use names::unknown_names;
pub(crate) use renderer::RenderedValue;
pub use renderer::{Rendered, Template, TemplateRenderer};
pub use result::PipeResult;
pub use scope::TemplateScope;
#[cfg(feature = "pipes")]
pub(crate) use scope::{ResultScope, TemplateParams};
