//! Templates: the renderer in force, the built-in one by minijinja, and what templates see.

#[cfg(feature = "templates")]
mod bounds;
#[cfg(feature = "templates")]
mod engine;
#[cfg(feature = "templates")]
mod fail_marker;
#[cfg(feature = "templates")]
mod filters;
#[cfg(feature = "templates")]
mod functions;
#[cfg(feature = "templates")]
mod lookups;
mod names;
mod renderer;
mod result;
mod result_scope;
mod scope;
#[cfg(feature = "templates")]
mod syntax;
#[cfg(test)]
mod tests;
mod tokens;
#[cfg(feature = "templates")]
mod visible;

#[cfg(feature = "templates")]
pub(crate) use engine::Engine;
pub(crate) use names::unknown_names;
pub(crate) use renderer::RenderedValue;
pub use renderer::{Rendered, Template, TemplateRenderer};
pub use result::PipeResult;
#[cfg(feature = "pipes")]
pub(crate) use result_scope::ResultScope;
#[cfg(feature = "pipes")]
pub(crate) use scope::TemplateParams;
pub use scope::TemplateScope;
#[cfg(not(feature = "templates"))]
pub(crate) use tokens::has_syntax;
