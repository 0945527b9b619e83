//! What it costs to look a function up by its key and to call it, and to be told that there is none. One iteration is a
//! thousand look-ups, in an order without a pattern, of texts that are no constants of the program.

use std::collections::HashMap;
use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use lookups::{Entry, registries, sets};

/// Look-ups in an iteration.
const COUNT: usize = 1000;

/// Keys as a configuration would bring them: 1000 in the set's order, and then shuffled.
fn asked(keys: &[&str]) -> Vec<String> {
    let mut asked: Vec<String> = (0..COUNT)
        .map(|at| keys[at % keys.len()].to_owned())
        .collect();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    for at in (1..COUNT).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        asked.swap(at, usize::try_from(state % (at as u64 + 1)).expect("small"));
    }
    asked
}

fn run(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    asked: &[String],
    call: impl Fn(&str) -> u64,
) {
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            asked
                .iter()
                .fold(0, |sum: u64, key| sum.wrapping_add(call(black_box(key))))
        });
    });
}

/// Calls what was found; where there is nothing, it is one less.
fn called(found: Option<&Entry>) -> u64 {
    found.map_or(u64::MAX, |entry| entry(7))
}

macro_rules! bench {
    ($criterion:ident: $($set:ident)+) => {$({
        let by_hand: HashMap<String, Entry> =
            sets::$set::KEYS.iter().zip(sets::$set::ENTRIES).map(|(key, entry)| ((*key).to_owned(), *entry)).collect();
        let linkme: HashMap<&str, Entry> = sets::$set::linkme().collect();
        let inventory: HashMap<&str, Entry> = sets::$set::inventory().collect();
        let registry = registries::get::<sets::$set::Set>();
        for keys in [sets::$set::KEYS, sets::$set::MISSES] {
            for key in keys {
                let expected = called(by_hand.get(*key));
                assert_eq!(registry.get(key).map_or(u64::MAX, |entry| entry(7)), expected);
                let others = [sets::$set::PHF.get(key), linkme.get(key), inventory.get(key)];
                assert_eq!(others.map(called), [expected; 3]);
            }
        }
        for (what, keys) in [("hit", sets::$set::KEYS), ("miss", sets::$set::MISSES)] {
            let asked = asked(keys);
            let group = &mut $criterion.benchmark_group(format!("{}-{what}", stringify!($set)));
            run(group, "treenail", &asked, |key| match registry.get(key) {
                Ok(entry) => entry(7),
                // It is made, and nobody reads it.
                Err(error) => {
                    black_box(&error);
                    u64::MAX
                }
            });
            run(group, "HashMap", &asked, |key| called(by_hand.get(key)));
            run(group, "phf", &asked, |key| called(sets::$set::PHF.get(key)));
            run(group, "linkme", &asked, |key| called(linkme.get(key)));
            run(group, "inventory", &asked, |key| called(inventory.get(key)));
        }
    })+};
}

fn benches(criterion: &mut Criterion) {
    bench!(criterion: plain_5 plain_40 plain_400 plain_1000 urn_5 urn_40 urn_400 urn_1000);
}

criterion_group! {
    name = lookups;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600))
        .sample_size(100);
    targets = benches
}
criterion_main!(lookups);
