//! What is asked of OTOBO and Znuny: the bodies of the requests, without the credentials.

use helpdesk_api::{Entity, Error, ErrorKind, Note, PLAIN_TEXT, Result, SearchCriteria, Ticket};
use serde_json::{Map, Value, json};

/// So many articles of a ticket are read.
const ARTICLES: u32 = 5;
/// A note that may have been added is looked for among so many, the newest first.
const LOOKED_AT: u32 = 10;

/// The body of a request.
pub(crate) type Body = Map<String, Value>;

/// The number that an id is. OTOBO and Znuny know no other ids.
pub(crate) fn number(id: &str, of: &str) -> Result<u64> {
    id.trim().parse().map_err(|_| {
        let message = format!("`{id}` is no id of a {of}: OTOBO and Znuny number them");
        Error::new(ErrorKind::Invalid, message)
    })
}

/// Which tickets there are. The interface knows no offset, so those before it are asked for too.
pub(crate) fn search(criteria: &SearchCriteria) -> Result<Body> {
    let mut body = Body::new();
    if let Some(queue) = &criteria.queue {
        if let Some(name) = &queue.name {
            body.insert("Queues".to_owned(), json!([name]));
        }
        if let Some(id) = &queue.id {
            body.insert("QueueIDs".to_owned(), json!([number(id, "queue")?]));
        }
    }
    let wanted = u64::from(criteria.limit) + u64::from(criteria.offset);
    body.extend([
        ("UseSubQueues".to_owned(), json!(false)),
        ("Limit".to_owned(), json!(wanted)),
        ("SearchLimit".to_owned(), json!(0)),
    ]);
    Ok(body)
}

/// A ticket with its first articles.
pub(crate) fn get(id: u64) -> Body {
    articles(id, "ASC", ARTICLES)
}

/// A ticket with its newest articles.
pub(crate) fn newest(id: u64) -> Body {
    articles(id, "DESC", LOOKED_AT)
}

fn articles(id: u64, order: &str, limit: u32) -> Body {
    let body = json!({
        "TicketID": id,
        "DynamicFields": 1,
        "Extended": 1,
        "AllArticles": 1,
        "ArticleOrder": order,
        "ArticleLimit": limit,
        "Attachments": 0,
        "GetAttachmentContents": 1,
        "HTMLBodyAsAttachment": 1,
    });
    object(body)
}

/// A change, with the last of its notes.
pub(crate) fn update(id: u64, updates: &Ticket, note: Option<&Note>) -> Result<Body> {
    let mut body = Body::new();
    let fields = fields(updates)?;
    if !fields.is_empty() {
        body.insert("Ticket".to_owned(), fields.into());
    }
    if let Some(note) = note {
        body.insert("Article".to_owned(), article(note));
    }
    body.insert("TicketID".to_owned(), json!(id));
    Ok(body)
}

/// A new ticket, whose first article is what the customer wrote.
pub(crate) fn create(ticket: &Ticket) -> Result<Body> {
    let Some(subject) = ticket
        .subject
        .as_deref()
        .filter(|subject| !subject.is_empty())
    else {
        let message = "a ticket without a subject cannot be made in OTOBO or Znuny";
        return Err(Error::new(ErrorKind::Invalid, message));
    };
    let mut fields = fields(ticket)?;
    let customer = ticket.customer.as_ref();
    if let Some(customer) =
        customer.and_then(|customer| customer.id.as_ref().or(customer.name.as_ref()))
    {
        fields.insert("CustomerUser".to_owned(), json!(customer));
    }
    let body = Note::plain(subject, ticket.body.as_deref().unwrap_or_default());
    Ok(object(json!({"Ticket": fields, "Article": article(&body)})))
}

fn fields(ticket: &Ticket) -> Result<Body> {
    let mut fields = Body::new();
    if let Some(subject) = &ticket.subject {
        fields.insert("Title".to_owned(), json!(subject));
    }
    for (name, entity) in [("Queue", &ticket.queue), ("Priority", &ticket.priority)] {
        let Entity { id, name: called } = entity.clone().unwrap_or_default();
        if let Some(id) = id {
            let id = number(&id, &name.to_lowercase())?;
            fields.insert(format!("{name}ID"), json!(id));
        }
        if let Some(called) = called {
            fields.insert(name.to_owned(), json!(called));
        }
    }
    Ok(fields)
}

fn article(note: &Note) -> Value {
    let content_type = note.content_type.as_deref().unwrap_or(PLAIN_TEXT);
    json!({
        "Subject": note.subject,
        "Body": note.body,
        "ContentType": format!("{content_type}; charset=utf-8"),
    })
}

fn object(value: Value) -> Body {
    match value {
        Value::Object(body) => body,
        _ => Body::new(),
    }
}
