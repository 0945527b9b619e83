//! Finding tickets.

use std::sync::Arc;

use helpdesk_api::{SearchCriteria, TicketSystem};
use schemars::JsonSchema;
use serde::Deserialize;
use treenail::{Component, Config, Deps, Params, Pipe, PipeContext, PipeResult};

/// Finds tickets and leaves them behind as `fetched_tickets`; finding none is a success too.
pub struct FetchTicketsPipe {
    ticket_system: Arc<dyn TicketSystem>,
}

/// Parameters of [`FetchTicketsPipe`].
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FetchTicketsParams {
    /// Which tickets, and how many.
    pub ticket_search_criteria: SearchCriteria,
}

impl Component for FetchTicketsPipe {
    async fn build(deps: Deps<Self>, _: Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            ticket_system: deps.ticket_system,
        })
    }
}

impl Pipe for FetchTicketsPipe {
    async fn run(&self, params: Params<Self>, _: &PipeContext) -> treenail::Result<PipeResult> {
        let criteria = params.ticket_search_criteria;
        let tickets = self.ticket_system.find_tickets(criteria).await?;
        Ok(PipeResult::ok().with("fetched_tickets", serde_json::to_value(tickets)?))
    }
}
