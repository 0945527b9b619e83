//! What the programs and plugins of the gatehouse agree on: visitors, who keeps their list, who tells hosts of them, who counts,
//! and which pages there are.

use std::error::Error;

mod answer;
mod pages;
mod visitor;

pub use answer::Refusal;
pub use pages::{Page, Pages};
pub use visitor::{Stage, Visitor};

/// The result of whatever a plugin does for another one.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Keeps the list of visitors.
#[async_trait::async_trait]
pub trait Store: Send + Sync {
    /// Everybody, by number.
    ///
    /// # Errors
    /// The list cannot be read.
    async fn all(&self) -> Result<Vec<Visitor>>;

    /// Puts a visitor on the list, in the place of whom it has by this number.
    ///
    /// # Errors
    /// The list cannot be changed.
    async fn put(&self, visitor: Visitor) -> Result<()>;
}

/// Tells hosts that somebody is there for them.
#[async_trait::async_trait]
pub trait Notifier: Send + Sync {
    /// Tells the host of a visitor.
    ///
    /// # Errors
    /// The host does not know of it.
    async fn notify(&self, visitor: &Visitor) -> Result<()>;
}

/// Counts what happens.
pub trait Metrics: Send + Sync {
    /// One more of this kind.
    fn count(&self, event: &'static str);
}
