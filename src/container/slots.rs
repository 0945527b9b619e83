//! The slots that values live in while the application is built.

use std::sync::{Arc, OnceLock};

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
}

impl Slots {
    /// Of the nodes that have these handles.
    pub(crate) fn new(handles: impl Iterator<Item = Handle>) -> Self {
        let slots = handles.map(|handle| {
            Arc::new(Slot {
                value: OnceLock::new(),
                handle,
            })
        });
        Self(slots.collect())
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
    pub(crate) fn get(&self) -> Option<AnyComponent> {
        self.value.get().cloned()
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
