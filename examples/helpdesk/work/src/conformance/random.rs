//! Random sequences of calls, held against the model.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Runtime;

use super::TestStore;
use super::model::{Ended, Model};
use crate::{Claim, Work, WorkError};

/// Long enough that no lease runs out by itself.
const LONG: Duration = Duration::from_secs(600);
const HANDLES: usize = 3;
const KEYS: usize = 2;
/// Two, of which the first is the empty text.
const VERSIONS: [&str; 2] = ["", "changed"];

#[derive(Clone, Debug)]
enum Step {
    Claim {
        handle: usize,
        key: usize,
        version: usize,
    },
    Extend {
        handle: usize,
        claim: usize,
    },
    End {
        handle: usize,
        claim: usize,
        how: Ended,
    },
    /// The lease of whoever has the key runs out, and another asks for it.
    Lapse {
        handle: usize,
        key: usize,
        version: usize,
    },
    Revive {
        handle: usize,
        key: usize,
    },
    Dead {
        handle: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let how = prop_oneof![
        2 => Just(Ended::Failed),
        1 => Just(Ended::Released),
        1 => Just(Ended::Done),
    ];
    let (handle, key, claim) = (0..HANDLES, 0..KEYS, 0..8_usize);
    // Most of the work does not change.
    let version = prop_oneof![4 => Just(0_usize), 1 => Just(1)];
    let asked = (handle.clone(), key.clone(), version);
    prop_oneof![
        5 => asked.clone().prop_map(|(handle, key, version)| Step::Claim { handle, key, version }),
        2 => (handle.clone(), claim.clone()).prop_map(|(handle, claim)| Step::Extend { handle, claim }),
        5 => (handle.clone(), claim, how).prop_map(|(handle, claim, how)| Step::End { handle, claim, how }),
        2 => asked.prop_map(|(handle, key, version)| Step::Lapse { handle, key, version }),
        1 => (handle.clone(), key).prop_map(|(handle, key)| Step::Revive { handle, key }),
        1 => handle.prop_map(|handle| Step::Dead { handle }),
    ]
}

/// Plays so many random sequences, each on keys of its own.
///
/// # Panics
/// If the store answers otherwise than the model, with the shortest sequence that was found.
pub fn agrees_with_the_model(runtime: &Runtime, store: &dyn TestStore, sequences: u32) {
    static PLAYED: AtomicU32 = AtomicU32::new(0);
    let config = Config {
        cases: sequences,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..Config::default()
    };
    let handles = runtime.block_on(async {
        let mut handles = Vec::new();
        for _ in 0..HANDLES {
            handles.push(store.open().await);
        }
        handles
    });
    let run = TestRunner::new(config).run(&prop::collection::vec(step(), 1..25), |steps| {
        let prefix = format!("random {}", PLAYED.fetch_add(1, Ordering::Relaxed));
        runtime.block_on(async {
            let mut play = Play {
                handles: &handles,
                prefix: &prefix,
                model: Model::default(),
                claims: Vec::new(),
            };
            for step in steps {
                play.step(step).await?;
            }
            Ok(())
        })
    });
    if let Err(error) = run {
        panic!("{error}");
    }
}

/// One sequence that is being played.
struct Play<'a> {
    handles: &'a [Arc<dyn Work>],
    prefix: &'a str,
    model: Model,
    claims: Vec<Claim>,
}

impl Play<'_> {
    async fn step(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Claim {
                handle,
                key,
                version,
            } => {
                let key = self.key(key);
                let expected = self.model.claim(&key, version, self.claims.len());
                let given = self.handles[handle].claim(&key, VERSIONS[version], LONG);
                let given = given.await;
                self.given(expected, given.map_err(failed)?)
            }
            Step::Extend { handle, claim } => {
                let Some(number) = self.number(claim) else {
                    return Ok(());
                };
                let claim = &mut self.claims[number];
                let expected = self.model.is_current(claim.key(), number);
                is_met(expected, self.handles[handle].extend(claim, LONG).await)
            }
            Step::End { handle, claim, how } => {
                let Some(number) = self.number(claim) else {
                    return Ok(());
                };
                let (work, claim) = (&self.handles[handle], &self.claims[number]);
                let expected = self.model.end(claim.key(), number, how);
                let ended = match how {
                    Ended::Done => work.done(claim).await,
                    Ended::Failed => work.failed(claim, Duration::ZERO, "a reason").await,
                    Ended::Released => work.release(claim).await,
                };
                is_met(expected, ended)
            }
            Step::Lapse {
                handle,
                key,
                version,
            } => self.lapse(handle, &self.key(key), version).await,
            Step::Revive { handle, key } => {
                let key = self.key(key);
                let revived = self.handles[handle].revive(&key).await.map_err(failed)?;
                prop_assert_eq!(revived, self.model.revive(&key), "revived");
                Ok(())
            }
            Step::Dead { handle } => {
                prop_assert_eq!(self.dead(handle).await?, self.model.dead(), "dead letters");
                Ok(())
            }
        }
    }

    fn key(&self, key: usize) -> String {
        format!("{} key {key}", self.prefix)
    }

    /// One of the claims that were given.
    fn number(&self, choice: usize) -> Option<usize> {
        choice.checked_rem(self.claims.len())
    }

    fn given(&mut self, expected: Option<u32>, given: Option<Claim>) -> Result<(), TestCaseError> {
        prop_assert_eq!(given.as_ref().map(Claim::attempt), expected, "attempt");
        let Some(claim) = given else { return Ok(()) };
        for earlier in self.claims.iter().filter(|it| it.key() == claim.key()) {
            prop_assert!(earlier.fence() < claim.fence(), "the fence did not grow");
        }
        self.claims.push(claim);
        Ok(())
    }

    async fn lapse(
        &mut self,
        handle: usize,
        key: &str,
        version: usize,
    ) -> Result<(), TestCaseError> {
        let Some(holder) = self.model.holder(key) else {
            return Ok(());
        };
        let work = Arc::clone(&self.handles[handle]);
        let shortened = work.extend(&mut self.claims[holder], Duration::from_millis(5));
        shortened.await.map_err(failed)?;
        let is_given = self.model.lapse(key, version);
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) {
            let claim = work.claim(key, VERSIONS[version], LONG).await;
            if let Some(claim) = claim.map_err(failed)? {
                prop_assert!(is_given, "given more often than it may be tried");
                let expected = self.model.claim(key, version, self.claims.len());
                return self.given(expected, Some(claim));
            }
            if !is_given && self.dead(handle).await?.contains(&key.to_owned()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Err(TestCaseError::fail("a lease of 5 ms did not run out"))
    }

    /// The dead letters of this sequence.
    async fn dead(&self, handle: usize) -> Result<Vec<String>, TestCaseError> {
        let dead = self.handles[handle].dead().await.map_err(failed)?;
        let keys = dead.into_iter().map(|letter| letter.key);
        let own = |key: &String| key.starts_with(&format!("{} ", self.prefix));
        Ok(keys.filter(own).collect())
    }
}

fn is_met(expected: bool, answer: Result<(), WorkError>) -> Result<(), TestCaseError> {
    match answer {
        Ok(()) => prop_assert!(expected, "met, where the claim is lost"),
        Err(WorkError::Lost { .. }) => prop_assert!(!expected, "lost, where the claim is current"),
        Err(error) => return Err(failed(error)),
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn failed(error: WorkError) -> TestCaseError {
    TestCaseError::fail(format!("{error}: {error:?}"))
}
