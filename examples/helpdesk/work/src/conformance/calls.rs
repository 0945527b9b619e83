//! How cases call a store, and what they expect of its answers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::{Claim, DeadLetter, Work, WorkError};

/// A lease that a case waits for.
pub(super) const SHORT: Duration = Duration::from_millis(250);
/// A lease that does not run out within a case.
pub(super) const LONG: Duration = Duration::from_secs(120);
/// The version of work that does not change within a case.
pub(super) const VERSION: &str = "1";
/// How long a case waits for what has to come.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

pub(super) async fn claim(work: &Arc<dyn Work>, key: &str, lease: Duration) -> Option<Claim> {
    claim_at(work, key, VERSION, lease).await
}

pub(super) async fn claim_at(
    work: &Arc<dyn Work>,
    key: &str,
    version: &str,
    lease: Duration,
) -> Option<Claim> {
    work.claim(key, version, lease).await.expect("an answer")
}

pub(super) async fn given(work: &Arc<dyn Work>, key: &str, lease: Duration) -> Claim {
    claim(work, key, lease).await.expect("it is free")
}

pub(super) async fn given_at(work: &Arc<dyn Work>, key: &str, version: &str) -> Claim {
    let claim = claim_at(work, key, version, LONG).await;
    claim.expect("it is free")
}

/// Asks until the work is given.
pub(super) async fn awaited(work: &Arc<dyn Work>, key: &str, lease: Duration) -> Claim {
    awaited_at(work, key, VERSION, lease).await
}

/// Asks at a version until the work is given.
pub(super) async fn awaited_at(
    work: &Arc<dyn Work>,
    key: &str,
    version: &str,
    lease: Duration,
) -> Claim {
    let begun = Instant::now();
    loop {
        if let Some(claim) = claim_at(work, key, version, lease).await {
            return claim;
        }
        assert!(begun.elapsed() < PATIENCE, "nobody is given `{key}`");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

pub(super) async fn dead(work: &Arc<dyn Work>, key: &str) -> Option<DeadLetter> {
    let all = work.dead().await.expect("an answer");
    assert!(all.is_sorted(), "{all:?}");
    all.into_iter().find(|letter| letter.key == key)
}

/// That every call for a claim says that it is lost.
pub(super) async fn assert_lost(work: &Arc<dyn Work>, claim: &Claim) {
    let answers = [
        work.extend(&mut claim.clone(), LONG).await,
        work.done(claim).await,
        work.failed(claim, Duration::ZERO, "late").await,
        work.release(claim).await,
    ];
    for (call, answer) in answers.iter().enumerate() {
        let is_lost = matches!(answer, Err(WorkError::Lost { key }) if key == claim.key());
        assert!(is_lost, "call {call}: {answer:?}");
    }
}
