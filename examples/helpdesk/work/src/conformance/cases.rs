//! The cases, each on keys of its own.

use std::time::{Duration, Instant};

use super::calls::{LONG, PATIENCE, SHORT, VERSION, assert_lost, awaited, claim, dead, given};
use super::versions::{
    a_dead_letter_that_changes_is_work_again,
    texts_of_any_sort_are_versions_and_too_long_ones_refused,
    what_changes_after_it_is_done_is_given_anew,
    what_changes_after_it_was_given_back_or_failed_is_given_anew,
    what_changes_under_a_claim_waits_for_it,
};
use super::{ATTEMPTS, Case, TestStore};
use crate::{Claim, DeadLetter, LONGEST, WorkError, held};

macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        /// What a store has to hold to, one after the other.
        pub const CASES: &[Case] = &[$((stringify!($name), |store| Box::pin($name(store)))),*];
    };
}

cases![
    of_many_who_ask_for_a_key_one_is_given_it,
    any_text_is_a_key_of_its_own,
    keys_that_cannot_be_kept_are_refused,
    a_lease_that_runs_out_is_anothers_and_no_sooner,
    whoever_has_lost_its_claim_finds_out_and_changes_nothing,
    a_claim_that_is_extended_is_kept,
    a_lease_is_not_a_deadline,
    what_is_done_stays_done,
    what_has_failed_waits_before_it_is_tried_again,
    the_last_failure_makes_a_dead_letter_that_can_be_revived,
    work_that_kills_whoever_does_it_becomes_a_dead_letter,
    what_is_given_back_is_free_at_once_and_counts_no_attempt,
    only_dead_letters_are_revived,
    a_killed_process_loses_its_ten_claims_and_nothing_else,
    leases_of_any_length_are_taken,
    a_step_runs_for_as_long_as_its_claim_is_kept,
    texts_of_any_sort_are_versions_and_too_long_ones_refused,
    what_changes_after_it_is_done_is_given_anew,
    what_changes_after_it_was_given_back_or_failed_is_given_anew,
    what_changes_under_a_claim_waits_for_it,
    a_dead_letter_that_changes_is_work_again,
    nothing_is_lost_while_the_store_is_away,
];

async fn of_many_who_ask_for_a_key_one_is_given_it(store: &dyn TestStore) {
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let work = store.open().await;
        asking.spawn(async move { claim(&work, "many", LONG).await });
    }
    let given: Vec<Claim> = asking.join_all().await.into_iter().flatten().collect();
    assert_eq!(given.len(), 1, "{given:?}");
    assert_eq!((given[0].key(), given[0].attempt()), ("many", 1));
    assert!(given[0].remaining() <= LONG);
}

async fn any_text_is_a_key_of_its_own(store: &dyn TestStore) {
    let (work, other) = (store.open().await, store.open().await);
    let longest = "l".repeat(LONGEST);
    let keys = [
        " ",
        "a.b",
        "a.*",
        "a.>",
        ">",
        "*",
        "A",
        "a",
        "ä",
        "a\u{308}",
        "\0",
        "\r\n",
        "$KV",
        "%41",
        "' OR 1=1 --",
        "🪵",
        &longest,
    ];
    for key in keys {
        assert_eq!(given(&work, key, LONG).await.key(), key);
    }
    for key in keys {
        assert_eq!(claim(&other, key, LONG).await, None, "{key:?}");
    }
}

async fn keys_that_cannot_be_kept_are_refused(store: &dyn TestStore) {
    let work = store.open().await;
    for key in [String::new(), "k".repeat(LONGEST + 1)] {
        let claimed = work.claim(&key, VERSION, LONG).await;
        assert!(
            matches!(claimed, Err(WorkError::Key { bytes }) if bytes == key.len()),
            "{claimed:?}"
        );
        let revived = work.revive(&key).await;
        assert!(matches!(revived, Err(WorkError::Key { .. })), "{revived:?}");
    }
}

async fn a_lease_that_runs_out_is_anothers_and_no_sooner(store: &dyn TestStore) {
    let (work, other) = (store.open().await, store.open().await);
    let begun = Instant::now();
    let first = given(&work, "lapses", SHORT).await;
    let second = awaited(&other, "lapses", LONG).await;
    // A clock of the machine counts milliseconds, and runs not quite as the one that this is measured by.
    let early = SHORT.saturating_sub(begun.elapsed());
    assert!(early < Duration::from_millis(10), "{early:?} too soon");
    assert_eq!((first.attempt(), second.attempt()), (1, 2));
    assert!(first.fence() < second.fence());
    assert!(first.remaining().is_zero());
}

async fn whoever_has_lost_its_claim_finds_out_and_changes_nothing(store: &dyn TestStore) {
    let (work, other) = (store.open().await, store.open().await);
    let first = given(&work, "lost", Duration::ZERO).await;
    let mut second = awaited(&other, "lost", LONG).await;
    assert_lost(&work, &first).await;
    assert_lost(&other, &first).await;
    other.extend(&mut second, LONG).await.expect("it is kept");
    other.done(&second).await.expect("it is current");
    assert_lost(&work, &first).await;
}

