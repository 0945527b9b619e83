//! A plugin for tests.

use treenail::{Component, Config, Deps};

treenail::plugin!();

/// A store that only has a name.
pub struct Rival;

impl Component for Rival {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl contract::Store for Rival {
    fn name(&self) -> String {
        "rival".to_owned()
    }
}
