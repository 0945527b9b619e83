//! The store as a component: opened when it is built, settled when it stops.

use treenail::{Component, Config, Deps};

use crate::Store;

impl Component for Store {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Store::open(config).await?)
    }

    async fn stop(&self) -> treenail::Result<()> {
        Ok(self.settle().await?)
    }
}
