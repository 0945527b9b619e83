//! What the ticket system can be told.

use schemars::JsonSchema;
use serde::Deserialize;
use treenail::{Duration, Secret};

/// Configuration of [`OtoboZnuny`](crate::OtoboZnuny).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtoboZnunyConfig {
    /// Where the generic interface is, such as `https://desk.example/otobo/nph-genericinterface.pl`.
    pub base_url: String,
    /// The agent's password.
    pub password: Secret,
    /// The agent in whose name everything is done.
    #[serde(default = "username")]
    pub username: String,
    /// The name of the web service.
    #[serde(default = "webservice_name")]
    pub webservice_name: String,
    /// The paths of the operations, below the web service.
    #[serde(default)]
    pub operation_urls: OperationUrls,
    /// How long a request may take.
    #[serde(default = "timeout")]
    pub timeout: Duration,
}

/// The path of each operation.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct OperationUrls {
    /// Makes a ticket.
    pub ticket_create: String,
    /// Finds the ids of tickets.
    pub ticket_search: String,
    /// Reads a ticket.
    pub ticket_get: String,
    /// Changes a ticket, and adds articles to it.
    pub ticket_update: String,
}

impl Default for OperationUrls {
    fn default() -> Self {
        Self {
            ticket_create: "ticket-create".to_owned(),
            ticket_search: "ticket-search".to_owned(),
            ticket_get: "ticket-get".to_owned(),
            ticket_update: "ticket-update".to_owned(),
        }
    }
}

fn username() -> String {
    "open_ticket_ai".to_owned()
}

fn webservice_name() -> String {
    "OpenTicketAI".to_owned()
}

fn timeout() -> Duration {
    std::time::Duration::from_secs(5).into()
}
