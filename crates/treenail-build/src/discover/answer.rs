//! Reads Cargo's JSON by its keys. They are few, and serde's derive for them is the largest dependency that a small host would
//! build for this compiler alone.

use std::fmt;

use serde_json::Value;

/// One object of Cargo's answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct JsonObject<'v>(&'v Value);

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

impl<'v> JsonObject<'v> {
    /// The object of this JSON.
    pub(super) fn new(value: &'v Value) -> Self {
        Self(value)
    }

    /// The whole of it.
    pub(super) fn all(self) -> &'v Value {
        self.0
    }

    /// The value of a key; `None` where it is null or not there.
    pub(super) fn value(self, key: &str) -> Option<&'v Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    /// The object of a key.
    pub(super) fn object(self, key: &str) -> Option<Self> {
        self.value(key).map(Self)
    }

    /// A text that may be null or not there.
    pub(super) fn text_if_any(self, key: &str) -> Option<String> {
        self.value(key)?.as_str().map(str::to_owned)
    }

    /// A text that is always there.
    pub(super) fn text(self, key: &str) -> Result<String, Unexpected> {
        let text = self.text_if_any(key);
        text.ok_or_else(|| Unexpected::key(key, "a text"))
    }

    /// Whether something is so.
    pub(super) fn flag(self, key: &str) -> Result<bool, Unexpected> {
        let flag = self.value(key).and_then(Value::as_bool);
        flag.ok_or_else(|| Unexpected::key(key, "true or false"))
    }

    /// The objects of a list, each read by a function.
    pub(super) fn each<T>(
        self,
        key: &str,
        read: impl Fn(Self) -> Result<T, Unexpected>,
    ) -> Result<Vec<T>, Unexpected> {
        let list = self.value(key).and_then(Value::as_array);
        let list = list.ok_or_else(|| Unexpected::key(key, "a list"))?;
        list.iter().map(|value| read(Self(value))).collect()
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
        let answer = JsonObject::new(&value);
        let said = |error: super::Unexpected| error.to_string();
        assert_eq!(
            said(answer.text("name").unwrap_err()),
            "`name` is not a text"
        );
        assert_eq!(
            said(answer.flag("optional").unwrap_err()),
            "`optional` is not true or false"
        );
        let read = |one: JsonObject<'_>| one.text("name");
        assert_eq!(
            said(answer.each("deps", read).unwrap_err()),
            "`deps` is not a list"
        );
        assert_eq!(answer.text_if_any("name"), None);
        assert_eq!(texts(&json!(["a", 1, "b"])), ["a", "b"]);
    }
}
