//! Adding a note to a ticket.

use std::collections::BTreeMap;
use std::sync::Arc;

use helpdesk_api::{Note, TicketId, TicketSystem};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use treenail::{Component, Config, Deps, Params, Pipe, PipeContext, PipeResult};

/// Adds a note to a ticket. It fails, without an error, if there is no such ticket.
pub struct AddNotePipe {
    ticket_system: Arc<dyn TicketSystem>,
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
        })
    }
}

impl Pipe for AddNotePipe {
    async fn run(&self, params: Params<Self>, _: &PipeContext) -> treenail::Result<PipeResult> {
        let AddNoteParams {
            ticket_id, note, ..
        } = params;
        // Its ticket system may be another one since a reload.
        self.ticket_system.reserve().await?;
        Ok(if self.ticket_system.add_note(&ticket_id, note).await? {
            PipeResult::ok()
        } else {
            PipeResult::failed(format!("there is no ticket {ticket_id}"))
        })
    }
}
