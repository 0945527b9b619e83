//! Changing a ticket.

use std::sync::Arc;

use helpdesk_api::{Ticket, TicketId, TicketSystem};
use schemars::JsonSchema;
use serde::Deserialize;
use treenail::{Component, Config, Deps, Params, Pipe, PipeContext, PipeResult};

use crate::Claims;

/// Replaces the given fields of a ticket. It fails, without an error, if there is no such ticket.
pub struct UpdateTicketPipe {
    ticket_system: Arc<dyn TicketSystem>,
    claims: Arc<Claims>,
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
            claims: deps.claims,
        })
    }
}

impl Pipe for UpdateTicketPipe {
    async fn run(&self, params: Params<Self>, _: &PipeContext) -> treenail::Result<PipeResult> {
        let UpdateTicketParams {
            ticket_id,
            updated_ticket,
        } = params;
        let (tickets, id) = (&self.ticket_system, &ticket_id);
        let write = |fence| async move {
            match fence {
                Some(fence) => {
                    tickets
                        .update_ticket_fenced(id, updated_ticket, fence)
                        .await
                }
                None => tickets.update_ticket(id, updated_ticket).await,
            }
        };
        Ok(if self.claims.write(id, write).await? {
            PipeResult::ok()
        } else {
            PipeResult::failed("")
        })
    }
}
