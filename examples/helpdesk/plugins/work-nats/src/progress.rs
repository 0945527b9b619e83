//! That the servers go on from where they were: revisions grow, unless servers of a cluster have lost what they said.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How far the revisions have got, as far as this process has seen.
#[derive(Default)]
pub(crate) struct Progress {
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// The greatest revision.
    revision: u64,
    /// The longest lease that was asked for.
    lease: Duration,
    /// When the servers were seen to have gone back.
    back: Option<Instant>,
}

impl Progress {
    /// A claim is asked for with this lease. Whether nobody may be given one yet: where the servers have gone back, claims may have
    /// been lost with what else was said, and whoever has them holds them until their leases are over.
    pub(crate) fn must_wait(&self, lease: Duration) -> bool {
        let mut seen = self.seen();
        seen.lease = seen.lease.max(lease);
        if seen.back.is_some_and(|back| back.elapsed() >= seen.lease) {
            seen.back = None;
        }
        seen.back.is_some()
    }

    /// The greatest revision so far: what is written from now on gets a greater one.
    pub(crate) fn revision(&self) -> u64 {
        self.seen().revision
    }

    /// There is this revision.
    pub(crate) fn saw(&self, revision: u64) {
        let mut seen = self.seen();
        seen.revision = seen.revision.max(revision);
    }

    /// This revision was written when the greatest one was another. Whether the servers have gone on from there.
    pub(crate) fn wrote(&self, before: u64, revision: u64) -> bool {
        let has_gone_on = revision > before;
        let mut seen = self.seen();
        if has_gone_on {
            seen.revision = seen.revision.max(revision);
        } else {
            // From here on they are to go on.
            seen.revision = revision;
            seen.back = Some(Instant::now());
        }
        has_gone_on
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_servers_went_back_nobody_is_given_anything_for_the_longest_lease() {
        let progress = Progress::default();
        let (short, long) = (Duration::ZERO, Duration::from_millis(200));
        assert!(!progress.must_wait(long));
        progress.saw(7);
        assert!(progress.wrote(progress.revision(), 9));
        assert!(!progress.must_wait(short));
        // Two that were under way at the same time are answered in any order.
        assert!(progress.wrote(7, 8));
        assert_eq!(progress.revision(), 9);
        assert!(!progress.wrote(progress.revision(), 9));
        assert!(progress.must_wait(short));
        assert!(progress.wrote(progress.revision(), 10));
        assert!(progress.must_wait(short));
        std::thread::sleep(long);
        assert!(!progress.must_wait(short));
    }
}
