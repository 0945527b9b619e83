//! A service that is fetched when it is used.

use std::fmt;
use std::sync::{Arc, Weak};

use super::slots::Slot;
use crate::component::AnyComponent;

/// A requirement that does not order: `{ service = "dyn a::T", lazy = true }`.
///
/// It breaks a cycle on purpose. The service can be used from `start` on, when everything has been built; in a component of an
/// optional plugin, or in one that such a component needs, from `work` on: those start before everything has been built.
/// A `Lazy` does not keep the service alive: two components may hold each other without leaking.
pub struct Lazy<S: ?Sized>(Source<S>);

/// Where the service comes from.
enum Source<S: ?Sized> {
    Node {
        slot: Weak<Slot>,
        component: usize,
        cast: fn(usize, AnyComponent) -> Arc<S>,
    },
    Made(Arc<S>),
}

impl<S: ?Sized> Lazy<S> {
    pub(crate) fn new(
        slot: Weak<Slot>,
        component: usize,
        cast: fn(usize, AnyComponent) -> Arc<S>,
    ) -> Self {
        Self(Source::Node {
            slot,
            component,
            cast,
        })
    }

    /// What is there already.
    pub(crate) fn made(service: Arc<S>) -> Self {
        Self(Source::Made(service))
    }

    /// The service: `None` before it has been built, where it belongs to an optional plugin that failed, and after the
    /// application has been dropped.
    pub fn get(&self) -> Option<Arc<S>> {
        match &self.0 {
            Source::Node {
                slot,
                component,
                cast,
            } => Some(cast(*component, slot.upgrade()?.get()?)),
            Source::Made(service) => Some(Arc::clone(service)),
        }
    }
}

impl<S: ?Sized> Clone for Lazy<S> {
    fn clone(&self) -> Self {
        Self(match &self.0 {
            Source::Node {
                slot,
                component,
                cast,
            } => Source::Node {
                slot: Weak::clone(slot),
                component: *component,
                cast: *cast,
            },
            Source::Made(service) => Source::Made(Arc::clone(service)),
        })
    }
}

impl<S: ?Sized> fmt::Debug for Lazy<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lazy")
            .field("built", &self.get().is_some())
            .finish()
    }
}
