//! The endpoint as a component: the port is taken when it starts, so that one that is in use ends the start.

use std::net::SocketAddr;
use std::sync::Arc;

use helpdesk_http_server::Server;
use treenail::{Component, Config, Deps, Shutdown};

use crate::life::Life;

/// Answers over HTTP how the application is.
pub struct Endpoint {
    life: Arc<Life>,
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
        let life = Arc::new(Life::new(deps.app));
        if config.listen.is_some() {
            let (life, shutdown) = (Arc::clone(&life), deps.handle.shutdown());
            deps.handle.spawn(async move { life.watch(shutdown).await });
        }
        let server = Server::new(config.listen, deps.handle);
        Ok(Self { life, server })
    }

    async fn start(&self) -> treenail::Result<()> {
        if let Some(address) = self.server.start().await? {
            tracing::info!(%address, "answers probes");
        }
        Ok(())
    }

    async fn work(&self, shutdown: Shutdown) -> treenail::Result<()> {
        self.server.work(&self.life, shutdown).await;
        Ok(())
    }
}
