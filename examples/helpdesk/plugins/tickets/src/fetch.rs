//! Finding tickets.

use std::sync::{Arc, Mutex, PoisonError};

use helpdesk_api::{SearchCriteria, Ticket, TicketSystem};
use schemars::JsonSchema;
use serde::Deserialize;
use treenail::{Component, Config, Deps, Params, Pipe, PipeContext, PipeResult};

use crate::Claims;
use crate::ending::Verdict;

/// How many tickets are looked through at once, at most, where others have claimed the first ones.
const PAGE: u32 = 50;

/// Finds tickets and leaves those that it could claim behind as `fetched_tickets`; finding none is a success too. They are this
/// helpdesk's until the step around this one has ended.
pub struct FetchTicketsPipe {
    ticket_system: Arc<dyn TicketSystem>,
    claims: Arc<Claims>,
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
            claims: deps.claims,
        })
    }
}

impl Pipe for FetchTicketsPipe {
    async fn run(
        &self,
        params: Params<Self>,
        context: &PipeContext,
    ) -> treenail::Result<PipeResult> {
        let taken = Taken::default();
        let (claims, ids) = (Arc::clone(&self.claims), taken.clone());
        context.finally(move |outcome, error| {
            let verdict = Verdict::of(outcome, error);
            async move { claims.end(ids.take(), &verdict).await }
        });
        let tickets = self.claimed(params.ticket_search_criteria, &taken).await?;
        Ok(PipeResult::ok().with("fetched_tickets", serde_json::to_value(tickets)?))
    }
}

/// The ids of the tickets that were claimed.
#[derive(Clone, Default)]
struct Taken(Arc<Mutex<Vec<String>>>);

impl Taken {
    fn push(&self, id: &str) {
        let mut ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ids.push(id.to_owned());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl FetchTicketsPipe {
    /// Claims what is found, and looks further while others have claimed some of it, until there are as many as were asked for.
    async fn claimed(
        &self,
        criteria: SearchCriteria,
        taken: &Taken,
    ) -> treenail::Result<Vec<Ticket>> {
        let wanted = criteria.limit as usize;
        let mut tickets = Vec::new();
        let mut page = criteria;
        loop {
            let found = self.ticket_system.find_tickets(page.clone()).await?;
            let is_last = found.len() < page.limit as usize;
            for ticket in found {
                if tickets.len() < wanted && self.claims.take(&ticket).await? {
                    if let Some(id) = &ticket.id {
                        taken.push(id);
                    }
                    tickets.push(ticket);
                }
            }
            if is_last || tickets.len() >= wanted {
                return Ok(tickets);
            }
            page.offset = page.offset.saturating_add(page.limit);
            page.limit = page.limit.saturating_mul(2).min(PAGE).max(page.limit);
        }
    }
}
