//! The cases of work that changes, each on keys of its own.

use std::time::{Duration, Instant};

use super::calls::{
    LONG, SHORT, assert_lost, awaited, awaited_at, claim, claim_at, dead, given, given_at,
};
use super::{ATTEMPTS, TestStore};
use crate::{Claim, DeadLetter, LONGEST, WorkError};

/// That a claim is the first attempt of its version, and has a greater fence than the one before.
fn assert_anew(before: &Claim, claim: &Claim) {
    assert_eq!(claim.attempt(), 1);
    assert!(before.fence() < claim.fence(), "{before:?} {claim:?}");
}

pub(super) async fn texts_of_any_sort_are_versions_and_too_long_ones_refused(
    store: &dyn TestStore,
) {
    let (work, other) = (store.open().await, store.open().await);
    let longest = "v".repeat(LONGEST);
    for version in [
        "", " ", "a.>", "\0", "\r\n", "\"", "' --", "ä", "🪵", &longest,
    ] {
        let first = given_at(&work, "versions", version).await;
        work.done(&first).await.expect("it is current");
        assert_eq!(claim_at(&other, "versions", version, LONG).await, None);
    }
    let longer = "v".repeat(LONGEST + 1);
    let refused = work.claim("versions", &longer, LONG).await;
    assert!(
        matches!(refused, Err(WorkError::Version { bytes }) if bytes == longer.len()),
        "{refused:?}"
    );
}

pub(super) async fn what_changes_after_it_is_done_is_given_anew(store: &dyn TestStore) {
    let (work, other) = (store.open().await, store.open().await);
    let first = given_at(&work, "changed", "1").await;
    work.done(&first).await.expect("it is current");
    assert_eq!(claim_at(&other, "changed", "1", LONG).await, None);
    let second = given_at(&other, "changed", "2").await;
    assert_anew(&first, &second);
    assert_lost(&work, &first).await;
    other.done(&second).await.expect("it is current");
    assert_eq!(claim_at(&work, "changed", "2", LONG).await, None);
    // Somebody has put it back as it was.
    let third = given_at(&work, "changed", "1").await;
    assert_anew(&second, &third);
}

pub(super) async fn what_changes_after_it_was_given_back_or_failed_is_given_anew(
    store: &dyn TestStore,
) {
    let (work, other) = (store.open().await, store.open().await);
    let lapsed = given(&work, "gives up", Duration::ZERO).await;
    let back = awaited(&work, "gives up", LONG).await;
    assert_eq!(back.attempt(), 2);
    work.release(&back).await.expect("it is current");
    let again = given_at(&other, "gives up", "2").await;
    assert_anew(&lapsed, &again);
    let failed = other.failed(&again, LONG, "not yet").await;
    failed.expect("it is current");
    assert_eq!(claim_at(&work, "gives up", "2", LONG).await, None);
    let anew = given_at(&work, "gives up", "3").await;
    assert_anew(&again, &anew);
    assert_lost(&other, &again).await;
}

pub(super) async fn what_changes_under_a_claim_waits_for_it(store: &dyn TestStore) {
    let (work, other) = (store.open().await, store.open().await);
    let mut first = given_at(&work, "under way", "1").await;
    assert_eq!(claim_at(&other, "under way", "2", LONG).await, None);
    work.extend(&mut first, SHORT).await.expect("it is current");
    let second = awaited_at(&other, "under way", "2", LONG).await;
    assert_anew(&first, &second);
    assert_lost(&work, &first).await;
    assert_eq!(claim_at(&work, "under way", "1", LONG).await, None);
    other.done(&second).await.expect("it is current");
}

pub(super) async fn a_dead_letter_that_changes_is_work_again(store: &dyn TestStore) {
    let (work, other) = (store.open().await, store.open().await);
    let mut last = None;
    for _ in 0..ATTEMPTS {
        let claim = awaited_at(&work, "dead and changed", "1", LONG).await;
        let failed = work.failed(&claim, Duration::ZERO, "it rains").await;
        failed.expect("it is current");
        last = Some(claim);
    }
    let letter = DeadLetter {
        key: "dead and changed".to_owned(),
        version: "1".to_owned(),
        attempts: ATTEMPTS,
        reason: Some("it rains".to_owned()),
    };
    assert_eq!(dead(&other, "dead and changed").await, Some(letter));
    assert_eq!(claim_at(&other, "dead and changed", "1", LONG).await, None);
    let anew = given_at(&other, "dead and changed", "2").await;
    assert_anew(&last.expect("attempts"), &anew);
    assert_eq!(dead(&work, "dead and changed").await, None);
    assert!(!work.revive("dead and changed").await.expect("an answer"));
    other.done(&anew).await.expect("it is current");
}

/// What is done is not given again for as long as the store, which was told this time, remembers it; and then as a first attempt.
///
/// # Panics
/// If the store does not hold to that.
pub async fn forgets_what_is_done(store: &dyn TestStore, remember: Duration) {
    let (work, other) = (store.open().await, store.open().await);
    let first = given(&work, "forgotten", LONG).await;
    let begun = Instant::now();
    work.done(&first).await.expect("it is current");
    let second = awaited(&other, "forgotten", LONG).await;
    let early = remember.saturating_sub(begun.elapsed());
    assert!(early < Duration::from_millis(10), "{early:?} too soon");
    assert_anew(&first, &second);
    assert_lost(&work, &first).await;
    assert_eq!(claim(&work, "forgotten", LONG).await, None);
    other.release(&second).await.expect("it is current");
}
