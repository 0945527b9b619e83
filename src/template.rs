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
pub use scope::TemplateScope;
#[cfg(feature = "pipes")]
pub(crate) use scope::{ResultScope, TemplateParams};
#[cfg(not(feature = "templates"))]
pub(crate) use tokens::has_syntax;
