//! How long a revision has stood, by this process's own clock.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What nobody has asked for in so long is forgotten, and counts from the beginning when it is asked for again.
const FORGOTTEN: Duration = Duration::from_secs(24 * 60 * 60);

/// A revision that was seen.
struct Seen {
    revision: u64,
    first: Instant,
    last: Instant,
}

/// The revisions that were seen of keys whose state holds for a while.
#[derive(Default)]
pub(crate) struct Watch {
    seen: Mutex<BTreeMap<String, Seen>>,
}

impl Watch {
    /// How long this revision of the key has stood, as far as it was watched.
    pub(crate) fn stood(&self, key: &str, revision: u64) -> Duration {
        let now = Instant::now();
        let mut all = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match all.get_mut(key) {
            Some(seen) if seen.revision == revision => {
                seen.last = now;
                now - seen.first
            }
            _ => {
                all.retain(|_, seen| now - seen.last < FORGOTTEN);
                let seen = Seen {
                    revision,
                    first: now,
                    last: now,
                };
                all.insert(key.to_owned(), seen);
                Duration::ZERO
            }
        }
    }

    /// The key's state does not end by itself.
    pub(crate) fn forget(&self, key: &str) {
        let mut all = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(key);
    }
}
