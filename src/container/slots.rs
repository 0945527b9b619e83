//! The slots that values live in while the application is built.

use std::sync::OnceLock;

use crate::component::AnyComponent;

/// The values of all nodes, filled in as they are built.
#[derive(Debug)]
pub(crate) struct Slots(Box<[OnceLock<AnyComponent>]>);

impl Slots {
    pub(crate) fn new(nodes: usize) -> Self {
        Self((0..nodes).map(|_| OnceLock::new()).collect())
    }

    pub(crate) fn get(&self, node: usize) -> Option<AnyComponent> {
        self.0[node].get().cloned()
    }

    pub(crate) fn set(&self, node: usize, value: AnyComponent) {
        assert!(
            self.0[node].set(value).is_ok(),
            "node {node} was built twice"
        );
    }
}
