//! Changing a ticket.

use std::sync::Arc;

use helpdesk_api::{Ticket, TicketId, TicketSystem};
use schemars::JsonSchema;
use serde::Deserialize;
use treenail::{Component, Config, Deps, Params, Pipe, PipeContext, PipeResult};

/// Replaces the given fields of a ticket. It fails, without an error, if there is no such ticket.
pub struct UpdateTicketPipe {
    ticket_system: Arc<dyn TicketSystem>,
}

/// Parameters of [`UpdateTicketPipe`].
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateTicketParams {
    /// Which ticket.
    pub ticket_id: TicketId,
    /// The fields to replace, with what.
    pub updated_ticket: Ticket,
}

impl Component for UpdateTicketPipe {
    async fn build(deps: Deps<Self>, _: Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            ticket_system: deps.ticket_system,
        })
    }
}

impl Pipe for UpdateTicketPipe {
    async fn run(&self, params: Params<Self>, _: &PipeContext) -> treenail::Result<PipeResult> {
        let UpdateTicketParams {
            ticket_id,
            updated_ticket,
        } = params;
        // Its ticket system may be another one since a reload.
        self.ticket_system.reserve().await?;
        let updated = self.ticket_system.update_ticket(&ticket_id, updated_ticket);
        Ok(if updated.await? {
            PipeResult::ok()
        } else {
            PipeResult::failed("")
        })
    }
}
