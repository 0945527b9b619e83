//! What is known of one component.

use super::Supervision;
use super::board::Row;
use super::tasks::Tasks;
use crate::error::catch;

/// A component's row on the board, and its tasks.
pub(super) struct Supervised {
    pub(super) row: Row,
    pub(super) tasks: Tasks,
}

impl Supervised {
    pub(super) fn new(name: String, plugin: &'static str, optional: bool) -> Self {
        Self {
            row: Row::new(name, plugin, optional),
            tasks: Tasks::new(),
        }
    }

    /// A panic of the component that no step ended with.
    pub(super) fn panicked(&self, message: &str, supervision: &Supervision) {
        supervision.panicked(Some(self.row.component()), message);
    }

    /// Drops something of the component's.
    pub(super) fn discard<T>(&self, value: T, supervision: &Supervision) {
        if let Err(message) = catch(|| drop(value)) {
            self.panicked(&message, supervision);
        }
    }
}
