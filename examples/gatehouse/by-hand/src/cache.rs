//! Remembers the list, whoever keeps it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, watch};

use crate::Result;
use crate::health::Board;
use crate::store::Store;
use crate::visitor::Visitor;

/// A store that remembers the list of the one that it wraps.
pub(crate) struct Cache {
    inner: Arc<dyn Store>,
    board: Arc<Board>,
    /// Locked while the inner one is read or written, so that what is remembered is never older than a change.
    list: Mutex<Option<Vec<Visitor>>>,
}

impl Cache {
    pub(crate) fn new(inner: Arc<dyn Store>, board: Arc<Board>) -> Self {
        Self {
            inner,
            board,
            list: Mutex::default(),
        }
    }

    /// Reads the list anew, again and again, until the end.
    pub(crate) async fn refresh(self: Arc<Self>, every: Duration, mut end: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                _ = end.wait_for(|end| *end) => return,
                () = tokio::time::sleep(every) => {}
            }
            let mut list = self.list.lock().await;
            *list = match self.inner.all().await {
                Ok(read) => {
                    self.board.ok("store");
                    Some(read)
                }
                Err(error) => {
                    self.board.recoverable("store", error.to_string());
                    None
                }
            };
        }
    }
}

#[async_trait::async_trait]
impl Store for Cache {
    async fn all(&self) -> Result<Vec<Visitor>> {
        let mut list = self.list.lock().await;
        if list.is_none() {
            *list = Some(self.inner.all().await?);
        }
        Ok(list.clone().unwrap_or_default())
    }

    async fn put(&self, visitor: Visitor) -> Result<()> {
        let mut list = self.list.lock().await;
        *list = None;
        self.inner.put(visitor).await
    }
}
