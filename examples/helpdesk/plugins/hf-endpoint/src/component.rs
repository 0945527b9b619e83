//! The service as a component.

use std::sync::Arc;

use helpdesk_hf_token::Tokens;
use treenail::{Component, Config, Deps};

use crate::HfEndpoint;

impl Component for HfEndpoint {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self::new(
            Arc::new(deps.http),
            config,
            Tokens::of_process(),
        )?)
    }
}
