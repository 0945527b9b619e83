//! Entries of registries that are made of services: each is a component of its own.

use std::sync::Arc;

use treenail_core::composed::{AcceptedWiredBy, Composed};
use treenail_core::{Entries, Registry};

use crate::component::{AnyComponent, Building, Component, Config, Declared, Deps};
use crate::error::Result;

/// An entry in the place of a component. What others have of their manifest, its inputs, it has made already.
struct MadeEntry<R: Registry>(Arc<R::Entry>);

impl<R: Registry> Declared for MadeEntry<R> {
    type Deps = Arc<R::Entry>;
    type Config = ();
}

impl<R: Registry> Component for MadeEntry<R> {
    async fn build(entry: Deps<Self>, (): Config<Self>) -> Result<Self> {
        Ok(Self(entry))
    }
}

/// The step that makes the entry of a key. In the future, where a panic of the entry's author is caught.
pub fn entry<R: Registry, C: AcceptedWiredBy<R>>(key: &'static str, deps: C::Deps) -> Building {
    Building::new(async move { MadeEntry::<R>::build(C::entry(key, deps), ()).await })
}

/// The entries of a registry, with the values of those that were made, in the order of their numbers.
pub(crate) fn entries<R: Registry>(
    composed: &'static Composed<R>,
    made: impl Iterator<Item = Option<AnyComponent>>,
) -> Entries<R> {
    let made = made.map(|value| Some(Arc::clone(&value?.downcast::<MadeEntry<R>>().0)));
    Entries::with(composed, made)
}
