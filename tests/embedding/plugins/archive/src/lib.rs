//! A plugin for tests.

use treenail::{Component, Config, Deps};

treenail::plugin!();

/// A store that only has a name.
pub struct Archive;

impl Component for Archive {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl contract::Store for Archive {
    fn name(&self) -> String {
        "archive".to_owned()
    }
}
