//! A checked value, and what is left to do with it: rendering its templates, each into a value of the declared type.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::declared_type::Expected;
use super::fit::by_type;
use crate::config::problem::Origin;
use crate::error::Error;
use crate::redact::{NOT_SHOWN, without};
use crate::template::{Template, TemplateScope, unknown_names};

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
    /// The text of it, where it is secret: whoever forgets the quotes around a secret makes it a name that nobody knows, which an
    /// error must not show either.
    pub(crate) secret_text: Option<String>,
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
    /// The value, where there are no templates. Steps are their numbers.
    pub(crate) fn fixed(&self) -> Value {
        self.with_templates(&mut |_| Value::Null)
    }

    /// Renders what is left to render.
    ///
    /// # Errors
    /// A template fails, or its result is not of the declared type.
    #[cfg(feature = "pipes")]
    pub(crate) fn render(&self, scope: &Arc<TemplateScope>) -> Result<Value, Failure> {
        let mut failure = None;
        let value = self.with_templates(&mut |template| {
            if failure.is_some() {
                return Value::Null;
            }
            template.render(scope).unwrap_or_else(|error| {
                failure = Some(error);
                Value::Null
            })
        });
        failure.map_or(Ok(value), Err)
    }

    /// Renders every template in turn, for rendering at load, where all failures are wanted and not the first only.
    pub(crate) fn render_all(
        &self,
        scope: &Arc<TemplateScope>,
        failures: &mut Vec<Failure>,
    ) -> Value {
        self.with_templates(&mut |template| {
            template.render(scope).unwrap_or_else(|failure| {
                failures.push(failure);
                Value::Null
            })
        })
    }

    /// The value, with what `render` makes of each template.
    fn with_templates(&self, render: &mut dyn FnMut(&CompiledTemplate) -> Value) -> Value {
        match self {
            Compiled::Static(value) => value.clone(),
            Compiled::Step(number) => (*number).into(),
            Compiled::Template(template) => render(template),
            Compiled::List(items) => items
                .iter()
                .map(|item| item.with_templates(render))
                .collect(),
            Compiled::Map(pairs) => {
                let mut object = Map::new();
                for (key, value) in pairs {
                    object.insert(key.clone(), value.with_templates(render));
                }
                object.into()
            }
        }
    }

    /// Whether rendering gives the same every time.
    #[cfg(feature = "pipes")]
    pub(crate) fn is_fixed(&self) -> bool {
        !self.any(&|one| matches!(one, Compiled::Template(_)))
    }

    /// The keys at the top whose values hold steps.
    #[cfg(feature = "pipes")]
    pub(crate) fn keys_with_steps(&self) -> Vec<String> {
        let Compiled::Map(pairs) = self else {
            return Vec::new();
        };
        let is_step = |one: &Compiled| matches!(one, Compiled::Step(_));
        let with_steps = pairs.iter().filter(|(_, value)| value.any(&is_step));
        with_steps.map(|(key, _)| key.clone()).collect()
    }

    /// Whether this or anything inside it is one of these.
    #[cfg(feature = "pipes")]
    fn any(&self, wanted: &dyn Fn(&Compiled) -> bool) -> bool {
        wanted(self)
            || match self {
                Compiled::Static(_) | Compiled::Template(_) | Compiled::Step(_) => false,
                Compiled::List(items) => items.iter().any(|item| item.any(wanted)),
                Compiled::Map(pairs) => pairs.iter().any(|(_, value)| value.any(wanted)),
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
            .map_err(|error| failure(self.reason(scope, &error)))?;
        let value = by_type(rendered, self.expected).map_err(failure)?;
        if self.expected.secret {
            texts(&value, &mut |text| scope.secret(text));
        }
        Ok(value)
    }

    /// Why it cannot be rendered. Of a secret it is said only what would be said of any other one: the engine is asked once
    /// more, with other values of all variables.
    fn reason(&self, scope: &Arc<TemplateScope>, error: &Error) -> String {
        let names = self.secret_text.as_deref().map(unknown_names);
        let names = names.unwrap_or_default();
        let shown = |scope: &TemplateScope, error: &Error| {
            without(&scope.redacted(&format!("{error:#}")), &names)
        };
        let reason = shown(scope, error);
        if !self.expected.secret {
            return reason;
        }
        let other = scope.with_other_variables();
        for literal in &self.literals {
            other.secret(literal);
        }
        match self.template.render(&other) {
            Err(error) if shown(&other, &error) == reason => reason,
            _ => NOT_SHOWN.to_owned(),
        }
    }
}

/// Every text and every number in a value.
fn texts(value: &Value, found: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => found(text),
        Value::Number(number) => found(&number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(object) => object.values().for_each(|value| texts(value, found)),
        Value::Null | Value::Bool(_) => {}
    }
}
