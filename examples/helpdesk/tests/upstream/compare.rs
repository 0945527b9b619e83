//! Comparing JSON as values: the order of keys does not matter, 5 equals 5.0, null is absent.

use serde::Serialize;
use serde_json::Value;

/// A model as JSON, without the fields that are null.
pub(crate) fn without_nulls(model: &impl Serialize) -> Value {
    strip(serde_json::to_value(model).expect("models become JSON"))
}

/// A value without the fields that are null.
pub(crate) fn strip(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let given = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(given.map(|(key, value)| (key, strip(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(strip).collect()),
        other => other,
    }
}

/// Whether two values are equal, numbers by value.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.as_f64() == other.as_f64()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let in_other = |(key, value)| other.get(key).is_some_and(|other| same(value, other));
            one.len() == other.len() && one.iter().all(in_other)
        }
        _ => one == other,
    }
}

/// The words that are not part of the text, upper and lower case alike.
pub(crate) fn missing<'w>(text: &str, words: &'w [String]) -> Vec<&'w str> {
    let text = text.to_lowercase();
    let missing = words
        .iter()
        .filter(|word| !text.contains(&word.to_lowercase()));
    missing.map(String::as_str).collect()
}
