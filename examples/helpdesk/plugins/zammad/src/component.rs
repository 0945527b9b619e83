//! The ticket system as a component.

use std::sync::Arc;

use treenail::{Component, Config, Deps};

use crate::Zammad;

impl Component for Zammad {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self::new(Arc::new(deps.http), config)?)
    }
}
