//! What the application is told of a database that cannot be used for a while.

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use helpdesk_api::Error;
use treenail::Handle;

/// Reports that the database is in trouble, and that it is well again.
pub(crate) struct Trouble {
    handle: Arc<Handle>,
    reported: AtomicBool,
}

impl Trouble {
    pub(crate) fn new(handle: Arc<Handle>) -> Self {
        Self {
            handle,
            reported: AtomicBool::new(false),
        }
    }

    /// Takes into account how a call ended. A lock of another program passes; a request that cannot be met says nothing
    /// about the database.
    pub(crate) fn observe(&self, error: Option<&Error>) {
        match error {
            Some(error) if error.kind().is_transient() => {
                self.reported.store(true, Ordering::Relaxed);
                let cause = error.source().map(|cause| format!(": {cause}"));
                self.handle
                    .recoverable(format_args!("{error}{}", cause.unwrap_or_default()));
            }
            None if self.reported.swap(false, Ordering::Relaxed) => self.handle.ok(),
            _ => {}
        }
    }
}
