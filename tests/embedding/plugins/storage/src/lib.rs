//! A plugin for tests.

use treenail::{Component, Config, Deps};

treenail::plugin!();

/// A store that only has a name.
pub struct Storage;

impl Component for Storage {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl contract::Store for Storage {
    fn name(&self) -> String {
        "storage".to_owned()
    }
}
