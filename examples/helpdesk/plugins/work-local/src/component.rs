//! The store of work as a component: the file is opened when it is built.

use treenail::{Component, Config, Deps};

use crate::LocalWork;

impl Component for LocalWork {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self::open_as(deps.handle, config).await?)
    }
}
