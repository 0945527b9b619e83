//! What is asked of Zammad: search queries and bodies.

use helpdesk_api::{Entity, Error, ErrorKind, Note, PLAIN_TEXT, Result, SearchCriteria, Ticket};
use serde_json::{Map, Value, json};

/// The number that the id of a ticket is.
pub(crate) fn number(id: &str) -> Result<u64> {
    id.trim().parse().map_err(|_| {
        let message = format!("`{id}` is no id of a ticket: Zammad numbers them");
        Error::new(ErrorKind::Invalid, message)
    })
}

/// The query for tickets. A name in it is a phrase, whatever it contains.
pub(crate) fn query(criteria: &SearchCriteria) -> String {
    match criteria.queue.as_ref().and_then(called) {
        None => "*".to_owned(),
        Some(name) => format!(
            "group:\"{}\"",
            name.replace('\\', "\\\\").replace('"', "\\\"")
        ),
    }
}

/// The fields of a ticket that Zammad lets be changed.
pub(crate) fn fields(ticket: &Ticket) -> Map<String, Value> {
    let fields = [
        ("title", ticket.subject.as_deref()),
        ("group", ticket.queue.as_ref().and_then(called)),
        ("priority", ticket.priority.as_ref().and_then(called)),
    ];
    let given = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), json!(value?))));
    given.collect()
}

/// A new ticket, whose first article is what the customer wrote.
pub(crate) fn create(ticket: &Ticket) -> Value {
    let subject = ticket.subject.as_deref().unwrap_or_default();
    let mut fields = fields(ticket);
    fields.insert("title".to_owned(), json!(subject));
    let body = Note::plain(subject, ticket.body.as_deref().unwrap_or_default());
    fields.insert("article".to_owned(), article(&body, false).into());
    if let Some(customer) = ticket.customer.as_ref().and_then(called) {
        fields.insert("customer".to_owned(), json!(customer));
    }
    fields.into()
}

/// A note on a ticket.
pub(crate) fn note(id: u64, note: &Note, internal: bool) -> Value {
    let said = note.additional.get("internal").and_then(Value::as_bool);
    let mut article = article(note, said.unwrap_or(internal));
    article.insert("ticket_id".to_owned(), json!(id));
    article.into()
}

fn article(note: &Note, internal: bool) -> Map<String, Value> {
    let fields = [
        ("subject", json!(note.subject)),
        ("body", json!(note.body)),
        ("type", json!("note")),
        (
            "content_type",
            json!(note.content_type.as_deref().unwrap_or(PLAIN_TEXT)),
        ),
        ("internal", json!(internal)),
    ];
    fields
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}

/// What Zammad calls it: it knows groups and priorities by their names, and takes an id for one.
fn called(entity: &Entity) -> Option<&str> {
    let name = entity.name.as_deref().filter(|name| !name.is_empty());
    name.or(entity.id.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_queue_is_never_read_as_a_query() {
        let named = |name: &str| {
            query(&SearchCriteria {
                queue: Some(Entity::named(name)),
                ..SearchCriteria::default()
            })
        };
        assert_eq!(
            named(r#"a" OR state:"open"#),
            r#"group:"a\" OR state:\"open""#
        );
        assert_eq!(named(r"a\"), r#"group:"a\\""#);
        assert_eq!(named("IT::VPN: über"), r#"group:"IT::VPN: über""#);
        assert_eq!(query(&SearchCriteria::default()), "*");
    }
}
