//! A checked value, and what is left to do with it: rendering its templates, each into a value of the declared type.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::declared_type::Expected;
use super::fit::by_type;
use crate::config::problem::place::Origin;
use crate::template::{Template, TemplateScope};

/// A checked value.
#[derive(Debug)]
pub(crate) enum Compiled {
    /// Nothing is left to do.
    Static(Value),
    /// A text that is rendered into a value of the declared type.
    Template(Box<CompiledTemplate>),
    List(Vec<Compiled>),
    Map(Vec<(String, Compiled)>),
    /// A pipe step: its number among the steps of these params.
    Step(usize),
}

/// A template with its declared type and its place.
pub(crate) struct CompiledTemplate {
    pub(crate) template: Arc<dyn Template>,
    pub(crate) expected: Expected,
    /// What its source must not show in an error: the literals of a secret.
    pub(crate) literals: Vec<String>,
    pub(crate) path: String,
    pub(crate) origin: Origin,
}

impl fmt::Debug for CompiledTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompiledTemplate")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Compiled {
    /// The value of something static.
    pub(crate) fn plain(self) -> Value {
        match self {
            Compiled::Static(value) => value,
            Compiled::Step(number) => number.into(),
            Compiled::Template(_) => Value::Null,
            Compiled::List(items) => items.into_iter().map(Compiled::plain).collect(),
            Compiled::Map(entries) => entries
                .into_iter()
                .map(|(key, value)| (key, value.plain()))
                .collect(),
        }
    }

    /// The value where nothing is left to render: steps are their numbers.
    #[cfg(feature = "pipes")]
    pub(crate) fn fixed(&self) -> Value {
        match self {
            Compiled::Static(value) => value.clone(),
            Compiled::Step(number) => (*number).into(),
            Compiled::Template(_) => Value::Null,
            Compiled::List(items) => items.iter().map(Compiled::fixed).collect(),
            Compiled::Map(entries) => entries
                .iter()
                .map(|(key, value)| (key.clone(), value.fixed()))
                .collect(),
        }
    }

    /// The keys at the top whose values hold steps.
    #[cfg(feature = "pipes")]
    pub(crate) fn keys_with_steps(&self) -> Vec<String> {
        match self {
            Compiled::Map(entries) => entries
                .iter()
                .filter(|(_, value)| value.has_steps())
                .map(|(key, _)| key.clone())
                .collect(),
            _ => Vec::new(),
        }
    }

    #[cfg(feature = "pipes")]
    fn has_steps(&self) -> bool {
        match self {
            Compiled::Step(_) => true,
            Compiled::List(items) => items.iter().any(Compiled::has_steps),
            Compiled::Map(entries) => entries.iter().any(|(_, value)| value.has_steps()),
            Compiled::Static(_) | Compiled::Template(_) => false,
        }
    }

    #[cfg(feature = "pipes")]
    pub(crate) fn as_static(&self) -> Option<&Value> {
        match self {
            Compiled::Static(value) => Some(value),
            _ => None,
        }
    }

    /// Whether rendering gives the same every time.
    #[cfg(feature = "pipes")]
    pub(crate) fn is_fixed(&self) -> bool {
        match self {
            Compiled::Static(_) | Compiled::Step(_) => true,
            Compiled::Template(_) => false,
            Compiled::List(items) => items.iter().all(Compiled::is_fixed),
            Compiled::Map(entries) => entries.iter().all(|(_, value)| value.is_fixed()),
        }
    }

    /// Renders what is left to render.
    ///
    /// # Errors
    /// A template fails, or its result is not of the declared type.
    pub(crate) fn render(&self, scope: &Arc<TemplateScope>) -> Result<Value, Failure> {
        Ok(match self {
            Compiled::Static(value) => value.clone(),
            Compiled::Step(number) => (*number).into(),
            Compiled::List(items) => Value::Array(
                items
                    .iter()
                    .map(|item| item.render(scope))
                    .collect::<Result<_, _>>()?,
            ),
            Compiled::Map(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), value.render(scope)?)));
                Value::Object(entries.collect::<Result<_, Failure>>()?)
            }
            Compiled::Template(leaf) => leaf.render(scope)?,
        })
    }

    /// Every template in turn, for rendering at load, where all failures are wanted and not the first only.
    pub(crate) fn render_all(
        &self,
        scope: &Arc<TemplateScope>,
        failures: &mut Vec<Failure>,
    ) -> Value {
        match self {
            Compiled::List(items) => items
                .iter()
                .map(|item| item.render_all(scope, failures))
                .collect(),
            Compiled::Map(entries) => entries
                .iter()
                .map(|(key, value)| (key.clone(), value.render_all(scope, failures)))
                .collect(),
            other => other.render(scope).unwrap_or_else(|failure| {
                failures.push(failure);
                Value::Null
            }),
        }
    }
}

/// A value that could not be rendered.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) path: String,
    pub(crate) origin: Origin,
    pub(crate) message: String,
}

impl CompiledTemplate {
    fn render(&self, scope: &Arc<TemplateScope>) -> Result<Value, Failure> {
        for literal in &self.literals {
            scope.secret(literal);
        }
        let failure = |message: String| Failure {
            path: self.path.clone(),
            origin: self.origin,
            message,
        };
        let rendered = self
            .template
            .render(scope)
            .map_err(|error| failure(scope.redacted(&format!("{error:#}"))))?;
        let value = by_type(rendered, self.expected).map_err(failure)?;
        if self.expected.secret
            && let Some(text) = value.as_str()
        {
            scope.secret(text);
        }
        Ok(value)
    }
}
