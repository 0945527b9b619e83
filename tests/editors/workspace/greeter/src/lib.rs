//! A plugin with a build script.

use std::sync::Arc;

use api::{Greet, Voice};
use treenail::{Component, Config, Deps};

treenail::compose!();

/// Greets aloud.
pub struct Greeter {
    voice: Arc<dyn Voice>,
}

impl Component for Greeter {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self { voice: deps.voice })
    }
}

impl Greet for Greeter {
    fn greet(&self) -> String {
        self.voice.say("hello")
    }
}

/// Names the inputs.
pub fn inputs(deps: GreeterDeps) -> Arc<dyn Voice> {
    deps.voice
}
