//! The client as a component.

use treenail::{Component, Config, Deps};

use crate::Client;

impl Component for Client {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self::new(config))
    }
}
