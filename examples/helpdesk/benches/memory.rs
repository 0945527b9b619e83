//! Services that cost next to nothing, so that what is measured is the pipeline.

use std::time::{Duration, Instant};

use helpdesk_api::{
    Classification, ClassificationRequest, Classifier, Entity, Note, SearchCriteria, Ticket,
    TicketSystem, async_trait,
};
use helpdesk_work::{Claim, DeadLetter, Work};
use schemars::JsonSchema;
use serde::Deserialize;
use treenail::{Component, Config, Deps};

/// One ticket, which no change changes.
pub struct Tickets;

impl Component for Tickets {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

#[async_trait]
impl TicketSystem for Tickets {
    async fn create_ticket(&self, ticket: Ticket) -> helpdesk_api::Result<Ticket> {
        Ok(ticket)
    }

    async fn update_ticket(&self, _: &str, _: Ticket) -> helpdesk_api::Result<bool> {
        Ok(true)
    }

    async fn find_tickets(&self, _: SearchCriteria) -> helpdesk_api::Result<Vec<Ticket>> {
        Ok(vec![Ticket {
            id: Some("1".to_owned()),
            subject: Some("VPN broken".to_owned()),
            body: Some("Cannot connect to VPN since this morning".to_owned()),
            queue: Some(Entity::named("Incoming")),
            priority: Some(Entity::named("medium")),
            ..Ticket::default()
        }])
    }

    async fn get_ticket(&self, _: &str) -> helpdesk_api::Result<Option<Ticket>> {
        Ok(None)
    }

    async fn add_note(&self, _: &str, _: Note) -> helpdesk_api::Result<bool> {
        Ok(true)
    }
}

/// What every text is labelled with.
#[derive(Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LabelsConfig {
    label: String,
    token: treenail::Secret,
    tries: u8,
}

impl Default for LabelsConfig {
    fn default() -> Self {
        Self {
            label: "Network".to_owned(),
            token: treenail::Secret::default(),
            tries: 1,
        }
    }
}

/// One label.
pub struct Labels(String);

impl Component for Labels {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        let LabelsConfig {
            label,
            token,
            tries,
        } = config;
        assert!(tries > 0 && token.expose().len() < 100);
        Ok(Self(label))
    }
}

#[async_trait]
impl Classifier for Labels {
    async fn classify(&self, _: ClassificationRequest) -> helpdesk_api::Result<Classification> {
        Ok(Classification {
            label: self.0.clone(),
            confidence: 0.9,
        })
    }
}

/// Work that is always there to be claimed.
pub struct Given;

impl Component for Given {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

#[async_trait]
impl Work for Given {
    async fn claim(
        &self,
        key: &str,
        _: &str,
        lease: Duration,
    ) -> helpdesk_work::Result<Option<Claim>> {
        Ok(Some(Claim::new(key, 1, 1, Instant::now(), lease)))
    }

    async fn extend(&self, _: &mut Claim, _: Duration) -> helpdesk_work::Result<()> {
        Ok(())
    }

    async fn done(&self, _: &Claim) -> helpdesk_work::Result<()> {
        Ok(())
    }

    async fn failed(&self, _: &Claim, _: Duration, _: &str) -> helpdesk_work::Result<()> {
        Ok(())
    }

    async fn release(&self, _: &Claim) -> helpdesk_work::Result<()> {
        Ok(())
    }

    async fn dead(&self) -> helpdesk_work::Result<Vec<DeadLetter>> {
        Ok(Vec::new())
    }

    async fn revive(&self, _: &str) -> helpdesk_work::Result<bool> {
        Ok(false)
    }
}
