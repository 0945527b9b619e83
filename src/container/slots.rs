//! The slots that values live in while the application is built.

use std::sync::OnceLock;

use crate::component::AnyComponent;
use crate::supervision::Handle;

/// The values of all nodes, filled in as they are built. They are dropped in the reverse order, and where one panics then, it
/// is named and the others are dropped all the same.
#[derive(Debug)]
pub(crate) struct Slots(Box<[Slot]>);

#[derive(Debug)]
struct Slot {
    value: OnceLock<AnyComponent>,
    handle: Handle,
}

impl Slots {
    /// Of the nodes that have these handles.
    pub(crate) fn new(handles: impl Iterator<Item = Handle>) -> Self {
        let slots = handles.map(|handle| Slot {
            value: OnceLock::new(),
            handle,
        });
        Self(slots.collect())
    }

    pub(crate) fn get(&self, node: usize) -> Option<AnyComponent> {
        self.0[node].value.get().cloned()
    }

    pub(crate) fn set(&self, node: usize, value: AnyComponent) {
        assert!(
            self.0[node].value.set(value).is_ok(),
            "node {node} was built twice"
        );
    }
}

impl Drop for Slots {
    fn drop(&mut self) {
        for Slot { value, handle } in self.0.iter_mut().rev() {
            handle.discard(value.take());
        }
    }
}
