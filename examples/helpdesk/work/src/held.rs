//! A claim that is kept while a step runs.

use std::future::Future;
use std::time::Duration;

use crate::{Claim, Result, Work, WorkError};

/// How many times within a lease a claim is extended, so that one answer or two may fail to come.
const PER_LEASE: u32 = 3;

/// Runs a step, and extends the claim while it does. When the claim is lost, or could not be extended until its lease had run
/// out, the step is dropped where it waits: whatever it writes, it writes while the claim is its own.
///
/// ```
/// # async fn example(work: &dyn helpdesk_work::Work) -> helpdesk_work::Result<()> {
/// # async fn route(_: u64) -> Result<(), String> { Ok(()) }
/// use std::time::Duration;
/// let lease = Duration::from_secs(30);
/// let Some(mut claim) = work.claim("4711", "2026-11-29T23:12:00Z", lease).await? else {
///     return Ok(()); // another helpdesk works on it, or it is done
/// };
/// let fence = claim.fence();
/// match helpdesk_work::held(work, &mut claim, lease, route(fence)).await? {
///     Ok(()) => work.done(&claim).await,
///     Err(reason) => work.failed(&claim, Duration::from_secs(60), &reason).await,
/// }
/// # }
/// ```
///
/// # Errors
/// [`WorkError::Lost`] if another has the work; else what kept the claim from being extended until its lease had run out.
pub async fn held<T>(
    work: &dyn Work,
    claim: &mut Claim,
    lease: Duration,
    step: impl Future<Output = T>,
) -> Result<T> {
    tokio::select! {
        // What the step has finished counts, also when the claim is lost in the same moment.
        biased;
        done = step => Ok(done),
        error = keep(work, claim, lease) => Err(error),
    }
}

/// Extends a claim over and over, until it cannot be kept any more.
async fn keep(work: &dyn Work, claim: &mut Claim, lease: Duration) -> WorkError {
    let mut trouble = None;
    loop {
        let left = claim.remaining();
        if left.is_zero() {
            return trouble.unwrap_or_else(|| WorkError::Lost {
                key: claim.key().to_owned(),
            });
        }
        tokio::time::sleep((lease / PER_LEASE).min(left)).await;
        // A store that does not answer holds nobody beyond the lease.
        match tokio::time::timeout(claim.remaining(), work.extend(claim, lease)).await {
            Ok(Ok(())) => trouble = None,
            Ok(Err(error)) if error.is_transient() => trouble = Some(error),
            Ok(Err(error)) => return error,
            Err(elapsed) => {
                trouble = Some(WorkError::Unavailable {
                    doing: format!("extend the claim of `{}`", claim.key().escape_debug()),
                    source: elapsed.into(),
                });
            }
        }
    }
}
