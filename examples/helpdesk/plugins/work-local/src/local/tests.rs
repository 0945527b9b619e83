//! What comes of a clock that jumps, and of work that was done long ago.

use super::*;

const LEASE: Duration = Duration::from_secs(60);

/// Clocks that stand still: now, half a lease later, after a jump forward, after a jump back.
static CLOCKS: [fn() -> i64; 4] = [|| 1_000_000, || 1_030_000, || 5_000_000, || 10];

async fn store() -> LocalWork {
    let mut work = LocalWork::open(LocalWorkConfig::default())
        .await
        .expect("opened");
    work.clock = CLOCKS[0];
    work
}

#[tokio::test]
async fn a_clock_that_jumps_forward_ends_a_lease_early_and_the_first_claimant_finds_out() {
    let mut work = store().await;
    let mut first = work
        .claim("k", "", LEASE)
        .await
        .expect("met")
        .expect("free");
    work.clock = CLOCKS[1];
    assert_eq!(work.claim("k", "", LEASE).await.expect("met"), None);
    work.clock = CLOCKS[2];
    let second = work
        .claim("k", "", LEASE)
        .await
        .expect("met")
        .expect("free");
    assert!(first.fence() < second.fence());
    let lost = work.extend(&mut first, LEASE).await;
    assert!(matches!(lost, Err(WorkError::Lost { .. })), "{lost:?}");
}

#[tokio::test]
async fn a_clock_that_jumps_back_lets_a_lease_begin_anew_and_last_no_longer() {
    let mut work = store().await;
    let mut first = work
        .claim("k", "", LEASE)
        .await
        .expect("met")
        .expect("free");
    work.clock = CLOCKS[3];
    assert_eq!(work.claim("k", "", LEASE).await.expect("met"), None);
    work.extend(&mut first, LEASE).await.expect("it is kept");
    work.clock = || 10 + 60_001;
    let second = work
        .claim("k", "", LEASE)
        .await
        .expect("met")
        .expect("free");
    assert!(first.fence() < second.fence());
}

#[tokio::test]
async fn what_is_done_is_forgotten_in_the_end_and_its_fence_does_not_come_back() {
    let mut work = store().await;
    work.policy.remember = Duration::from_secs(30);
    let first = work
        .claim("k", "", LEASE)
        .await
        .expect("met")
        .expect("free");
    work.done(&first).await.expect("it is current");
    assert_eq!(work.claim("k", "", LEASE).await.expect("met"), None);
    work.clock = CLOCKS[2];
    let again = work
        .claim("k", "", LEASE)
        .await
        .expect("met")
        .expect("forgotten");
    assert_eq!(again.attempt(), 1);
    assert!(first.fence() < again.fence());
}

#[tokio::test]
async fn what_nobody_asks_for_in_a_week_is_forgotten_and_a_dead_letter_is_not() {
    let mut work = store().await;
    work.policy.attempts = 1;
    let lost = work
        .claim("lost", "", LEASE)
        .await
        .expect("met")
        .expect("free");
    let dead = work
        .claim("dead", "", LEASE)
        .await
        .expect("met")
        .expect("free");
    work.failed(&dead, LEASE, "no")
        .await
        .expect("it is current");
    let rows = |work: &LocalWork| {
        let connection = work.connection.lock().expect("no panic");
        let count =
            connection.query_row("SELECT count(*) FROM work", [], |row| row.get::<_, i64>(0));
        count.expect("a number")
    };
    assert_eq!(rows(&work), 2);
    work.clock = || 1_000_000 + 8 * 24 * 60 * 60 * 1000;
    let other = work.claim("other", "", LEASE).await.expect("met");
    work.release(&other.expect("free"))
        .await
        .expect("it is current");
    assert_eq!(rows(&work), 2);
    let forgotten = work.done(&lost).await;
    assert!(
        matches!(forgotten, Err(WorkError::Lost { .. })),
        "{forgotten:?}"
    );
    assert_eq!(work.dead().await.expect("met").len(), 1);
}

#[tokio::test]
async fn all_claims_of_a_process_that_is_gone_are_given_to_others_at_once() {
    let folder = std::env::temp_dir().join(format!("helpdesk-gone-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let database = folder.join("work.db");
    let config = LocalWorkConfig {
        path: Some(database.display().to_string()),
        ..LocalWorkConfig::default()
    };
    let work = LocalWork::open(config).await.expect("opened");
    for key in ["a", "b"] {
        let given = work.claim(key, "", LEASE).await.expect("met");
        assert!(given.is_some());
    }
    // As if another process had them, whose file nobody has locked any more.
    let given = "UPDATE work SET holder = '7-killed'";
    let connection = Connection::open(&database).expect("opened");
    connection.execute(given, []).expect("changed");
    assert_eq!(
        work.claim("a", "", LEASE).await.expect("met"),
        None,
        "nobody knows"
    );
    let left = folder.join("work.db-7-killed.alive");
    std::fs::write(&left, "").expect("a file");
    for key in ["a", "b"] {
        let given = work.claim(key, "", LEASE).await.expect("met");
        assert_eq!(given.map(|claim| claim.attempt()), Some(2));
    }
    assert!(!left.exists());
    std::fs::remove_dir_all(folder).expect("removed");
}
