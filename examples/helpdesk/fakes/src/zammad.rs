//! The REST interface of Zammad, as far as a helpdesk uses it.

use helpdesk_api::{Entity, Note, Ticket};
use helpdesk_http_client::Url;
use serde_json::{Value, json};

use crate::desk::{articles, find};
use crate::{Reply, Seen};

/// What the service answers, and what it does.
pub(crate) fn answer(tickets: &mut Vec<Ticket>, token: &str, seen: &Seen) -> Reply {
    let Some(path) = seen.path().strip_prefix("/api/v1/") else {
        return Reply::text(404, "text/html", "<html>Not Found</html>");
    };
    if seen.header("authorization") != Some(&format!("Token token={token}")) {
        return Reply::json(401, &json!({"error": "Invalid token!"}));
    }
    let parts: Vec<&str> = path.split('/').collect();
    let body = seen.json();
    let answer = match (seen.method.as_str(), &parts[..]) {
        ("GET", ["tickets", "search"]) => Some((200, search(tickets, seen))),
        ("GET", ["tickets", id]) => find(tickets, id).map(|ticket| (200, shown(ticket))),
        ("PUT", ["tickets", id]) => find(tickets, id).map(|ticket| {
            ticket.update(change(&body));
            (200, shown(ticket))
        }),
        ("POST", ["tickets"]) => {
            let mut ticket = change(&body);
            ticket.id = Some((9000 + tickets.len()).to_string());
            ticket.body = body["article"]["body"].as_str().map(str::to_owned);
            tickets.push(ticket);
            tickets.last().map(|ticket| (201, shown(ticket)))
        }
        ("GET", ["ticket_articles", "by_ticket", id]) => find(tickets, id).map(|ticket| {
            let articles = articles(ticket);
            let numbered = articles
                .iter()
                .enumerate()
                .map(|(number, note)| article(number, note));
            (200, numbered.collect())
        }),
        ("POST", ["ticket_articles"]) => {
            find(tickets, &body["ticket_id"].to_string()).map(|ticket| {
                let notes = ticket.notes.get_or_insert_default();
                notes.push(note(&body));
                (201, article(notes.len(), &note(&body)))
            })
        }
        _ => None,
    };
    let (status, answer) = answer.unwrap_or((404, json!({"error": "No such object"})));
    Reply::json(status, &answer)
}

fn search(tickets: &[Ticket], seen: &Seen) -> Value {
    let url = Url::parse(&format!("http://zammad{}", seen.target)).expect("a target is a path");
    let given = |name: &str| {
        let found = url.query_pairs().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    let query = given("query");
    let group = query
        .strip_prefix("group:\"")
        .and_then(|rest| rest.strip_suffix('"'));
    let group = group.map(|group| group.replace("\\\"", "\"").replace("\\\\", "\\"));
    let in_group = |ticket: &&Ticket| {
        let name = ticket.queue.as_ref().and_then(|queue| queue.name.as_ref());
        group.is_none() || group.as_ref() == name
    };
    let (limit, offset) = (given("limit"), given("offset"));
    tickets
        .iter()
        .filter(in_group)
        .skip(offset.parse().unwrap_or(0))
        .take(limit.parse().unwrap_or(usize::MAX))
        .map(shown)
        .collect()
}

fn shown(ticket: &Ticket) -> Value {
    let name = |entity: &Option<Entity>| entity.as_ref().and_then(|entity| entity.name.clone());
    let id: Option<u64> = ticket.id.as_ref().and_then(|id| id.parse().ok());
    json!({
        "id": id,
        "title": ticket.subject,
        "group": name(&ticket.queue),
        "priority": name(&ticket.priority),
        "state": "new",
        "article_ids": [],
    })
}

fn change(fields: &Value) -> Ticket {
    let text = |name: &str| fields[name].as_str().map(str::to_owned);
    Ticket {
        subject: text("title"),
        queue: text("group").map(Entity::named),
        priority: text("priority").map(Entity::named),
        ..Ticket::default()
    }
}

fn note(article: &Value) -> Note {
    let text = |name: &str| article[name].as_str().unwrap_or_default();
    let mut note = Note::plain(text("subject"), text("body"));
    note.content_type = Some(text("content_type").to_owned());
    note.additional
        .insert("internal".to_owned(), article["internal"].clone());
    note
}

fn article(number: usize, note: &Note) -> Value {
    json!({
        "id": 100 + number,
        "subject": note.subject,
        "body": note.body,
        "content_type": note.content_type,
        "internal": note.additional.get("internal"),
    })
}
