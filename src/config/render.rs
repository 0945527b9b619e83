//! What is left to do with a checked value: rendering its templates, each into a value of the declared type.

use std::sync::Arc;

use serde_json::Value;

use super::duration::Duration;
use super::node::{Origin, found};
use super::shape::Want;
use super::value::{Compiled, Leaf};
use crate::template::{Rendered, RenderedValue, TemplateScope};

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

impl Leaf {
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
        let value = by_type(rendered, self.want).map_err(failure)?;
        if self.want.secret
            && let Some(text) = value.as_str()
        {
            scope.secret(text);
        }
        Ok(value)
    }
}

/// Fits what a template gave to the declared type. A text field stays a text.
pub(crate) fn by_type(rendered: Rendered, want: Want) -> Result<Value, String> {
    let text = match rendered.0 {
        RenderedValue::Text(text) if want.any => return Ok(text.into()),
        RenderedValue::Text(text) => text,
        value => {
            let json = value.json()?;
            let text_wins = want.text && matches!(json, Value::Bool(_) | Value::Number(_));
            if want.takes(&json) && !text_wins {
                return Ok(json);
            }
            match json {
                Value::Null if !want.text => {
                    return Err(format!("expected {}, found nothing", want.words()));
                }
                Value::Array(_) | Value::Object(_) if !want.text => {
                    return Err(format!("expected {}, found {}", want.words(), found(&json)));
                }
                _ => value.into_text(),
            }
        }
    };
    if want.text {
        return Ok(text.into());
    }
    read_text(&text, want)
}

/// Reads a text as a value of the declared type.
fn read_text(text: &str, want: Want) -> Result<Value, String> {
    let trimmed = text.trim();
    if want.duration && trimmed.parse::<Duration>().is_ok() {
        return Ok(trimmed.into());
    }
    read_plain(text, want, true).ok_or_else(|| format!("expected {}, found a text", want.words()))
}

/// Reads a number or a boolean that was written as text; nothing only where text is all that could be written.
pub(super) fn read_plain(text: &str, want: Want, only_text: bool) -> Option<Value> {
    let trimmed = text.trim();
    if want.integer {
        if let Ok(value) = trimmed.parse::<i64>() {
            return Some(value.into());
        }
        if let Ok(value) = trimmed.parse::<u64>() {
            return Some(value.into());
        }
    }
    if want.number
        && let Ok(value) = trimmed.parse::<f64>()
        && value.is_finite()
    {
        return Some(value.into());
    }
    match trimmed {
        "true" | "True" if want.boolean => Some(true.into()),
        "false" | "False" if want.boolean => Some(false.into()),
        "" | "null" | "none" | "None" if want.null && only_text => Some(Value::Null),
        _ => None,
    }
}

/// What a template gave, for a place of any type.
#[cfg(test)]
pub(crate) fn any(rendered: Rendered) -> Result<Value, String> {
    by_type(
        rendered,
        Want {
            any: true,
            ..Want::default()
        },
    )
}

/// What a template gave, for a place that takes a text.
#[cfg(test)]
pub(crate) fn as_text(rendered: Rendered) -> Result<String, String> {
    let value = by_type(
        rendered,
        Want {
            text: true,
            ..Want::default()
        },
    )?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}
