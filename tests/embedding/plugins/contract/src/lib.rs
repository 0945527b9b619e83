//! What the plugins of these tests agree on.

/// Keeps texts.
pub trait Store: Send + Sync {
    /// Which store this is.
    fn name(&self) -> String;
}

/// A service that no plugin provides.
pub trait Nobody: Send + Sync {}
