//! What the host and its plugins agree on.

use std::sync::Arc;

use treenail_core::{Accepts, AcceptsWired, Registry, Wired};

/// A service: where something is kept.
pub trait Store: Send + Sync {
    /// What it is called.
    fn name(&self) -> String;
}

/// A service that nobody provides.
pub trait Nobody: Send + Sync {}

/// A registry: what is said, by name.
pub struct Words;

impl Registry for Words {
    type Entry = dyn Fn(&str) -> String + Send + Sync;
}

/// What a type says.
pub trait Say: 'static {
    /// To whom.
    fn say(whom: &str) -> String;
}

impl<S: Say> Accepts<S> for Words {
    const ENTRY: &'static Self::Entry = &S::say;
}

/// What a type says with services.
pub trait SayWith: Wired {
    /// To whom.
    fn say_with(deps: &Self::Deps, whom: &str) -> String;
}

impl<S: SayWith> AcceptsWired<S> for Words {
    fn entry(_key: &'static str, deps: S::Deps) -> Arc<Self::Entry> {
        Arc::new(move |whom| S::say_with(&deps, whom))
    }
}
