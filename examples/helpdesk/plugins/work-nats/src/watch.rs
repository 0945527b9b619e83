//! How long a record has stood, by this process's own clock.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use helpdesk_work::Record;

/// A revision of a record, and when it was first seen. Servers of one cluster that were killed at the same moment may give a
/// revision a second time, so the record counts as well.
struct Seen {
    revision: u64,
    record: Record,
    first: Instant,
}

/// What was seen of keys whose state holds for a while.
#[derive(Default)]
pub(crate) struct Watch {
    seen: Mutex<BTreeMap<String, Seen>>,
}

impl Watch {
    /// How long this revision of the key's record has stood, as far as it was watched.
    pub(crate) fn stood(&self, key: &str, revision: u64, record: &Record) -> Duration {
        let now = Instant::now();
        let mut all = self.all();
        match all.get(key) {
            Some(seen) if seen.revision == revision && seen.record == *record => now - seen.first,
            _ => {
                let seen = Seen {
                    revision,
                    record: record.clone(),
                    first: now,
                };
                all.insert(key.to_owned(), seen);
                Duration::ZERO
            }
        }
    }

    /// Forgets what was seen before this moment, if it is not among these revisions by key any more.
    pub(crate) fn keep(&self, before: Instant, revisions: &BTreeMap<String, u64>) {
        self.all()
            .retain(|key, seen| seen.first >= before || revisions.get(key) == Some(&seen.revision));
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
