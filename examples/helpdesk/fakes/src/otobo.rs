//! The generic interface of OTOBO and Znuny, as far as a helpdesk uses it.

use helpdesk_api::{Entity, Note, Ticket};
use serde_json::{Map, Value, json};

use crate::desk::{articles, find};
use crate::{Reply, Seen};

/// The path of the web service.
const SERVICE: &str = "/nph-genericinterface.pl/Webservice/OpenTicketAI/";

/// What the service answers, and what it does.
pub(crate) fn answer(tickets: &mut Vec<Ticket>, password: &str, seen: &Seen) -> Reply {
    let Some((_, operation)) = seen.path().split_once(SERVICE) else {
        return Reply::text(404, "text/html", "<html>Not Found</html>");
    };
    let body = seen.json();
    let name = match (seen.method.as_str(), operation) {
        ("POST", "ticket-search") => "TicketSearch",
        ("POST", "ticket-get") => "TicketGet",
        ("PUT", "ticket-update") => "TicketUpdate",
        ("POST", "ticket-create") => "TicketCreate",
        _ => return Reply::text(500, "text/html", "<html>no such operation</html>"),
    };
    let known = body["UserLogin"] == "open_ticket_ai" && body["Password"] == password;
    let outcome = match name {
        _ if !known => Err(("AuthFail", "Authorization failing!")),
        "TicketSearch" => search(tickets, &body),
        "TicketGet" => get(tickets, &body),
        "TicketUpdate" => update(tickets, &body),
        _ => create(tickets, &body),
    };
    Reply::json(200, &outcome.unwrap_or_else(|(code, message)| {
        json!({"Error": {"ErrorCode": format!("{name}.{code}"), "ErrorMessage": format!("{name}: {message}")}})
    }))
}

/// An answer, or the code and the message of a refusal.
type Outcome = Result<Value, (&'static str, &'static str)>;

const DENIED: (&str, &str) = ("AccessDenied", "User does not have access to the ticket!");

fn search(tickets: &[Ticket], body: &Value) -> Outcome {
    let wanted = body["Queues"].as_array();
    let in_queue = |ticket: &&Ticket| {
        let name = ticket.queue.as_ref().and_then(|queue| queue.name.as_ref());
        wanted.is_none_or(|wanted| {
            wanted
                .iter()
                .any(|wanted| wanted.as_str() == name.map(String::as_str))
        })
    };
    let limit = body["Limit"]
        .as_u64()
        .and_then(|limit| usize::try_from(limit).ok());
    let found = tickets
        .iter()
        .filter(in_queue)
        .take(limit.unwrap_or(usize::MAX));
    let ids: Vec<_> = found.map(|ticket| &ticket.id).collect();
    // Nothing found is no list at all.
    Ok(if ids.is_empty() {
        json!({})
    } else {
        json!({"TicketID": ids})
    })
}

fn get(tickets: &mut [Ticket], body: &Value) -> Outcome {
    let ticket = find(tickets, &body["TicketID"].to_string()).ok_or(DENIED)?;
    let mut articles: Vec<Value> = articles(ticket).iter().map(article).collect();
    if body["ArticleOrder"] == "DESC" {
        articles.reverse();
    }
    let limit = body["ArticleLimit"]
        .as_u64()
        .and_then(|limit| usize::try_from(limit).ok());
    articles.truncate(limit.unwrap_or(usize::MAX));
    let mut shown = shown(ticket);
    shown.insert("Article".to_owned(), articles.into());
    Ok(json!({"Ticket": [shown]}))
}

fn update(tickets: &mut [Ticket], body: &Value) -> Outcome {
    let ticket = find(tickets, &body["TicketID"].to_string()).ok_or(DENIED)?;
    ticket.update(change(&body["Ticket"]));
    if body["Article"].is_object() {
        ticket
            .notes
            .get_or_insert_default()
            .push(note(&body["Article"]));
    }
    Ok(json!({"TicketID": ticket.id, "TicketNumber": "1", "Ticket": shown(ticket)}))
}

fn create(tickets: &mut Vec<Ticket>, body: &Value) -> Outcome {
    let id = (9000 + tickets.len()).to_string();
    let mut ticket = change(&body["Ticket"]);
    ticket.id = Some(id.clone());
    ticket.body = Some(note(&body["Article"]).body);
    tickets.push(ticket);
    Ok(json!({"TicketID": id, "TicketNumber": "1", "ArticleID": "1"}))
}

fn change(fields: &Value) -> Ticket {
    let text = |name: &str| fields[name].as_str().map(str::to_owned);
    Ticket {
        subject: text("Title"),
        queue: text("Queue").map(Entity::named),
        priority: text("Priority").map(Entity::named),
        ..Ticket::default()
    }
}

fn note(article: &Value) -> Note {
    let text = |name: &str| article[name].as_str().unwrap_or_default();
    let content_type = text("ContentType").split(';').next().unwrap_or_default();
    Note {
        content_type: Some(content_type.to_owned()),
        ..Note::plain(text("Subject"), text("Body"))
    }
}

fn article(note: &Note) -> Value {
    let content_type = note.content_type.as_deref().unwrap_or_default();
    json!({"Subject": note.subject, "Body": note.body, "ContentType": format!("{content_type}; charset=utf-8")})
}

fn shown(ticket: &Ticket) -> Map<String, Value> {
    let name = |entity: &Option<Entity>| entity.as_ref().and_then(|entity| entity.name.clone());
    let id = |entity: &Option<Entity>| entity.as_ref().and_then(|entity| entity.id.clone());
    let shown = json!({
        "TicketID": ticket.id,
        "Title": ticket.subject,
        "Queue": name(&ticket.queue),
        "QueueID": id(&ticket.queue),
        "Priority": name(&ticket.priority),
        "PriorityID": id(&ticket.priority),
        "State": "new",
    });
    shown.as_object().cloned().unwrap_or_default()
}
