//! A service as it is now, for components that outlive its providers.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use crate::component::AnyComponent;

/// A requirement that follows reloads: `{ service = "dyn a::T", current = true }`.
///
/// Whoever requires a service as it is built holds one value of it, and is built anew where a reload replaces that. Whoever
/// asks for it in this form stays, and finds the value of the current generation here. Where the old one is stopped before the
/// new one is built, that is the old one until the reload is done: so ask for it when it is used, and keep it no longer than one
/// piece of work takes.
pub struct Current<S: ?Sized>(CurrentSource<S>);

/// Where the service comes from.
enum CurrentSource<S: ?Sized> {
    Cell {
        cell: Arc<CurrentCell>,
        cast: fn(usize, AnyComponent) -> Arc<S>,
    },
    Made(Arc<S>),
}

/// Who provides a service now: a component, by its number, and its value.
#[derive(Debug)]
pub(crate) struct CurrentCell(RwLock<(usize, AnyComponent)>);

impl CurrentCell {
    pub(super) fn new(component: usize, value: AnyComponent) -> Self {
        Self(RwLock::new((component, value)))
    }

    pub(super) fn get(&self) -> (usize, AnyComponent) {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn set(&self, component: usize, value: AnyComponent) {
        let mut cell = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *cell, (component, value));
        drop(cell);
        drop(before);
    }
}

impl<S: ?Sized> Current<S> {
    pub(super) fn new(cell: Arc<CurrentCell>, cast: fn(usize, AnyComponent) -> Arc<S>) -> Self {
        Self(CurrentSource::Cell { cell, cast })
    }

    /// What is always the same.
    pub(crate) fn made(service: Arc<S>) -> Self {
        Self(CurrentSource::Made(service))
    }

    /// The service of the current generation.
    #[must_use]
    pub fn get(&self) -> Arc<S> {
        match &self.0 {
            CurrentSource::Cell { cell, cast } => {
                let (component, value) = cell.get();
                cast(component, value)
            }
            CurrentSource::Made(service) => Arc::clone(service),
        }
    }
}

impl<S: ?Sized> Clone for Current<S> {
    fn clone(&self) -> Self {
        Self(match &self.0 {
            CurrentSource::Cell { cell, cast } => CurrentSource::Cell {
                cell: Arc::clone(cell),
                cast: *cast,
            },
            CurrentSource::Made(service) => CurrentSource::Made(Arc::clone(service)),
        })
    }
}

impl<S: ?Sized> fmt::Debug for Current<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Current")
    }
}
