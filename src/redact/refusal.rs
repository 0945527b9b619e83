//! What a type says of a value that it refuses, as far as that depends on no secret.

use std::collections::BTreeSet;

use serde_json::Value;

use super::redactor::Redactor;

/// What is said instead.
pub(crate) const NOT_SHOWN: &str = "the reason is not shown, because it could show a secret";

/// Reads a value, and says [why](refusal) where that fails.
///
/// # Errors
/// The type refuses the value.
pub(crate) fn read_secretly<T>(
    read: impl Fn(&Value) -> serde_json::Result<T>,
    value: &Value,
    redactor: &Redactor,
) -> Result<T, String> {
    read(value).map_err(|error| refusal(&error, |value| read(value).map(drop), value, redactor))
}

/// Why a value was refused: in the words of its type, as long as they are the same whatever the secrets in the value are. To
/// find out, it is read once more with others in their place.
pub(crate) fn refusal(
    error: &serde_json::Error,
    read: impl Fn(&Value) -> serde_json::Result<()>,
    value: &Value,
    redactor: &Redactor,
) -> String {
    let (mut secrets, mut others) = (BTreeSet::new(), BTreeSet::new());
    let altered = altered(value, &mut |text| {
        let is_secret = redactor.redact(text) != text;
        is_secret.then(|| {
            let other = other(text);
            secrets.insert(text.to_owned());
            others.insert(other.clone());
            other
        })
    });
    let error = redactor.redact_with(&error.to_string(), &secrets);
    match read(&altered) {
        Err(again) if redactor.redact_with(&again.to_string(), &others) == error => error,
        _ => NOT_SHOWN.to_owned(),
    }
}

/// A value with other texts and numbers where `other` gives one.
fn altered(value: &Value, other: &mut dyn FnMut(&str) -> Option<String>) -> Value {
    match value {
        Value::String(text) => other(text).map_or_else(|| value.clone(), Value::String),
        Value::Number(number) => {
            let other = other(&number.to_string());
            let other = other.and_then(|text| serde_json::from_str(&text).ok());
            other.unwrap_or_else(|| value.clone())
        }
        Value::Array(items) => items.iter().map(|item| altered(item, other)).collect(),
        Value::Object(object) => {
            let pairs = object.iter();
            let pairs = pairs.map(|(key, value)| (key.clone(), altered(value, other)));
            pairs.collect()
        }
        Value::Null | Value::Bool(_) => value.clone(),
    }
}

/// Another text of the same form: hexadecimal digits stay such digits, letters letters, and signs themselves.
pub(crate) fn other(text: &str) -> String {
    let other = |letter: char| match letter {
        '0'..='8' | 'a'..='e' | 'g'..='y' | 'A'..='E' | 'G'..='Y' => {
            char::from_u32(u32::from(letter) + 1).unwrap_or(letter)
        }
        '9' => '1',
        'f' => 'a',
        'z' => 'g',
        'F' => 'A',
        'Z' => 'G',
        letter if letter.is_alphabetic() => 'x',
        letter => letter,
    };
    text.chars().map(other).collect()
}
