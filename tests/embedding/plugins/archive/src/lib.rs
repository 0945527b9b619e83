//! A plugin for tests.

use std::rc::Rc;

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

/// A greeting in Latin.
pub fn latin(name: &str) -> Rc<str> {
    format!("salve {name}").into()
}

/// A greeting in Greek.
#[cfg(feature = "greek")]
pub fn greek(name: &str) -> Rc<str> {
    format!("chaire {name}").into()
}

/// The area of a square.
pub fn square(side: f64) -> f64 {
    side * side
}