async fn a_claim_that_is_extended_is_kept(store: &dyn TestStore) {
    let (work, other) = (store.open().await, store.open().await);
    let lease = SHORT * 4;
    let mut kept = given(&work, "kept", lease).await;
    for _ in 0..8 {
        tokio::time::sleep(SHORT).await;
        assert_eq!(claim(&other, "kept", LONG).await, None);
        work.extend(&mut kept, lease).await.expect("it is current");
        assert!(!kept.remaining().is_zero());
    }
    work.extend(&mut kept, SHORT).await.expect("it is current");
    let next = awaited(&other, "kept", LONG).await;
    assert_eq!(next.attempt(), 2);
}

async fn a_lease_is_not_a_deadline(store: &dyn TestStore) {
    let (work, other) = (store.open().await, store.open().await);
    let mut slow = given(&work, "slow", Duration::ZERO).await;
    tokio::time::sleep(SHORT).await;
    assert!(slow.remaining().is_zero());
    work.extend(&mut slow, LONG)
        .await
        .expect("nobody has asked");
    assert_eq!(claim(&other, "slow", LONG).await, None);
    work.done(&slow).await.expect("it is current");
}

async fn what_is_done_stays_done(store: &dyn TestStore) {
    let (work, other) = (store.open().await, store.open().await);
    let mut done = given(&work, "done", Duration::ZERO).await;
    work.done(&done).await.expect("it is current");
    other.done(&done).await.expect("it is so already");
    for work in [&work, &other, &store.open().await] {
        assert_eq!(claim(work, "done", LONG).await, None);
    }
    let extended = work.extend(&mut done, LONG).await;
    assert!(matches!(extended, Err(WorkError::Lost { .. })));
    let failed = work.failed(&done, Duration::ZERO, "no").await;
    assert!(matches!(failed, Err(WorkError::Lost { .. })));
    assert_eq!(dead(&work, "done").await, None);
}

async fn what_has_failed_waits_before_it_is_tried_again(store: &dyn TestStore) {
    let (work, other) = (store.open().await, store.open().await);
    let first = given(&work, "fails", LONG).await;
    let begun = Instant::now();
    for work in [&work, &other] {
        let failed = work.failed(&first, SHORT, "it rains").await;
        failed.expect("it is current, or so already");
    }
    let second = awaited(&other, "fails", LONG).await;
    let early = SHORT.saturating_sub(begun.elapsed());
    assert!(early < Duration::from_millis(10), "{early:?} too soon");
    assert_eq!(second.attempt(), 2);
    assert!(first.fence() < second.fence());
    assert_lost(&work, &first).await;
}

async fn the_last_failure_makes_a_dead_letter_that_can_be_revived(store: &dyn TestStore) {
    let (work, other) = (store.open().await, store.open().await);
    let mut fence = 0;
    for attempt in 1..=ATTEMPTS {
        assert_eq!(dead(&other, "dies").await, None);
        let claim = awaited(&work, "dies", LONG).await;
        assert_eq!(claim.attempt(), attempt);
        fence = claim.fence();
        let reason = format!("for the {attempt}th time");
        let failed = work.failed(&claim, Duration::ZERO, &reason).await;
        failed.expect("it is current");
    }
    assert_eq!(claim(&other, "dies", LONG).await, None);
    let letter = DeadLetter {
        key: "dies".to_owned(),
        version: VERSION.to_owned(),
        attempts: ATTEMPTS,
        reason: Some(format!("for the {ATTEMPTS}th time")),
    };
    assert_eq!(dead(&other, "dies").await, Some(letter));
    assert!(other.revive("dies").await.expect("an answer"));
    assert!(!work.revive("dies").await.expect("an answer"));
    assert_eq!(dead(&work, "dies").await, None);
    let claim = given(&work, "dies", LONG).await;
    assert_eq!(claim.attempt(), 1);
    assert!(fence < claim.fence());
}

