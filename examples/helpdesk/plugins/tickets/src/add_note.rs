//! Adding a note to a ticket.

use std::collections::BTreeMap;
use std::sync::Arc;

use helpdesk_api::{Note, TicketId, TicketSystem};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use treenail::{Component, Config, Deps, Params, Pipe, PipeContext, PipeResult};

use crate::Claims;

/// Adds a note to a ticket. It fails, without an error, if there is no such ticket.
pub struct AddNotePipe {
    ticket_system: Arc<dyn TicketSystem>,
    claims: Arc<Claims>,
}

/// Parameters of [`AddNotePipe`].
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct AddNoteParams {
    /// Which ticket.
    pub ticket_id: TicketId,
    /// The note.
    pub note: Note,
    /// Further parameters, which mean nothing here.
    #[serde(flatten)]
    pub additional: BTreeMap<String, Value>,
}

impl Component for AddNotePipe {
    async fn build(deps: Deps<Self>, _: Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            ticket_system: deps.ticket_system,
            claims: deps.claims,
        })
    }
}

impl Pipe for AddNotePipe {
    async fn run(&self, params: Params<Self>, _: &PipeContext) -> treenail::Result<PipeResult> {
        let AddNoteParams {
            ticket_id, note, ..
        } = params;
        let (tickets, id) = (&self.ticket_system, &ticket_id);
        let write = |fence| async move {
            match fence {
                Some(fence) => tickets.add_note_fenced(id, note, fence).await,
                None => tickets.add_note(id, note).await,
            }
        };
        Ok(if self.claims.write(id, write).await? {
            PipeResult::ok()
        } else {
            PipeResult::failed(format!("there is no ticket {ticket_id}"))
        })
    }
}
