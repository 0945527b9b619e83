//! The contract.

use std::time::Duration;

use async_trait::async_trait;

use crate::{Claim, Result, WorkError};

/// The longest key and the longest version, in bytes.
pub const LONGEST: usize = 512;

/// Keeps who works on what. The [head of this crate](crate) says what is promised.
///
/// Every method may be called at any time and from any task. A call whose future is dropped may have been met.
#[async_trait]
pub trait Work: Send + Sync {
    /// Claims a piece of work, found at this version, for as long as `lease`; nothing, if it is another's, or if this version is
    /// done, a dead letter, or not to be tried again yet. Whoever asks does not wait, and asks again later.
    ///
    /// # Errors
    /// [`WorkError::Key`] or [`WorkError::Version`] for one that cannot be kept; else whatever kept the store from answering.
    async fn claim(&self, key: &str, version: &str, lease: Duration) -> Result<Option<Claim>>;

    /// Keeps a claim for as long as `lease` from now on, which may be shorter than what was left.
    ///
    /// # Errors
    /// [`WorkError::Lost`] if the claim is not current any more; else whatever kept the store from answering.
    async fn extend(&self, claim: &mut Claim, lease: Duration) -> Result<()>;

    /// The work is done, and nobody is given it at this version again for as long as the store remembers it.
    ///
    /// # Errors
    /// As [`extend`](Work::extend).
    async fn done(&self, claim: &Claim) -> Result<()>;

    /// The work has failed. It can be claimed again after `retry_after`, at once where that is zero, unless this was its last attempt: then it is a dead
    /// letter, with this reason. The reason is kept as it is, so no secret may be in it.
    ///
    /// # Errors
    /// As [`extend`](Work::extend).
    async fn failed(&self, claim: &Claim, retry_after: Duration, reason: &str) -> Result<()>;

    /// Gives a claim back as if it had never been given: the work can be claimed at once, and no attempt is counted. For a
    /// helpdesk that is asked to end.
    ///
    /// # Errors
    /// As [`extend`](Work::extend).
    async fn release(&self, claim: &Claim) -> Result<()>;

    /// All dead letters, by key.
    ///
    /// # Errors
    /// Whatever kept the store from answering.
    async fn dead(&self) -> Result<Vec<DeadLetter>>;

    /// Makes a dead letter work again that can be claimed, with no attempt counted; `false` if there is no such dead letter.
    ///
    /// # Errors
    /// [`WorkError::Key`] for a key that cannot be kept; else whatever kept the store from answering.
    async fn revive(&self, key: &str) -> Result<bool>;
}

/// Work that was tried as often as the store allows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeadLetter {
    /// What the work is.
    pub key: String,
    /// The version that was tried.
    pub version: String,
    /// How often it was tried.
    pub attempts: u32,
    /// What the last claimant said; nothing, if it was never heard of again.
    pub reason: Option<String>,
}

/// For plugins: that a key can be kept.
///
/// # Errors
/// [`WorkError::Key`] if it is empty, or longer than [`LONGEST`].
pub fn check_key(key: &str) -> Result<()> {
    match key.len() {
        1..=LONGEST => Ok(()),
        bytes => Err(WorkError::Key { bytes }),
    }
}

/// For plugins: that a version can be kept.
///
/// # Errors
/// [`WorkError::Version`] if it is longer than [`LONGEST`].
pub fn check_version(version: &str) -> Result<()> {
    match version.len() {
        0..=LONGEST => Ok(()),
        bytes => Err(WorkError::Version { bytes }),
    }
}
