//! The renderer as a service: what turns the texts of a configuration into templates, and templates into values.

use std::fmt;
use std::sync::Arc;

#[cfg(feature = "templates")]
use minijinja::Value;
use serde_json::Value as Json;

#[cfg(feature = "templates")]
use super::fail_marker::FailMarker;
use super::scope::TemplateScope;
use crate::error::Result;

/// Compiles the templates of a configuration. Exactly one is in force, and it compiles all of them: the one that the
/// configuration names among its services; else the singleton that a plugin brings; else the built-in one.
///
/// It is made before anything else, because everything else is configured by it: so its component can require nothing,
/// its own parameters are no templates, and its `build` has to be done at once. The types of the fields are checked
/// whoever renders.
///
/// ```
/// use std::sync::Arc;
/// use treenail::{Rendered, Result, Template, TemplateRenderer, TemplateScope};
///
/// /// `$NAME` is the value of a variable, and nothing else is a template.
/// struct Dollar;
///
/// struct Variable(String);
///
/// impl TemplateRenderer for Dollar {
///     fn compile(&self, text: &str) -> Result<Option<Arc<dyn Template>>> {
///         Ok(text.strip_prefix('$').map(|name| Arc::new(Variable(name.to_owned())) as _))
///     }
/// }
///
/// impl Template for Variable {
///     fn render(&self, scope: &Arc<TemplateScope>) -> Result<Rendered> {
///         let value = scope.variable(&self.0);
///         let missing = || treenail::Error::msg(format!("variable `{}` was not found", self.0));
///         Ok(Rendered::text(value.ok_or_else(missing)?))
///     }
/// }
/// ```
pub trait TemplateRenderer: Send + Sync + 'static {
    /// Compiles a text of the configuration, once; `None` if it is no template but stands for itself.
    ///
    /// # Errors
    /// The text is meant to be a template and is none: reported when the configuration is checked, at its place.
    fn compile(&self, text: &str) -> Result<Option<Arc<dyn Template>>>;
}

/// A compiled template. It may be rendered by several tasks at once.
pub trait Template: Send + Sync + 'static {
    /// Renders it, with what `scope` lets it see.
    ///
    /// # Errors
    /// Why it cannot be rendered. In a service's parameters that is an error of the configuration, in a step's
    /// parameters an error of the step.
    fn render(&self, scope: &Arc<TemplateScope>) -> Result<Rendered>;
}

/// What a template gave. It is fitted to the declared type of the field: a field that takes a text gets the text, a
/// field of any type the value.
pub struct Rendered(pub(crate) RenderedValue);

/// Without the value, which may be a secret.
impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rendered(..)")
    }
}

#[derive(Debug)]
pub(crate) enum RenderedValue {
    Text(String),
    Value(Json),
    /// A value as the built-in engine has it, with its own way to write it as text.
    #[cfg(feature = "templates")]
    Native(Value),
}

impl Rendered {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self(RenderedValue::Text(text.into()))
    }

    /// A value of any type: what a template that is one expression and nothing else gives.
    pub fn value(value: impl Into<Json>) -> Self {
        Self(RenderedValue::Value(value.into()))
    }
}

impl RenderedValue {
    pub(crate) fn json(&self) -> Result<Json, String> {
        match self {
            Self::Text(text) => Ok(text.as_str().into()),
            Self::Value(value) => Ok(value.clone()),
            #[cfg(feature = "templates")]
            Self::Native(value) => json(value),
        }
    }

    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Text(text) | Self::Value(Json::String(text)) => text,
            Self::Value(Json::Null) => String::new(),
            Self::Value(value) => value.to_string(),
            #[cfg(feature = "templates")]
            Self::Native(value) if value.is_undefined() => String::new(),
            #[cfg(feature = "templates")]
            Self::Native(value) => value.to_string(),
        }
    }
}

/// A value as JSON.
#[cfg(feature = "templates")]
fn json(value: &Value) -> Result<Json, String> {
    if value.is_undefined() || value.downcast_object_ref::<FailMarker>().is_some() {
        return Ok(Json::Null);
    }
    serde_json::to_value(value).map_err(|error| error.to_string())
}
