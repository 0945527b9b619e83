//! Templates: the renderer in force, the built-in one by minijinja, and what templates see.

mod bounds;
mod engine;
mod fail_marker;
mod filters;
mod functions;
mod names;
mod renderer;
mod result;
mod scope;
mod syntax;
#[cfg(test)]
mod tests;
mod tokens;
mod visible;

pub(crate) use engine::Engine;
pub(crate) use names::unknown_names;
pub(crate) use renderer::RenderedValue;
pub use renderer::{Rendered, Template, TemplateRenderer};
pub use result::PipeResult;
pub use scope::TemplateScope;
#[cfg(feature = "pipes")]
pub(crate) use scope::{ResultScope, TemplateParams};
