//! What the bucket forgets, so that it does not grow for ever.

use std::collections::BTreeMap;
use std::sync::Weak;
use std::time::{Duration, Instant};

use futures_util::{TryStreamExt as _, stream};
use helpdesk_work::WorkError;
use treenail::Shutdown;

use crate::connection::within;
use crate::listing::{Listed, list};
use crate::nats::Shared;

const DOING: &str = "forget work that is over";

/// How many records are removed at the same time.
const AT_ONCE: usize = 16;

/// How often the bucket is looked through: often enough for what is remembered for so long.
fn pause(remember: Duration) -> Duration {
    remember.clamp(Duration::from_secs(1), Duration::from_secs(180))
}

/// Looks through the bucket again and again, until the store is closed. All helpdesks do that, each by its own clock: a record is
/// removed only where its revision is the one that was judged.
pub(crate) async fn sweep(shared: Weak<Shared>, remember: Duration, shutdown: Shutdown) {
    loop {
        tokio::select! {
            () = shutdown.requested() => return,
            () = tokio::time::sleep(pause(remember)) => {}
        }
        let Some(shared) = shared.upgrade() else {
            return;
        };
        tokio::select! {
            () = shutdown.requested() => return,
            swept = once(&shared) => shared.health.swept(&swept),
        }
    }
}

/// Removes what has been kept for as long as it was to be.
async fn once(shared: &Shared) -> Result<(), WorkError> {
    let begun = Instant::now();
    let all = list(&shared.bucket, DOING).await?;
    let newest = all.values().map(|listed| listed.written).max();
    let newest = newest.unwrap_or_default();
    let over = all.iter().filter(|(key, listed)| {
        let stood = shared.watch.stood(key, listed.revision, &listed.record);
        is_over(listed, stood, newest)
    });
    let removed = stream::iter(over.map(Ok))
        .try_for_each_concurrent(AT_ONCE, |(key, listed)| remove(shared, key, listed));
    removed.await?;
    let revisions: BTreeMap<String, u64> = all
        .into_iter()
        .map(|(key, listed)| (key, listed.revision))
        .collect();
    shared.watch.keep(begun, &revisions);
    Ok(())
}

/// Removes a record, if the server that leads has it so, too: the list is of any of them, and they may not agree.
async fn remove(shared: &Shared, key: &str, listed: &Listed) -> Result<(), WorkError> {
    let last = within(DOING, shared.bucket.last(DOING, key)).await?;
    if last.number == listed.revision && last.record.as_ref() == Some(&listed.record) {
        within(DOING, shared.bucket.remove(DOING, key, last.number)).await?;
    }
    Ok(())
}

/// Whether a record can go that has stood for so long by this process's clock. No process lives for a week, so what is kept for
/// longer is judged by the server's clock, too: by how much later another record was written. A claim that is kept alive is not
/// touched by any clock that jumps, as its revision does not stand for the whole lease.
fn is_over(listed: &Listed, stood: Duration, newest: Duration) -> bool {
    let Some(kept) = listed.record.kept_for() else {
        return false;
    };
    let age = newest.saturating_sub(listed.written);
    stood >= listed.record.holds && stood.max(age) >= kept
}

#[cfg(test)]
mod tests {
    use helpdesk_work::{Ending, Policy, Record};

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    const POLICY: Policy = Policy {
        attempts: 2,
        remember: MINUTE,
    };

    /// Whether the record can go that has stood for so long, and was written so long ago by the server's clock.
    fn goes(record: &Record, stood: Duration, age: Duration) -> bool {
        let listed = Listed {
            revision: 1,
            record: record.clone(),
            written: DAY,
        };
        is_over(&listed, stood, DAY + age)
    }

    fn ended(attempt: u32, ending: Ending<'_>) -> Record {
        let given = Record::given(7, "", attempt, MINUTE);
        let ended = given.ended("k", 7, ending, POLICY).expect("it is current");
        ended.expect("it changes")
    }

    #[test]
    fn what_is_done_or_given_back_goes_when_it_has_stood_by_the_own_clock() {
        for record in [ended(2, Ending::Done), ended(1, Ending::Released)] {
            assert!(!goes(&record, MINUTE / 2, DAY * 30));
            assert!(goes(&record, MINUTE, Duration::ZERO));
        }
    }

    #[test]
    fn what_has_attempts_to_count_goes_after_a_week_that_nobody_asked_for_it() {
        let failed = Ending::Failed(MINUTE, "no");
        let claimed = Record::given(7, "", 1, MINUTE);
        for record in [ended(1, failed), ended(2, Ending::Released), claimed] {
            assert!(!goes(&record, MINUTE, DAY * 7));
            assert!(!goes(&record, MINUTE / 2, DAY * 30));
            assert!(goes(&record, MINUTE, DAY * 7 + MINUTE));
        }
    }

    #[test]
    fn a_dead_letter_stays() {
        let dead = ended(2, Ending::Failed(MINUTE, "no"));
        assert!(!goes(&dead, DAY * 100, DAY * 100));
    }
}
