//! What the checks of texts are, and how a type becomes one.

use std::sync::Arc;

use treenail_core::{AcceptsWired, Registry, Wired};

/// Checks of texts.
pub struct Checks;

impl Registry for Checks {
    type Entry = dyn Fn(&str) -> bool + Send + Sync;
}

/// A check that needs services.
pub trait Check: Wired + 'static {
    /// Whether a text passes.
    fn passes(deps: &Self::Deps, text: &str) -> bool;
}

impl<C: Check> AcceptsWired<C> for Checks {
    fn entry(_key: &'static str, deps: C::Deps) -> Arc<Self::Entry> {
        Arc::new(move |text| C::passes(&deps, text))
    }
}
