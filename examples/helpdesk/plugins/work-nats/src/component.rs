//! The bucket as a component: connected when it is built, so that a server that is not there ends the start.

use treenail::{Component, Config, Deps};

use crate::NatsWork;

impl Component for NatsWork {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self::open_as(deps.handle, config).await?)
    }

    async fn stop(&self) -> treenail::Result<()> {
        self.close().await;
        Ok(())
    }
}
