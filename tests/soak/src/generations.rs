//! The laws of reloads: random compositions with components of every scope, form and kind are taken through random
//! configurations, faults and callers, in one process and on a clock that goes on when nothing else does. After each reload
//! what runs is compared with an oracle that works everything out anew, by names.

mod chance;
mod comparison;
mod graph;
mod oracle;
mod probe;
#[cfg(test)]
mod regressions;
mod table;
mod trial;
mod world;

use std::cell::RefCell;

use clap::Args;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use trial::Tally;
use world::World;

/// How many, and which.
#[derive(Args)]
pub(crate) struct Trials {
    /// How many sequences of reloads
    #[arg(long, default_value_t = 10_000)]
    count: u32,
    /// Decides about all of them
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Checks so many sequences of reloads.
///
/// # Errors
/// The first law that does not hold, with the smallest sequence that was found for it.
pub(crate) fn run(trials: &Trials) -> Result<String, String> {
    // Components panic because they are told to.
    std::panic::set_hook(Box::new(|_| {}));
    let tally = check(trials)?;
    let ends: Vec<String> = tally
        .iter()
        .map(|(end, count)| format!("{count} {end}"))
        .collect();
    let (count, ends) = (trials.count, ends.join(", "));
    Ok(format!(
        "{count} sequences of reloads, and every law holds: {ends}"
    ))
}

fn check(trials: &Trials) -> Result<Tally, String> {
    let config = Config {
        cases: trials.count,
        failure_persistence: None,
        max_shrink_iters: 3000,
        ..Config::default()
    };
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&trials.seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let worlds = vec(any::<u8>(), 0..900).prop_map(|bytes| World::read(&bytes));
    let all = RefCell::new(Tally::new());
    let checked = TestRunner::new_with_rng(config, random).run(&worlds, |world| {
        let tally = trial::check(&world).map_err(TestCaseError::fail)?;
        let mut all = all.borrow_mut();
        for (end, count) in tally {
            *all.entry(end).or_default() += count;
        }
        Ok(())
    });
    checked.map_err(|broken| broken.to_string())?;
    Ok(all.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reload_ends_as_the_oracle_says_and_they_end_in_every_way() {
        let stated = std::env::var("TREENAIL_RELOAD_CASES").ok();
        let count = stated.map_or(500, |count| count.parse().expect("a number of cases"));
        let tally = match check(&Trials { count, seed: 1 }) {
            Ok(tally) => tally,
            Err(broken) => panic!("{broken}"),
        };
        for end in [
            "accepted",
            "refused",
            "unchanged",
            "rebuilt",
            "broken",
            "wrong",
        ] {
            assert!(tally.contains_key(end), "no reload is {end}: {tally:?}");
        }
    }
}
