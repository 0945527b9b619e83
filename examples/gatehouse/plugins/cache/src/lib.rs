//! Remembers the list, whoever keeps it: reading it costs nothing, and what another program writes shows after a while.

use std::sync::Arc;
use std::time::Duration;

use gatehouse_api::{Result, Store, Visitor};
use tokio::sync::Mutex;
use treenail::{Clock, Component, Config, Deps, Handle, Shutdown};

treenail::plugin!();

/// Configuration of a [`Cache`].
#[derive(treenail::serde::Deserialize, treenail::schemars::JsonSchema)]
#[serde(crate = "treenail::serde", default, deny_unknown_fields)]
#[schemars(crate = "treenail::schemars")]
pub struct CacheConfig {
    /// How often the list is read anew.
    pub refresh: treenail::Duration,
}

impl Default for CacheConfig {
    fn default() -> Self {
        Self {
            refresh: Duration::from_secs(1).into(),
        }
    }
}

/// A store that remembers the list of the one that it wraps.
pub struct Cache {
    inner: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    handle: Arc<Handle>,
    refresh: Duration,
    /// Locked while the inner one is read or written, so that what is remembered is never older than a change.
    list: Mutex<Option<Vec<Visitor>>>,
}

impl Cache {
    async fn refresh(&self) {
        let mut list = self.list.lock().await;
        *list = match self.inner.all().await {
            Ok(read) => {
                self.handle.ok();
                Some(read)
            }
            Err(error) => {
                self.handle.recoverable(error);
                None
            }
        };
    }
}

impl Component for Cache {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            inner: deps.inner,
            clock: deps.clock,
            handle: deps.handle,
            refresh: config.refresh.get(),
            list: Mutex::default(),
        })
    }

    async fn work(&self, shutdown: Shutdown) -> treenail::Result<()> {
        loop {
            tokio::select! {
                () = shutdown.requested() => return Ok(()),
                () = self.clock.sleep(self.refresh) => self.refresh().await,
            }
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
