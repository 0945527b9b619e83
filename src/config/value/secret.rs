//! [`Secret`]: a text of a configuration that nobody prints by accident.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, de};

/// A text of a configuration that is not for printing: a password, a token, a key.
///
/// `Debug` and errors do not show it, the excerpt of a configuration file ends before it, and the schema marks it as
/// `writeOnly` with the format `password`. A field of another type is treated in the same way when its schema says so:
/// `#[schemars(extend("writeOnly" = true))]`.
///
/// ```
/// let token = treenail::Secret::from("opensesame");
/// assert_eq!(format!("{token:?}"), "Secret(***)");
/// assert_eq!(token.expose(), "opensesame");
/// ```
#[derive(Clone, Default)]
pub struct Secret(SecretString);

impl Secret {
    /// The text itself: for the one who needs it, not for a message.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<Secret> for SecretString {
    fn from(secret: Secret) -> Self {
        secret.0
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The usual error shows what was found instead of a text.
        String::deserialize(deserializer)
            .map(Self::from)
            .map_err(|_| de::Error::custom("expected a text, which is not shown here"))
    }
}

impl JsonSchema for Secret {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn schema_id() -> Cow<'static, str> {
        "treenail::Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "password", "writeOnly": true })
    }
}

/// The texts of a template's source that an error may repeat: its literals, except the names that `get_env` is asked for.
pub(crate) fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(start) = rest.find(['\'', '"']) {
        let quote = &rest[start..=start];
        let (before, after) = (&rest[..start], &rest[start + 1..]);
        let Some(end) = after.find(quote) else { break };
        if !before.trim_end().ends_with("get_env(") && end > 0 {
            found.push(after[..end].to_owned());
        }
        rest = &after[end + 1..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Secret, literals};

    #[test]
    fn a_secret_is_not_shown_even_where_it_is_refused() {
        for value in [
            serde_json::json!(4711),
            serde_json::json!(["hunter2"]),
            serde_json::json!({ "a": "hunter2" }),
        ] {
            let error = serde_json::from_value::<Secret>(value).expect_err("no text");
            let error = error.to_string();
            assert!(
                !error.contains("4711") && !error.contains("hunter2"),
                "{error}"
            );
        }
        assert!(!format!("{:#?}", Some(Secret::from("hunter2"))).contains("hunter2"));
    }

    #[test]
    fn literals_of_a_template_are_found() {
        let source = "{{ get_env('NAME') ~ 'hunter2' ~ \"it's\" }}";
        assert_eq!(literals(source), ["hunter2", "it's"]);
    }
}
