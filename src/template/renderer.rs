//! The renderer as a service.

use serde_json::Value;

#[cfg(feature = "pipes")]
use super::engine::{Engine, RenderError};
#[cfg(feature = "pipes")]
use super::scope::Frame;
use super::scope::TemplateScope;
use crate::Result;

/// Renders templates. The built-in renderer is in force unless the configuration names one.
pub trait TemplateRenderer: Send + Sync + 'static {
    /// Renders `template`: a lone `{{ expression }}` keeps the value of the expression, anything else is text.
    ///
    /// # Errors
    /// The template does not parse, or it fails.
    fn render(&self, template: &str, scope: &TemplateScope) -> Result<Value>;
}

#[cfg(feature = "pipes")]
/// Renders one text with the built-in engine.
pub(crate) fn render_once(template: &str, scope: &TemplateScope) -> Result<Value> {
    let mut engine = Engine::new();
    let id = engine
        .compile(template)
        .map_err(|message| crate::Error::msg(format!("template syntax error: {message}")))?;
    let frame = Frame::new(scope.clone());
    let rendered = engine
        .render(&id, &frame)
        .map_err(|RenderError(message)| crate::Error::msg(message))?;
    let value = crate::config::any(rendered).map_err(crate::Error::msg)?;
    match frame.failed() {
        Some(message) => Err(crate::Error::msg(message)),
        None => Ok(value),
    }
}
