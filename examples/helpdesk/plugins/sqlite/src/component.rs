//! The store as a component: opened when it is built, settled when it stops.

use treenail::{Component, Config, Deps};

use crate::Store;

impl Component for Store {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Store::open_as(deps.handle, config).await?)
    }

    async fn stop(&self) -> treenail::Result<()> {
        Ok(self.settle().await?)
    }
}
