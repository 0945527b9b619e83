//! What a claimant has in hand.

use std::time::{Duration, Instant};

/// A piece of work that is somebody's for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    key: String,
    fence: u64,
    attempt: u32,
    until: Instant,
}

impl Claim {
    /// For plugins: what was given. The lease is counted from `asked`, when the store was asked for it, so that whoever
    /// has the claim takes it for over no later than others do.
    #[must_use]
    pub fn new(key: &str, fence: u64, attempt: u32, asked: Instant, lease: Duration) -> Self {
        let mut claim = Self {
            key: key.to_owned(),
            fence,
            attempt,
            until: asked,
        };
        claim.extended(asked, lease);
        claim
    }

    /// For plugins: the lease is this long now, counted from when the store was asked for it.
    pub fn extended(&mut self, asked: Instant, lease: Duration) {
        // A lease that no clock can count to does not end.
        const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);
        self.until = asked + lease.min(FOR_EVER);
    }

    /// What the work is.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Greater than that of any earlier claim of this key, for whoever is written to to tell a late writer by.
    #[must_use]
    pub fn fence(&self) -> u64 {
        self.fence
    }

    /// Which attempt at the work this is; the first one is 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// What is left of the lease, by the clock of this process that never goes back; nothing, once it has run out.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }
}
