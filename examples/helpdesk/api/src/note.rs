//! Notes: what is said on a ticket after it was made.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// The content type of a note that does not say otherwise.
pub const PLAIN_TEXT: &str = "text/plain";

/// An article added to a ticket.
///
/// Keys beyond those named here are allowed and kept: ticket systems know more about a note than
/// this contract does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Note {
    /// The id that the ticket system gave it.
    pub id: Option<String>,
    /// One line.
    pub subject: String,
    /// The text.
    pub body: String,
    /// What the body is, without parameters such as the character set; `None` where that is unknown.
    #[serde(deserialize_with = "content_type")]
    pub content_type: Option<String>,
    /// Whatever else the ticket system knows.
    #[serde(flatten)]
    pub additional: BTreeMap<String, Value>,
}

impl Default for Note {
    fn default() -> Self {
        Self {
            id: None,
            subject: String::new(),
            body: String::new(),
            content_type: Some(PLAIN_TEXT.to_owned()),
            additional: BTreeMap::new(),
        }
    }
}

impl Note {
    /// A note in plain text.
    #[must_use]
    pub fn plain(subject: impl Into<String>, body: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            body: body.into(),
            ..Self::default()
        }
    }
}

/// `text/html; charset=utf-8` is `text/html`, and nothing is `None`.
fn content_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let given = Option::<String>::deserialize(deserializer)?;
    Ok(given
        .as_deref()
        .and_then(|text| text.split(';').next())
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned))
}
