//! Reads Cargo's JSON by its keys. They are few, and serde's derive for them is the largest dependency that a small host would
//! build for this compiler alone.

use std::fmt;

use serde_json::{Map, Value};

/// One object of Cargo's answer. What is read of it is taken out of it.
#[derive(Debug)]
pub(super) struct JsonObject(Map<String, Value>);

/// What Cargo said is not what it always says.
#[derive(Debug)]
pub(super) struct Unexpected(String);

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Unexpected {
    /// In words of another parser.
    pub(super) fn new(words: impl fmt::Display) -> Self {
        Self(words.to_string())
    }

    fn key(key: &str, expected: &str) -> Self {
        Self(format!("`{key}` is not {expected}"))
    }
}

impl JsonObject {
    /// The object of this JSON; of anything else, an empty one.
    pub(super) fn new(value: Value) -> Self {
        match value {
            Value::Object(keys) => Self(keys),
            _ => Self(Map::new()),
        }
    }

    /// The value of a key; `None` where it is null or not there.
    pub(super) fn value(&mut self, key: &str) -> Option<Value> {
        self.0.remove(key).filter(|value| !value.is_null())
    }

    /// The object of a key.
    pub(super) fn object(&mut self, key: &str) -> Option<Self> {
        self.value(key).map(Self::new)
    }

    /// A text that may be null or not there.
    pub(super) fn text_if_any(&mut self, key: &str) -> Option<String> {
        match self.value(key)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// A text that is always there.
    pub(super) fn text(&mut self, key: &str) -> Result<String, Unexpected> {
        let text = self.text_if_any(key);
        text.ok_or_else(|| Unexpected::key(key, "a text"))
    }

    /// Whether something is so.
    pub(super) fn flag(&mut self, key: &str) -> Result<bool, Unexpected> {
        match self.value(key) {
            Some(Value::Bool(flag)) => Ok(flag),
            _ => Err(Unexpected::key(key, "true or false")),
        }
    }

    /// The values of a list.
    pub(super) fn list(&mut self, key: &str) -> Result<Vec<Value>, Unexpected> {
        match self.value(key) {
            Some(Value::Array(list)) => Ok(list),
            _ => Err(Unexpected::key(key, "a list")),
        }
    }

    /// The objects of a list, each read by a function.
    pub(super) fn each<T>(
        &mut self,
        key: &str,
        read: impl Fn(Self) -> Result<T, Unexpected>,
    ) -> Result<Vec<T>, Unexpected> {
        let list = self.list(key)?;
        list.into_iter()
            .map(|value| read(Self::new(value)))
            .collect()
    }
}

/// The texts of a list; what is none is passed over.
pub(super) fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().into_iter().flatten();
    let texts = list.filter_map(|value| value.as_str());
    texts.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{JsonObject, texts};

    #[test]
    fn what_is_not_there_is_named() {
        let value = json!({ "name": null, "optional": "yes", "deps": {} });
        let mut answer = JsonObject::new(value);
        let said = |error: super::Unexpected| error.to_string();
        assert_eq!(
            said(answer.text("name").unwrap_err()),
            "`name` is not a text"
        );
        assert_eq!(
            said(answer.flag("optional").unwrap_err()),
            "`optional` is not true or false"
        );
        let read = |mut one: JsonObject| one.text("name");
        assert_eq!(
            said(answer.each("deps", read).unwrap_err()),
            "`deps` is not a list"
        );
        assert_eq!(answer.text_if_any("name"), None);
        assert_eq!(texts(&json!(["a", 1, "b"])), ["a", "b"]);
    }
}
