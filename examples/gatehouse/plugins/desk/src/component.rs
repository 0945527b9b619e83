//! What happens at the desk.

use axum::http::StatusCode;
use futures_util::future::join_all;
use gatehouse_api::{Refusal, Stage, Visitor};
use tokio::sync::Mutex;
use treenail::{Component, Config, Deps};

use crate::DeskDeps;

/// The one place where the list is changed.
pub struct Desk {
    deps: DeskDeps,
    /// One change at a time: each follows from what the list says.
    turn: Mutex<()>,
}

impl Component for Desk {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            deps,
            turn: Mutex::default(),
        })
    }
}

impl Desk {
    /// Puts somebody on the list.
    ///
    /// # Errors
    /// The list cannot be read or changed.
    pub async fn announce(&self, name: String, host: String) -> Result<Visitor, Refusal> {
        let turn = self.turn.lock().await;
        let last = self
            .deps
            .store
            .all()
            .await?
            .last()
            .map_or(0, |last| last.number);
        let visitor = Visitor {
            number: last + 1,
            name,
            host,
            stage: Stage::Announced,
        };
        self.deps.store.put(visitor.clone()).await?;
        drop(turn);
        self.count("announced");
        Ok(visitor)
    }

    /// Lets somebody in, and has the host told. That a host cannot be told keeps nobody out.
    ///
    /// # Errors
    /// Nobody is expected by this number, or the list cannot be read or changed.
    pub async fn arrive(&self, number: u64) -> Result<Visitor, Refusal> {
        let visitor = self
            .advance(number, Stage::Announced, Stage::Arrived)
            .await?;
        self.count("arrived");
        let told = self.deps.notifiers.iter().map(|one| one.notify(&visitor));
        match join_all(told).await.into_iter().find_map(Result::err) {
            None => self.deps.handle.ok(),
            Some(error) => {
                tracing::warn!(number, %error, "the host was not told");
                self.deps
                    .handle
                    .recoverable(format_args!("the host of {number} was not told: {error}"));
            }
        }
        Ok(visitor)
    }

    /// Lets somebody out.
    ///
    /// # Errors
    /// Nobody is in the house by this number, or the list cannot be read or changed.
    pub async fn leave(&self, number: u64) -> Result<Visitor, Refusal> {
        let visitor = self.advance(number, Stage::Arrived, Stage::Left).await?;
        self.count("left");
        Ok(visitor)
    }

    async fn advance(&self, number: u64, from: Stage, to: Stage) -> Result<Visitor, Refusal> {
        let _turn = self.turn.lock().await;
        let all = self.deps.store.all().await?;
        let found = all.into_iter().find(|visitor| visitor.number == number);
        let nobody = || {
            Refusal(
                StatusCode::NOT_FOUND,
                format!("nobody has the number {number}"),
            )
        };
        let mut visitor = found.ok_or_else(nobody)?;
        if visitor.stage != from {
            let why = format!("{} is not {from:?}, but {:?}", visitor.name, visitor.stage);
            return Err(Refusal(StatusCode::CONFLICT, why.to_lowercase()));
        }
        visitor.stage = to;
        self.deps.store.put(visitor.clone()).await?;
        Ok(visitor)
    }

    fn count(&self, event: &'static str) {
        if let Some(metrics) = &self.deps.metrics {
            metrics.count(event);
        }
    }
}