async fn work_that_kills_whoever_does_it_becomes_a_dead_letter(store: &dyn TestStore) {
    let mut last = None;
    for attempt in 1..=ATTEMPTS {
        // Each of these handles is gone with its claim.
        let killed = awaited(&store.open().await, "kills", Duration::ZERO).await;
        assert_eq!(killed.attempt(), attempt);
        last = Some(killed);
    }
    let work = store.open().await;
    let begun = Instant::now();
    let letter = loop {
        assert_eq!(claim(&work, "kills", LONG).await, None);
        if let Some(letter) = dead(&work, "kills").await {
            break letter;
        }
        assert!(begun.elapsed() < PATIENCE, "it is no dead letter");
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert_eq!((letter.attempts, letter.reason), (ATTEMPTS, None));
    assert_lost(&work, &last.expect("attempts")).await;
}

async fn what_is_given_back_is_free_at_once_and_counts_no_attempt(store: &dyn TestStore) {
    let (work, other) = (store.open().await, store.open().await);
    let mut fence = 0;
    for _ in 0..ATTEMPTS * 2 {
        let claim = given(&work, "released", LONG).await;
        assert_eq!(claim.attempt(), 1);
        assert!(fence < claim.fence());
        fence = claim.fence();
        for work in [&work, &other] {
            let released = work.release(&claim).await;
            released.expect("it is current, or so already");
        }
    }
    let next = given(&other, "released", LONG).await;
    other.done(&next).await.expect("it is current");
}

async fn only_dead_letters_are_revived(store: &dyn TestStore) {
    let work = store.open().await;
    assert!(!work.revive("alive").await.expect("an answer"));
    let claim = given(&work, "alive", LONG).await;
    assert!(!work.revive("alive").await.expect("an answer"));
    work.done(&claim).await.expect("it is current");
    assert!(!work.revive("alive").await.expect("an answer"));
}

async fn a_killed_process_loses_its_ten_claims_and_nothing_else(store: &dyn TestStore) {
    let (killed, other) = (store.open().await, store.open().await);
    let keys: Vec<String> = (0..10).map(|number| format!("ten {number}")).collect();
    let done = given(&killed, "ten, done", LONG).await;
    killed.done(&done).await.expect("it is current");
    for key in &keys {
        given(&killed, key, SHORT).await;
    }
    drop(killed);
    for key in &keys {
        let claim = awaited(&other, key, LONG).await;
        assert_eq!(claim.attempt(), 2);
        other.done(&claim).await.expect("it is current");
    }
    assert_eq!(claim(&other, "ten, done", LONG).await, None);
}

async fn leases_of_any_length_are_taken(store: &dyn TestStore) {
    let (work, other) = (store.open().await, store.open().await);
    let mut claim = given(&work, "for ever", Duration::MAX).await;
    let tried = other.claim("for ever", VERSION, Duration::MAX).await;
    assert_eq!(tried.expect("an answer"), None);
    let extended = work.extend(&mut claim, Duration::MAX).await;
    extended.expect("it is current");
    let failed = work.failed(&claim, Duration::MAX, "never again").await;
    failed.expect("it is current");
    let tried = other.claim("for ever", VERSION, Duration::ZERO).await;
    assert_eq!(tried.expect("an answer"), None);
    given(&work, "nanoseconds", Duration::from_nanos(1)).await;
    awaited(&other, "nanoseconds", LONG).await;
}

async fn a_step_runs_for_as_long_as_its_claim_is_kept(store: &dyn TestStore) {
    let (work, other) = (store.open().await, store.open().await);
    let lease = SHORT * 4;
    let mut claimed = given(&work, "held", lease).await;
    let step = tokio::time::sleep(lease * 2);
    held(work.as_ref(), &mut claimed, lease, step)
        .await
        .expect("it is kept");
    assert_eq!(claim(&other, "held", LONG).await, None);
    // Another gets it in the middle of the next step, as if this process had been held up.
    let mut short = claimed.clone();
    let extended = work.extend(&mut short, Duration::ZERO).await;
    extended.expect("it is current");
    let next = awaited(&other, "held", LONG).await;
    let mut has_written = false;
    let step = async {
        tokio::time::sleep(PATIENCE).await;
        has_written = true;
    };
    let lost = held(work.as_ref(), &mut claimed, lease, step).await;
    assert!(matches!(lost, Err(WorkError::Lost { .. })), "{lost:?}");
    assert!(!has_written);
    other.done(&next).await.expect("it is current");
}

async fn nothing_is_lost_while_the_store_is_away(store: &dyn TestStore) {
    let (work, other) = (store.open().await, store.open().await);
    let mut kept = given(&work, "away", LONG).await;
    let done = given(&work, "away, done", LONG).await;
    work.done(&done).await.expect("it is current");
    if !store.cut().await {
        return;
    }
    let mut copy = kept.clone();
    let (claimed, extended, ended) = tokio::join!(
        other.claim("away, new", VERSION, LONG),
        work.extend(&mut copy, LONG),
        other.dead(),
    );
    let errors = [claimed.err(), extended.err(), ended.err()];
    store.mend().await;
    for error in errors {
        assert!(
            error.as_ref().is_some_and(WorkError::is_transient),
            "{error:?}"
        );
    }
    let begun = Instant::now();
    // Whoever asks again is answered before long.
    while let Err(error) = work.extend(&mut kept, LONG).await {
        assert!(error.is_transient(), "{error:?}");
        assert!(begun.elapsed() < PATIENCE, "{error:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    while let Err(error) = other.dead().await {
        assert!(begun.elapsed() < PATIENCE, "{error:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(claim(&other, "away", LONG).await, None);
    assert_eq!(claim(&other, "away, done", LONG).await, None);
    work.done(&kept).await.expect("it is current");
}
