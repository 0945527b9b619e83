//! Templates: minijinja with the functions that configurations use, rendered without guessing at types.

mod engine;
mod functions;
mod renderer;
mod result;
mod scope;
#[cfg(test)]
mod tests;

pub(crate) use engine::{Engine, RenderError, Rendered, TemplateId, has_syntax};
pub use renderer::TemplateRenderer;
#[cfg(feature = "pipes")]
pub(crate) use renderer::render_once;
pub use result::PipeResult;
pub(crate) use scope::Frame;
pub use scope::TemplateScope;
#[cfg(feature = "pipes")]
pub(crate) use scope::redacted;
#[cfg(feature = "pipes")]
pub(crate) use scope::{Params, ResultScope};
