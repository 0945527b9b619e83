//! Recorded exchanges: a call of a ticket system, the requests it made, the answers it got.
//!
//! They are looked for in `shared/upstream` beside the repository, and are not part of it.

use std::path::Path;
use std::sync::Mutex;

use helpdesk_api::{Note, SearchCriteria, Ticket, TicketSystem};
use serde_json::Value;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers};

/// Stands for the server in recorded addresses, and is never resolved.
const HOST: &str = "http://helpdesk.invalid";

/// One recorded call.
pub struct Golden {
    /// The row.
    row: Value,
    /// In place of the recorded server.
    server: MockServer,
}

/// The rows that have to be met exactly, for this component; `None` where there is no recording.
///
/// # Panics
/// If there is none although `TREENAIL_REQUIRE_SHARED` is set, or if it is no such recording.
#[must_use]
pub fn recorded(component: &str) -> Option<Vec<Value>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let path = beside.join("../shared/upstream/http_golden.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        let required = std::env::var_os("TREENAIL_REQUIRE_SHARED").is_some();
        assert!(!required, "{} is not there", path.display());
        println!("skipped: {} is not there", path.display());
        return None;
    };
    let table: Value = serde_json::from_str(&text).expect("the recording is JSON");
    let rows = table["cases"].as_array().expect("a list of cases").iter();
    let ours = rows.filter(|row| row["treenail"] == "same" && row["adapter"]["use"] == component);
    Some(ours.cloned().collect())
}

impl Golden {
    /// A server that answers as in the row.
    pub async fn of(row: Value) -> Self {
        let server = MockServer::start().await;
        let exchanges = row["exchanges"].as_array().expect("a list of exchanges");
        let answers = Answers(Mutex::new(exchanges.clone()));
        let any = Mock::given(matchers::any()).respond_with(answers);
        any.mount(&server).await;
        Self { row, server }
    }

    /// The name of the row.
    #[must_use]
    pub fn name(&self) -> &str {
        self.row["name"].as_str().unwrap_or_default()
    }

    /// The parameters of the adapter, which lead to the server.
    #[must_use]
    pub fn params(&self) -> Value {
        let text = self.row["adapter"]["params"].to_string();
        let here = text.replace(HOST, &self.server.uri());
        serde_json::from_str(&here).expect("parameters")
    }

    /// Makes the call.
    ///
    /// # Panics
    /// If the outcome or the requests are not as recorded.
    pub async fn check(&self, system: &dyn TicketSystem) {
        let outcome = call(system, &self.row["call"]).await;
        match (self.row.get("error"), outcome) {
            (None, Ok(result)) => assert_eq!(result, self.row["result"], "{}", self.name()),
            (Some(expected), Err(text)) => {
                let words = expected["contains"].as_array().expect("a list of words");
                for word in words.iter().filter_map(Value::as_str) {
                    let found = text.to_lowercase().contains(&word.to_lowercase());
                    assert!(found, "{}: no {word} in {text}", self.name());
                }
            }
            (_, outcome) => panic!("{}: {outcome:?}", self.name()),
        }
        let requests = self.server.received_requests().await.expect("recorded");
        let expected = self.row["exchanges"]
            .as_array()
            .expect("a list of exchanges");
        let seen: Vec<String> = requests
            .iter()
            .map(|request| format!("{} {}", request.method, request.url))
            .collect();
        assert_eq!(requests.len(), expected.len(), "{}: {seen:?}", self.name());
        for exchange in expected {
            let met = requests
                .iter()
                .any(|request| self.is_recorded(exchange, request));
            assert!(met, "{}: {seen:?} and not {exchange:#}", self.name());
        }
    }

    /// Method, address, the recorded headers and the body.
    fn is_recorded(&self, exchange: &Value, request: &Request) -> bool {
        let url = exchange["url"].as_str().expect("an address");
        let url: helpdesk_http_client::Url = url
            .replace(HOST, &self.server.uri())
            .parse()
            .expect("an address");
        let pairs = |url: &helpdesk_http_client::Url| {
            let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
            pairs.sort();
            pairs
        };
        let headers = exchange["headers"].as_object().expect("headers");
        let body = if request.body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&request.body).expect("a body of JSON")
        };
        request.method.as_str() == exchange["method"]
            && request.url.path() == url.path()
            && pairs(&request.url) == pairs(&url)
            && headers.iter().all(|(name, value)| {
                let sent = request.headers.get(name.as_str());
                sent.and_then(|sent| sent.to_str().ok()) == value.as_str()
            })
            && body == exchange["body"]
    }
}

/// The answers that are left, in their order.
struct Answers(Mutex<Vec<Value>>);

impl Respond for Answers {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let mut left = self.0.lock().expect("no panic before");
        if left.is_empty() {
            return ResponseTemplate::new(418).set_body_string("there is no answer left");
        }
        let exchange = left.remove(0);
        let status = exchange["response_status"].as_u64().unwrap_or_default();
        ResponseTemplate::new(u16::try_from(status).expect("a status"))
            .set_body_json(&exchange["response_body"])
    }
}

/// The outcome of a call, as JSON or as the text of the error with all its causes.
async fn call(system: &dyn TicketSystem, call: &Value) -> Result<Value, String> {
    let id = call[1].as_str().unwrap_or_default();
    let said = |error: helpdesk_api::Error| {
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            text.push_str(&format!(": {error}"));
            cause = error.source();
        }
        text
    };
    fn read<T: for<'de> serde::Deserialize<'de>>(value: &Value) -> T {
        serde_json::from_value(value.clone()).expect("an argument")
    }
    let outcome = match call[0].as_str().expect("the name of a call") {
        "find_tickets" => {
            let criteria: SearchCriteria = read(&call[1]);
            system.find_tickets(criteria).await.map(json)
        }
        "get_ticket" => system.get_ticket(id).await.map(json),
        "update_ticket" => system
            .update_ticket(id, read::<Ticket>(&call[2]))
            .await
            .map(json),
        "add_note" => system.add_note(id, read::<Note>(&call[2])).await.map(json),
        "create_ticket" => system
            .create_ticket(read::<Ticket>(&call[1]))
            .await
            .map(json),
        other => panic!("the recording has a new call: {other}"),
    };
    outcome.map_err(said)
}

fn json(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).expect("models become JSON")
}
