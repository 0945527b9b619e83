//! What every plugin of the contract has to pass: for its tests, and against faults of its store.
//!
//! A plugin's test makes a [`TestStore`] whose work may be tried [`ATTEMPTS`] times, and that remembers for a minute what is done;
//! it runs every one of the [`CASES`] on it, and [`agrees_with_the_model`]. Another store that remembers for a moment only
//! [`forgets_what_is_done`].

mod calls;
mod cases;
mod killed;
mod model;
mod random;
mod versions;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;

use crate::Work;

pub use cases::CASES;
pub use killed::{be_killed, buries_what_kills, die_of_work, killed, takes_over};
pub use random::agrees_with_the_model;
pub use versions::forgets_what_is_done;

/// How many times the tested store lets work be tried.
pub const ATTEMPTS: u32 = 3;

/// A store of work as a test has it.
#[async_trait]
pub trait TestStore: Send + Sync {
    /// A handle on the store, as another process would have it.
    async fn open(&self) -> Arc<dyn Work>;

    /// Keeps every handle from the store; `false` where nothing can.
    async fn cut(&self) -> bool {
        false
    }

    /// The store can be reached again, with all that was in it.
    async fn mend(&self) {}
}

/// A case: its name, which is a sentence, and what it does. It panics where the store does not hold to the contract.
pub type Case = (
    &'static str,
    for<'s> fn(&'s dyn TestStore) -> Pin<Box<dyn Future<Output = ()> + Send + 's>>,
);
