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
    /// The id that the ticket system gave it; or its author, so that it is not added twice.
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

    /// Whether a reader would take both for the same note: markup and white space do not count, because
    /// ticket systems change them as they like.
    #[must_use]
    pub fn reads_like(&self, other: &Note) -> bool {
        let html = [self, other]
            .iter()
            .any(|note| note.content_type.as_deref() == Some("text/html"));
        let words = |text: &str| -> String {
            let text = if html {
                without_markup(text)
            } else {
                text.to_owned()
            };
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        words(&self.subject) == words(&other.subject) && words(&self.body) == words(&other.body)
    }
}

/// The text of a piece of HTML, near enough to compare it with another.
fn without_markup(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        text.push(' ');
        rest = rest[start..]
            .find('>')
            .map_or("", |end| &rest[start + end + 1..]);
    }
    text.push_str(rest);
    [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text, |text, (entity, letter)| text.replace(entity, letter))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_that_differ_in_markup_and_white_space_read_alike() {
        let plain = Note::plain("Routed", "to  Network &\r\nmore ");
        let html = Note {
            content_type: Some("text/html".into()),
            ..Note::plain("Routed", "<p>to <b>Network</b> &amp;<br/>more</p>")
        };
        assert!(plain.reads_like(&Note::plain("Routed", "to Network &\nmore")));
        assert!(html.reads_like(&plain) && plain.reads_like(&html));
        assert!(!plain.reads_like(&Note::plain("Routed", "to Billing")));
        assert!(!plain.reads_like(&Note::plain("", "to Network & more")));
        assert!(!Note::plain("", "a < b").reads_like(&Note::plain("", "a < c")));
    }
}
