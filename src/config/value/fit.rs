//! Fitting a text, or what a template gave, to the declared type of a value.

use serde_json::Value;

use super::declared_type::Expected;
use super::duration::Duration;
use crate::config::read::found;
use crate::template::{Rendered, RenderedValue};

/// Fits what a template gave to the declared type. A text field stays a text.
pub(crate) fn by_type(rendered: Rendered, expected: Expected) -> Result<Value, String> {
    let text = match rendered.0 {
        RenderedValue::Text(text) if expected.any => return Ok(text.into()),
        RenderedValue::Text(text) => text,
        value => {
            let json = value.json()?;
            let text_wins = expected.text && matches!(json, Value::Bool(_) | Value::Number(_));
            if expected.takes(&json) && !text_wins {
                return Ok(json);
            }
            match json {
                Value::Null if !expected.text => {
                    return Err(format!("expected {}, found nothing", expected.words()));
                }
                Value::Array(_) | Value::Object(_) if !expected.text => {
                    return Err(format!(
                        "expected {}, found {}",
                        expected.words(),
                        found(&json)
                    ));
                }
                _ => value.into_text(),
            }
        }
    };
    if expected.text {
        return Ok(text.into());
    }
    read_text(&text, expected)
}

/// Reads a text as a value of the declared type.
fn read_text(text: &str, expected: Expected) -> Result<Value, String> {
    let trimmed = text.trim();
    if expected.duration && trimmed.parse::<Duration>().is_ok() {
        return Ok(trimmed.into());
    }
    read_plain(text, expected, true)
        .ok_or_else(|| format!("expected {}, found a text", expected.words()))
}

/// Reads a number or a boolean that was written as text; nothing only where text is all that could be written.
pub(crate) fn read_plain(text: &str, expected: Expected, only_text: bool) -> Option<Value> {
    let trimmed = text.trim();
    if expected.integer {
        if let Ok(value) = trimmed.parse::<i64>() {
            return Some(value.into());
        }
        if let Ok(value) = trimmed.parse::<u64>() {
            return Some(value.into());
        }
    }
    if expected.number
        && let Ok(value) = trimmed.parse::<f64>()
        && value.is_finite()
    {
        return Some(value.into());
    }
    match trimmed {
        "true" | "True" if expected.boolean => Some(true.into()),
        "false" | "False" if expected.boolean => Some(false.into()),
        "" | "null" | "none" | "None" if expected.null && only_text => Some(Value::Null),
        _ => None,
    }
}

/// What a template gave, for a place of any type.
#[cfg(test)]
#[cfg(feature = "pipes")]
pub(crate) fn any(rendered: Rendered) -> Result<Value, String> {
    by_type(
        rendered,
        Expected {
            any: true,
            ..Expected::default()
        },
    )
}

/// What a template gave, for a place that takes a text.
#[cfg(test)]
#[cfg(feature = "pipes")]
pub(crate) fn as_text(rendered: Rendered) -> Result<String, String> {
    let value = by_type(
        rendered,
        Expected {
            text: true,
            ..Expected::default()
        },
    )?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}
