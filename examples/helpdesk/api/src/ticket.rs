//! Tickets, and the small named things that they refer to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Note;

/// Something that a ticket refers to by id, by name or by both: a queue, a priority, a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Entity {
    /// The id that the ticket system gave it.
    pub id: Option<String>,
    /// The name that people see.
    pub name: Option<String>,
}

impl Entity {
    /// Something known by its name alone.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            id: None,
            name: Some(name.into()),
        }
    }

    /// Whether neither id nor name is given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id.is_none() && self.name.is_none()
    }

    /// Whether `other` has the id and the name of `self`, as far as `self` gives them.
    #[must_use]
    pub fn matches(&self, other: Option<&Entity>) -> bool {
        let agrees = |wanted: &Option<String>, found: Option<&String>| {
            wanted.as_ref().is_none_or(|wanted| Some(wanted) == found)
        };
        agrees(&self.id, other.and_then(|entity| entity.id.as_ref()))
            && agrees(&self.name, other.and_then(|entity| entity.name.as_ref()))
    }
}

/// A ticket, or the part of one that is known or to be changed: every field may be absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Ticket {
    /// The id that the ticket system gave it; always text, even if it looks like a number.
    pub id: Option<String>,
    /// One line that says what it is about.
    pub subject: Option<String>,
    /// Where it waits.
    pub queue: Option<Entity>,
    /// How urgent it is.
    pub priority: Option<Entity>,
    /// Who asks.
    pub customer: Option<Entity>,
    /// What was said since, oldest first.
    pub notes: Option<Vec<Note>>,
    /// What the customer wrote.
    pub body: Option<String>,
}

impl Ticket {
    /// Changes this ticket as an update does: every given field replaces the whole old one (a queue
    /// given by name loses its id), except that of the notes only the last is added.
    pub fn update(&mut self, changes: Ticket) {
        fn replace<T>(field: &mut Option<T>, change: Option<T>) {
            if change.is_some() {
                *field = change;
            }
        }
        replace(&mut self.id, changes.id);
        replace(&mut self.subject, changes.subject);
        replace(&mut self.queue, changes.queue);
        replace(&mut self.priority, changes.priority);
        replace(&mut self.customer, changes.customer);
        replace(&mut self.body, changes.body);
        if let Some(note) = changes.notes.and_then(|mut notes| notes.pop()) {
            self.notes.get_or_insert_default().push(note);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_replaces_whole_fields_and_appends_the_last_note() {
        let mut ticket = Ticket {
            id: Some("1".into()),
            subject: Some("old".into()),
            queue: Some(Entity {
                id: Some("q1".into()),
                name: Some("Inbox".into()),
            }),
            notes: Some(vec![Note::plain("first", "")]),
            ..Ticket::default()
        };
        ticket.update(Ticket {
            queue: Some(Entity::named("Network")),
            notes: Some(vec![Note::plain("lost", ""), Note::plain("kept", "")]),
            ..Ticket::default()
        });
        assert_eq!(ticket.queue, Some(Entity::named("Network")));
        assert_eq!(ticket.subject.as_deref(), Some("old"));
        let subjects: Vec<_> = ticket.notes.iter().flatten().map(|n| &n.subject).collect();
        assert_eq!(subjects, ["first", "kept"]);
    }

    #[test]
    fn an_entity_matches_as_far_as_it_is_given() {
        let inbox = Entity {
            id: Some("q1".into()),
            name: Some("Inbox".into()),
        };
        assert!(Entity::named("Inbox").matches(Some(&inbox)));
        assert!(Entity::default().matches(None));
        assert!(!Entity::named("Inbox").matches(None));
        assert!(!Entity::named("inbox").matches(Some(&inbox)));
    }
}
