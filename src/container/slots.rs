//! The slots that values live in while the application is built.

#[cfg(feature = "config")]
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::current::CurrentCell;
use crate::component::AnyComponent;
use crate::supervision::Handle;

/// The values of all nodes, filled in as they are built. They are dropped in the reverse order, and where one panics then, it
/// is named and the others are dropped all the same.
#[derive(Debug)]
pub(crate) struct Slots(Box<[Arc<Slot>]>);

/// The value of one node.
#[derive(Debug)]
pub(crate) struct Slot {
    value: OnceLock<AnyComponent>,
    handle: Handle,
    /// Whether it has not taken its configuration again after a reload that was given up.
    #[cfg(feature = "config")]
    is_astray: AtomicBool,
    /// What it follows, by need.
    current: Mutex<Vec<(usize, Arc<CurrentCell>)>>,
}

impl Slots {
    /// Of the nodes that have these handles.
    pub(crate) fn new(handles: impl Iterator<Item = Handle>) -> Self {
        Self(handles.map(Self::empty).collect())
    }

    /// Those that there are.
    #[cfg(feature = "config")]
    pub(crate) fn of(slots: Box<[Arc<Slot>]>) -> Self {
        Self(slots)
    }

    /// Of the node that has this handle.
    pub(crate) fn empty(handle: Handle) -> Arc<Slot> {
        Arc::new(Slot::new(handle, OnceLock::new()))
    }

    pub(crate) fn get(&self, node: usize) -> Option<AnyComponent> {
        self.0[node].get()
    }

    pub(crate) fn slot(&self, node: usize) -> &Arc<Slot> {
        &self.0[node]
    }

    pub(crate) fn set(&self, node: usize, value: AnyComponent) {
        assert!(
            self.0[node].value.set(value).is_ok(),
            "node {node} was built twice"
        );
    }
}

impl Slot {
    fn new(handle: Handle, value: OnceLock<AnyComponent>) -> Self {
        Self {
            value,
            handle,
            #[cfg(feature = "config")]
            is_astray: AtomicBool::new(false),
            current: Mutex::default(),
        }
    }

    /// The value of the node that has this handle.
    pub(crate) fn with(handle: Handle, value: AnyComponent) -> Self {
        Self::new(handle, OnceLock::from(value))
    }

    pub(crate) fn get(&self) -> Option<AnyComponent> {
        self.value.get().cloned()
    }

    /// What its node finds as the current value for a need: from now on this one.
    pub(crate) fn follow(
        &self,
        need: usize,
        component: usize,
        value: AnyComponent,
    ) -> Arc<CurrentCell> {
        let mut cells = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let known = cells.iter().find(|(number, _)| *number == need);
        let cell = match known {
            Some((_, cell)) => Arc::clone(cell),
            None => {
                let cell = Arc::new(CurrentCell::new(component, value.clone()));
                cells.push((need, Arc::clone(&cell)));
                cell
            }
        };
        drop(cells);
        cell.set(component, value);
        cell
    }

    #[cfg(feature = "config")]
    pub(crate) fn is_astray(&self) -> bool {
        self.is_astray.load(Ordering::SeqCst)
    }

    #[cfg(feature = "config")]
    pub(crate) fn set_astray(&self, is_astray: bool) {
        self.is_astray.store(is_astray, Ordering::SeqCst);
    }

    /// Whether anybody else holds the value.
    #[cfg(feature = "config")]
    pub(crate) fn is_held(&self) -> bool {
        self.value.get().is_some_and(|value| value.holders() > 1)
    }
}

impl Drop for Slots {
    fn drop(&mut self) {
        let slots = std::mem::take(&mut self.0);
        slots.into_iter().rev().for_each(drop);
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.handle.discard(self.value.take());
    }
}
