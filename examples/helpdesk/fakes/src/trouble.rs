//! The troubles that a service can make, and what they are to whoever meets them.

use std::sync::Arc;

use helpdesk_http_client::Fault;
use serde_json::json;

use crate::{Reply, Seen};

/// One trouble.
#[derive(Clone)]
pub struct Trouble {
    /// What happens.
    pub name: &'static str,
    /// How the server does it. What it says repeats the whole request, secrets included.
    pub reply: Arc<dyn Fn(&Seen) -> Reply + Send + Sync>,
    /// What the error is.
    pub fault: Fault,
    /// Whether another try may succeed.
    pub transient: bool,
    /// Whether the service may have done what it was asked.
    pub doubtful: bool,
}

/// Every trouble of a server that is there and can be spoken to.
#[must_use]
pub fn troubles() -> Vec<Trouble> {
    let mut troubles = Vec::new();
    let mut add = |name, fault, (transient, doubtful), reply: fn(&Seen) -> Reply| {
        troubles.push(Trouble {
            name,
            reply: Arc::new(reply),
            fault,
            transient,
            doubtful,
        });
    };
    add("401", Fault::Status, (false, false), |seen| echo(401, seen));
    add(
        "401 in the JSON of PHP",
        Fault::Status,
        (false, false),
        |seen| {
            echo_escaped(seen, |letter| match letter {
                '/' => Some("\\/".to_owned()),
                _ => None,
            })
        },
    );
    add(
        "401 in the JSON of Rails",
        Fault::Status,
        (false, false),
        |seen| {
            echo_escaped(seen, |letter| match letter {
                '&' | '<' | '>' => Some(format!("\\u{:04x}", u32::from(letter))),
                _ => None,
            })
        },
    );
    add(
        "401 in JSON of numbers",
        Fault::Status,
        (false, false),
        |seen| {
            echo_escaped(seen, |letter| {
                let is_part = letter.is_alphanumeric() || "/&<>=".contains(letter);
                is_part.then(|| format!("\\u{:04X}", u32::from(letter)))
            })
        },
    );
    add("401 in an address", Fault::Status, (false, false), |seen| {
        let token = seen.header("authorization").unwrap_or_default();
        let body = String::from_utf8_lossy(&seen.body);
        let text = format!("{token} {body}");
        let encoded = text.bytes().map(|byte| match byte {
            b' ' => "+".to_owned(),
            _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ => format!("%{byte:02x}"),
        });
        let encoded: String = encoded.collect();
        Reply::text(401, "text/plain", &format!("/login?then={encoded}"))
    });
    add("403", Fault::Status, (false, false), |seen| echo(403, seen));
    add("404 of a web server", Fault::Status, (false, false), |_| {
        Reply::text(404, "text/html", "<html>not here</html>")
    });
    add("409", Fault::Status, (false, false), |seen| echo(409, seen));
    add("422", Fault::Status, (false, false), |seen| echo(422, seen));
    add("429", Fault::Status, (true, false), |seen| {
        echo(429, seen).with("retry-after", "0")
    });
    add("500", Fault::Status, (true, true), |seen| echo(500, seen));
    add("502", Fault::Status, (true, true), |seen| echo(502, seen));
    add("503", Fault::Status, (true, true), |seen| echo(503, seen));
    add("504", Fault::Status, (true, true), |seen| echo(504, seen));
    add("silence", Fault::Timeout, (true, true), |_| Reply::Silence);
    add(
        "a reset instead of an answer",
        Fault::Interrupted,
        (true, true),
        |_| Reply::Reset,
    );
    add(
        "a reset in the middle",
        Fault::Interrupted,
        (true, true),
        |seen| Reply::CutByReset(seen.body.clone()),
    );
    add(
        "an answer that ends too early",
        Fault::Interrupted,
        (true, true),
        |seen| Reply::Cut(seen.body.clone()),
    );
    add("half of a JSON text", Fault::Garbled, (false, true), |_| {
        Reply::text(200, "application/json", r#"{"Ticket": [{"TicketID": "#)
    });
    add(
        "a page instead of JSON",
        Fault::Garbled,
        (false, true),
        |seen| Reply::text(200, "text/html", &format!("<html>{seen:?}</html>")),
    );
    add(
        "JSON of another form",
        Fault::Garbled,
        (false, true),
        |_| Reply::text(200, "application/json", "42"),
    );
    add("an answer of 2 GB", Fault::TooLarge, (false, true), |_| {
        Reply::Huge(2 << 30)
    });
    add(
        "an answer without an end",
        Fault::TooLarge,
        (false, true),
        |_| Reply::Endless,
    );
    add(
        "a redirect elsewhere",
        Fault::Redirected,
        (false, false),
        |_| Reply::json(307, &json!({})).with("location", "http://helpdesk.invalid/elsewhere"),
    );
    troubles
}

fn echo(status: u16, seen: &Seen) -> Reply {
    let body = String::from_utf8_lossy(&seen.body);
    let token = seen.header("authorization").unwrap_or_default();
    Reply::json(status, &json!({"error": "no", "you": [body, token]}))
}

/// The request in JSON whose writer escapes some letters that need no escape.
fn echo_escaped(seen: &Seen, escaped: fn(char) -> Option<String>) -> Reply {
    let body = String::from_utf8_lossy(&seen.body);
    let token = seen.header("authorization").unwrap_or_default();
    let text = json!({"error": token, "you": body}).to_string();
    let text: String = text
        .chars()
        .map(|letter| escaped(letter).unwrap_or_else(|| letter.to_string()))
        .collect();
    Reply::text(401, "application/json", &text)
}
