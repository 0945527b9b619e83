//! What happens at the desk.

use std::sync::Arc;

use axum::http::StatusCode;
use futures_util::future::join_all;
use tokio::sync::Mutex;

use crate::health::Board;
use crate::metrics::Counters;
use crate::notify::Notifier;
use crate::pages::Refusal;
use crate::store::Store;
use crate::visitor::{Stage, Visitor};

/// The one place where the list is changed.
pub(crate) struct Desk {
    store: Arc<dyn Store>,
    notifiers: Vec<Box<dyn Notifier>>,
    metrics: Option<Arc<Counters>>,
    board: Arc<Board>,
    /// One change at a time: each follows from what the list says.
    turn: Mutex<()>,
}

impl Desk {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        notifiers: Vec<Box<dyn Notifier>>,
        metrics: Option<Arc<Counters>>,
        board: Arc<Board>,
    ) -> Self {
        Self {
            store,
            notifiers,
            metrics,
            board,
            turn: Mutex::default(),
        }
    }

    /// Puts somebody on the list.
    pub(crate) async fn announce(&self, name: String, host: String) -> Result<Visitor, Refusal> {
        let turn = self.turn.lock().await;
        let last = self.store.all().await?.last().map_or(0, |last| last.number);
        let visitor = Visitor {
            number: last + 1,
            name,
            host,
            stage: Stage::Announced,
        };
        self.store.put(visitor.clone()).await?;
        drop(turn);
        self.count("announced");
        Ok(visitor)
    }

    /// Lets somebody in, and has the host told. That a host cannot be told keeps nobody out.
    pub(crate) async fn arrive(&self, number: u64) -> Result<Visitor, Refusal> {
        let visitor = self
            .advance(number, Stage::Announced, Stage::Arrived)
            .await?;
        self.count("arrived");
        let told = self.notifiers.iter().map(|one| one.notify(&visitor));
        match join_all(told).await.into_iter().find_map(Result::err) {
            None => self.board.ok("desk"),
            Some(error) => {
                tracing::warn!(number, %error, "the host was not told");
                self.board.recoverable(
                    "desk",
                    format!("the host of {number} was not told: {error}"),
                );
            }
        }
        Ok(visitor)
    }

    /// Lets somebody out.
    pub(crate) async fn leave(&self, number: u64) -> Result<Visitor, Refusal> {
        let visitor = self.advance(number, Stage::Arrived, Stage::Left).await?;
        self.count("left");
        Ok(visitor)
    }

    async fn advance(&self, number: u64, from: Stage, to: Stage) -> Result<Visitor, Refusal> {
        let _turn = self.turn.lock().await;
        let all = self.store.all().await?;
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
        self.store.put(visitor.clone()).await?;
        Ok(visitor)
    }

    fn count(&self, event: &'static str) {
        if let Some(metrics) = &self.metrics {
            metrics.count(event);
        }
    }
}
