//! The claims of this helpdesk: taken when tickets are fetched, kept while they are worked on, ended when that is over.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use helpdesk_api::Ticket;
use helpdesk_work::{Claim, Work, WorkError};
use tokio::task::JoinSet;
use treenail::{Component, Config, Deps, Shutdown};

use crate::ending::{Ending, Verdict};
use crate::metrics;
use crate::version::version;

/// How often within a lease a claim is extended.
const PER_LEASE: u32 = 3;
/// How often the dead letters are counted.
const COUNTED: Duration = Duration::from_secs(60);

/// Who of all helpdesks works on a ticket, as far as this one is concerned.
pub struct Claims {
    work: Arc<dyn Work>,
    lease: Duration,
    retry_after: Duration,
    held: Arc<Held>,
}

/// The claims that are held, by the tickets' ids.
#[derive(Default)]
struct Held(Mutex<BTreeMap<String, Arc<HeldClaim>>>);

struct HeldClaim {
    /// Locked while the ticket is written to, which extends the claim by itself.
    claim: tokio::sync::Mutex<Claim>,
    was_written: AtomicBool,
}

impl Component for Claims {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        metrics::begin();
        let held = Arc::<Held>::default();
        let lease = config.lease.get();
        let (work, handle) = (&deps.work, &deps.handle);
        let kept = Arc::clone(&held);
        handle.spawn(keep(Arc::clone(work), kept, lease, handle.shutdown()));
        handle.spawn(count_dead_letters(Arc::clone(work), handle.shutdown()));
        Ok(Self {
            work: deps.work,
            lease,
            retry_after: config.retry_after.get(),
            held,
        })
    }
}

impl Claims {
    /// Claims a ticket; `false`, if it is another's, or done. One without an id is nobody's to claim.
    pub(crate) async fn take(&self, ticket: &Ticket) -> helpdesk_work::Result<bool> {
        let Some(id) = ticket.id.as_deref() else {
            return Ok(true);
        };
        let given = self.work.claim(id, &version(ticket), self.lease).await?;
        metrics::claim(if given.is_some() { "given" } else { "refused" });
        let Some(claim) = given else {
            return Ok(false);
        };
        tracing::debug!(ticket = id, attempt = claim.attempt(), "claimed");
        let claim = HeldClaim {
            claim: claim.into(),
            was_written: AtomicBool::new(false),
        };
        self.held.insert(id, claim);
        Ok(true)
    }

    /// Writes to a ticket while its claim is held, and extends the claim before. Nobody has to have claimed it: what a
    /// configuration writes to without a fetch is not worked on by several. `write` is given the claim's fence, and says
    /// whether there is such a ticket.
    pub(crate) async fn write<W>(
        &self,
        id: &str,
        write: impl FnOnce(Option<u64>) -> W,
    ) -> treenail::Result<bool>
    where
        W: Future<Output = helpdesk_api::Result<bool>>,
    {
        let Some(held) = self.held.get(id) else {
            return Ok(write(None).await?);
        };
        let mut claim = held.claim.lock().await;
        match self.work.extend(&mut claim, self.lease).await {
            // Nobody else is given it before the lease has run out.
            Err(error) if error.is_transient() && !claim.remaining().is_zero() => {}
            extended => extended?,
        }
        let fence = claim.fence();
        let written = helpdesk_work::held(&*self.work, &mut claim, self.lease, write(Some(fence)));
        let is_there = written.await??;
        held.was_written.fetch_or(is_there, Ordering::Relaxed);
        Ok(is_there)
    }

    /// Ends the claims of these tickets. Where that does not succeed, they end with their leases.
    pub(crate) async fn end(&self, ids: Vec<String>, verdict: &Verdict) {
        let alone = ids.len() == 1;
        for id in ids {
            let Some(held) = self.held.remove(&id) else {
                continue;
            };
            let claim = held.claim.lock().await;
            let ending = Ending::of(verdict, held.was_written.load(Ordering::Relaxed), alone);
            let ended = match ending {
                Ending::Done => self.work.done(&claim).await,
                Ending::Released => self.work.release(&claim).await,
                Ending::Failed(reason) => {
                    let pause = pause(self.retry_after, claim.attempt());
                    self.work.failed(&claim, pause, reason).await
                }
            };
            match ended {
                Ok(()) => metrics::claim(ending.name()),
                Err(error) => {
                    if matches!(error, WorkError::Lost { .. }) {
                        metrics::claim("lost");
                    }
                    tracing::warn!(ticket = id, %error, "a claim ends with its lease");
                }
            }
        }
    }
}

/// The pause after so many attempts have failed.
fn pause(first: Duration, attempts: u32) -> Duration {
    first.saturating_mul(4u32.saturating_pow(attempts.saturating_sub(1)))
}

impl Held {
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Arc<HeldClaim>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, id: &str) -> Option<Arc<HeldClaim>> {
        self.all().get(id).cloned()
    }

    fn insert(&self, id: &str, claim: HeldClaim) {
        let mut all = self.all();
        all.insert(id.to_owned(), Arc::new(claim));
        metrics::claims_held(all.len());
    }

    fn remove(&self, id: &str) -> Option<Arc<HeldClaim>> {
        let mut all = self.all();
        let removed = all.remove(id);
        metrics::claims_held(all.len());
        removed
    }
}

/// Extends all claims that are held, over and over. One that is lost is found out by whoever writes under it.
async fn keep(work: Arc<dyn Work>, held: Arc<Held>, lease: Duration, shutdown: Shutdown) {
    loop {
        tokio::select! {
            () = shutdown.requested() => return,
            () = tokio::time::sleep(lease / PER_LEASE) => {}
        }
        let claims: Vec<_> = held.all().values().cloned().collect();
        let mut extended = JoinSet::new();
        for held in claims {
            let work = Arc::clone(&work);
            extended.spawn(async move {
                if let Ok(mut claim) = held.claim.try_lock()
                    && let Err(error) = work.extend(&mut claim, lease).await
                {
                    tracing::debug!(ticket = claim.key(), %error, "a claim is not extended");
                }
            });
        }
        extended.join_all().await;
    }
}

/// Counts the dead letters now and then, apart from what keeps claims: a large store takes its time for the answer.
async fn count_dead_letters(work: Arc<dyn Work>, shutdown: Shutdown) {
    loop {
        if let Ok(dead) = work.dead().await {
            metrics::dead_letters(dead.len());
        }
        tokio::select! {
            () = shutdown.requested() => return,
            () = tokio::time::sleep(COUNTED) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_is_four_times_as_long_after_each_further_failure() {
        let first = Duration::from_secs(5);
        let seconds = [1, 2, 3, 4].map(|attempts| pause(first, attempts).as_secs());
        assert_eq!(seconds, [5, 20, 80, 320]);
        assert!(pause(first, u32::MAX) > Duration::from_secs(1_000_000));
    }
}
