//! What Zammad answers.

use helpdesk_api::{Entity, Note, Ticket};
use serde::Deserialize;
use serde_json::Value;

/// A ticket as it stands there.
#[derive(Deserialize)]
pub(crate) struct Found {
    pub(crate) id: u64,
    title: Option<String>,
    #[serde(default)]
    group: Value,
    #[serde(default)]
    priority: Value,
    #[serde(default)]
    customer: Value,
    articles: Option<Vec<Article>>,
}

/// An article of a ticket. Whatever it does not say is empty.
#[derive(Deserialize)]
pub(crate) struct Article {
    id: Option<u64>,
    subject: Option<String>,
    body: Option<String>,
    content_type: Option<String>,
}

impl Found {
    /// The articles, if they came along.
    pub(crate) fn articles(&mut self) -> Option<Vec<Article>> {
        self.articles.take()
    }

    /// The ticket with these articles.
    pub(crate) fn with(self, articles: Vec<Article>) -> Ticket {
        let notes: Vec<Note> = articles.into_iter().map(Note::from).collect();
        Ticket {
            id: Some(self.id.to_string()),
            subject: Some(self.title.unwrap_or_default()),
            queue: entity(&self.group),
            priority: entity(&self.priority),
            customer: entity(&self.customer),
            body: Some(
                notes
                    .first()
                    .map(|note| note.body.clone())
                    .unwrap_or_default(),
            ),
            notes: Some(notes),
        }
    }

    /// The ticket as it was made from `asked`: what the answer does not say is as it was asked for.
    pub(crate) fn made_from(self, asked: Ticket) -> Ticket {
        Ticket {
            id: Some(self.id.to_string()),
            subject: self.title.or(asked.subject),
            queue: entity(&self.group).or(asked.queue),
            priority: entity(&self.priority).or(asked.priority),
            customer: entity(&self.customer).or(asked.customer),
            ..asked
        }
    }
}

impl From<Article> for Note {
    fn from(article: Article) -> Self {
        let note = Self::plain(
            article.subject.unwrap_or_default(),
            article.body.unwrap_or_default(),
        );
        Self {
            id: article.id.map(|id| id.to_string()),
            content_type: article.content_type.or(note.content_type),
            ..note
        }
    }
}

/// What a search found: a list, or a list in an object. Anything else is nothing.
pub(crate) fn found(answer: Value) -> Vec<Value> {
    match answer {
        Value::Array(found) => found,
        Value::Object(mut object) => ["tickets", "results", "objects"]
            .iter()
            .find_map(|name| match object.remove(*name) {
                Some(Value::Array(found)) => Some(found),
                _ => None,
            })
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Zammad gives the name only, so that is the id too.
fn entity(name: &Value) -> Option<Entity> {
    let name = name.as_str().filter(|name| !name.is_empty())?;
    Some(Entity {
        id: Some(name.to_owned()),
        name: Some(name.to_owned()),
    })
}
