//! A plugin whose generated code stands among its sources.

use std::sync::Arc;

use api::Greet;
use treenail::{Component, Config, Deps};

include!("treenail.rs");

/// Greets by the greeter.
pub struct Clerk {
    greet: Arc<dyn Greet>,
}

impl Clerk {
    /// What is said.
    pub fn work(&self) -> String {
        self.greet.greet()
    }
}

impl Component for Clerk {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self { greet: deps.greet })
    }
}

/// Names the inputs.
pub fn inputs(deps: ClerkDeps) -> Arc<dyn Greet> {
    deps.greet
}
