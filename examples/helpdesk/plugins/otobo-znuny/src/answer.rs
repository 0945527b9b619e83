//! What OTOBO and Znuny answer. Perl does not tell numbers from texts and lists from single items, so
//! neither does this.

use helpdesk_api::{Entity, Note, Ticket};
use helpdesk_http_client::{Fault, HttpError, Response};
use serde::Deserialize;
use serde_json::Value;

/// Any answer.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Answer {
    error: Option<Refusal>,
    #[serde(rename = "TicketID", default)]
    ids: Value,
    #[serde(default)]
    ticket: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Refusal {
    #[serde(default)]
    error_code: String,
    #[serde(default)]
    error_message: String,
}

/// A ticket as it stands there.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Found {
    #[serde(rename = "TicketID", default)]
    id: Value,
    #[serde(default)]
    title: Value,
    #[serde(default)]
    queue: Value,
    #[serde(rename = "QueueID", default)]
    queue_id: Value,
    #[serde(default)]
    priority: Value,
    #[serde(rename = "PriorityID", default)]
    priority_id: Value,
    #[serde(rename = "CustomerUserID", default)]
    customer: Value,
    #[serde(default)]
    article: Value,
}

/// An article of a ticket. Whatever it does not say is empty.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Article {
    #[serde(default)]
    subject: Value,
    #[serde(default)]
    body: Value,
    #[serde(default)]
    content_type: Value,
}

impl Answer {
    /// Reads an answer, unless it says that something is wrong.
    pub(crate) fn read(response: &Response) -> Result<Self, HttpError> {
        // A list would do for a struct too.
        let object: serde_json::Map<String, Value> = response.json()?;
        let answer = Self::deserialize(Value::Object(object))
            .map_err(|error| response.fault(Fault::Garbled, &error.to_string()))?;
        match &answer.error {
            None => Ok(answer),
            Some(Refusal {
                error_code,
                error_message,
            }) => Err(response.fault(Fault::Declined, &format!("{error_code}: {error_message}"))),
        }
    }

    /// The ids that were found.
    pub(crate) fn ids(&self) -> Vec<String> {
        items(&self.ids).filter_map(text).collect()
    }

    /// The ticket in the answer, if there is one.
    pub(crate) fn ticket(self, response: &Response) -> Result<Option<Ticket>, HttpError> {
        let Some(found) = items(&self.ticket).next() else {
            return Ok(None);
        };
        let garbled = |error: serde_json::Error| response.fault(Fault::Garbled, &error.to_string());
        let found = Found::deserialize(found).map_err(garbled)?;
        let articles = items(&found.article).map(Article::deserialize);
        let articles: Vec<Article> = articles.collect::<Result<_, _>>().map_err(garbled)?;
        let notes: Vec<Note> = articles.into_iter().map(Note::from).collect();
        Ok(Some(Ticket {
            id: text(&found.id),
            subject: Some(text(&found.title).unwrap_or_default()),
            queue: entity(&found.queue_id, &found.queue),
            priority: entity(&found.priority_id, &found.priority),
            customer: entity(&found.customer, &Value::Null),
            body: Some(
                notes
                    .first()
                    .map(|note| note.body.clone())
                    .unwrap_or_default(),
            ),
            notes: Some(notes),
        }))
    }
}

impl From<Article> for Note {
    fn from(article: Article) -> Self {
        let note = Self::plain(
            text(&article.subject).unwrap_or_default(),
            text(&article.body).unwrap_or_default(),
        );
        let content_type = text(&article.content_type);
        let content_type = content_type
            .as_deref()
            .and_then(|text| text.split(';').next());
        match content_type.map(str::trim) {
            Some(known) if !known.is_empty() => Self {
                content_type: Some(known.to_owned()),
                ..note
            },
            _ => note,
        }
    }
}

/// A list, or one item, or nothing.
fn items(value: &Value) -> impl Iterator<Item = &Value> {
    let items = match value {
        Value::Null => &[],
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    items.iter()
}

/// A text, or a number as one.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn entity(id: &Value, name: &Value) -> Option<Entity> {
    let entity = Entity {
        id: text(id),
        name: text(name),
    };
    (!entity.is_empty()).then_some(entity)
}
