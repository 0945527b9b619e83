//! A plugin for tests.

use treenail::{Component, Config, Deps, Inventory};

treenail::plugin!();

/// Takes part only where the host is called `embedding`.
pub struct Hooks;

impl treenail::Hooks for Hooks {
    async fn setup(inventory: Inventory) -> treenail::Result<Self> {
        if inventory.host() == "embedding" {
            Ok(Self)
        } else {
            Err(treenail::Error::msg("not licensed for this host"))
        }
    }
}

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
