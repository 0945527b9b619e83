//! The endpoint as a component: the port is taken when it starts, so that one that is in use ends the start.

use std::net::SocketAddr;
use std::sync::Arc;

use helpdesk_http_server::Server;
use treenail::{Component, Config, Deps, Shutdown};

use crate::numbers::Numbers;
use crate::recorder;

/// Shows over HTTP what is counted.
pub struct Endpoint {
    /// Where there is an address.
    numbers: Option<Arc<Numbers>>,
    server: Server,
}

impl Endpoint {
    /// Where it listens, once it has started: with the port that it was given, where the configuration says 0.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.server.address()
    }
}

impl Component for Endpoint {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        let numbers = match config.listen {
            Some(_) => Some(Arc::new(Numbers::new(recorder::installed()?, deps.app))),
            None => None,
        };
        let server = Server::new(config.listen, deps.handle);
        Ok(Self { numbers, server })
    }

    async fn start(&self) -> treenail::Result<()> {
        if let Some(address) = self.server.start().await? {
            tracing::info!(%address, "shows metrics");
        }
        Ok(())
    }

    async fn work(&self, shutdown: Shutdown) -> treenail::Result<()> {
        if let Some(numbers) = &self.numbers {
            self.server.work(numbers, shutdown).await;
        }
        Ok(())
    }
}
