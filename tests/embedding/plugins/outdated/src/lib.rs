//! A plugin for tests.

use treenail::{Component, Config, Deps};

treenail::plugin!();

/// A store that only has a name.
pub struct Outdated;

impl Component for Outdated {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl contract::Store for Outdated {
    fn name(&self) -> String {
        "outdated".to_owned()
    }
}
