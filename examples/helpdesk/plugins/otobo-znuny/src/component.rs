//! The ticket system as a component.

use std::sync::Arc;

use treenail::{Component, Config, Deps};

use crate::OtoboZnuny;

impl Component for OtoboZnuny {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self::new(Arc::new(deps.http), config)?)
    }
}
