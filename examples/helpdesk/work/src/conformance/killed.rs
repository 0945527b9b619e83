//! A process that is killed while it works, by somebody or by its work: what it does, how it is killed, and who goes on.

use std::future::pending;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::ATTEMPTS;
use super::calls::{PATIENCE, VERSION};
use crate::{DeadLetter, Work};

const LEASE: Duration = Duration::from_secs(60);

/// The work that kills whoever does it.
const DEADLY: &str = "deadly";

/// What the process does, in an ignored test of the plugin's: one piece of work, and then it claims ten more, says their fences, and
/// waits for its end.
pub async fn be_killed(work: &dyn Work) {
    let done = work
        .claim("done", VERSION, LEASE)
        .await
        .expect("met")
        .expect("free");
    work.done(&done).await.expect("current");
    for key in 0..10 {
        let claim = work
            .claim(&key.to_string(), VERSION, Duration::from_secs(2))
            .await;
        println!("\nfence {}", claim.expect("met").expect("free").fence());
    }
    println!("\nall");
    std::io::stdout().flush().expect("written");
    pending::<()>().await;
}

/// Starts this test program once more, with its ignored test of this name and with a variable that leads it to the store, and kills
/// it when it has its claims; gives their fences, in the order of their keys.
#[must_use]
pub fn killed(test: &str, variable: &str, value: &str) -> Vec<u64> {
    let mut other = other_process(test, variable, value)
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let lines = BufReader::new(other.stdout.take().expect("a pipe")).lines();
    let lines = lines.map_while(Result::ok).take_while(|line| line != "all");
    let fences: Vec<u64> = lines
        .filter_map(|line| Some(line.strip_prefix("fence ")?.parse().expect("a number")))
        .collect();
    other.kill().expect("killed");
    other.wait().expect("it has ended");
    assert_eq!(fences.len(), 10);
    fences
}

/// Goes on where a process was killed: what was done stays done, and each of its claims can be had again within this time, as the
/// second attempt and with a greater fence.
pub async fn takes_over(work: &dyn Work, fences: &[u64], within: Duration) {
    assert_eq!(work.claim("done", VERSION, LEASE).await.expect("met"), None);
    let begun = Instant::now();
    for (key, fence) in fences.iter().enumerate() {
        let claim = loop {
            let claim = work
                .claim(&key.to_string(), VERSION, LEASE)
                .await
                .expect("met");
            if let Some(claim) = claim {
                break claim;
            }
            assert!(begun.elapsed() < within, "it stays claimed");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        assert_eq!(claim.attempt(), 2);
        assert!(claim.fence() > *fence);
        work.done(&claim).await.expect("current");
    }
}

/// What a process does, in an ignored test of the plugin's, that its work kills: it waits for that work, and is gone.
pub async fn die_of_work(work: &dyn Work) {
    loop {
        let claim = work.claim(DEADLY, VERSION, Duration::from_secs(1)).await;
        if claim.expect("met").is_some() {
            std::process::exit(1);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Starts this test program again and again, with its ignored test of this name and with a variable that leads it to the store,
/// until the work that kills each of these processes has used up its attempts. Then it is a dead letter, and kills nobody else.
pub async fn buries_what_kills(work: &dyn Work, test: &str, variable: &str, value: &str) {
    for _ in 0..ATTEMPTS {
        assert_eq!(work.dead().await.expect("met"), []);
        let ended = other_process(test, variable, value).status();
        assert_eq!(ended.expect("started").code(), Some(1));
    }
    let begun = Instant::now();
    let letters = loop {
        let claim = work.claim(DEADLY, VERSION, LEASE).await;
        assert_eq!(claim.expect("met"), None);
        let letters = work.dead().await.expect("met");
        if !letters.is_empty() {
            break letters;
        }
        assert!(begun.elapsed() < PATIENCE, "it is no dead letter");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let letter = DeadLetter {
        key: DEADLY.to_owned(),
        version: VERSION.to_owned(),
        attempts: ATTEMPTS,
        reason: None,
    };
    assert_eq!(letters, [letter]);
}

/// This test program once more, with its ignored test of this name.
fn other_process(test: &str, variable: &str, value: &str) -> Command {
    let mut other = Command::new(std::env::current_exe().expect("this program"));
    other.args(["--ignored", "--exact", "--nocapture", test]);
    other.env(variable, value);
    other
}
