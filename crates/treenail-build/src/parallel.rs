//! Work on many things, on all cores.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

/// A thread is worth its start for so many things.
const SHARE: usize = 200;

/// What `work` makes of each thing and its place, in the order of the things.
pub(crate) fn map<T: Sync, R: Send>(things: &[T], work: impl Fn(usize, &T) -> R + Sync) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = things.len().div_ceil(cores).max(SHARE);
    let part = |(part, things): (usize, &[T])| -> Vec<R> {
        let places = part * share..;
        let numbered = places.zip(things);
        numbered.map(|(place, thing)| work(place, thing)).collect()
    };
    let mut parts = things.chunks(share).enumerate();
    let first = parts.next();
    thread::scope(|scope| {
        let part = &part;
        let others: Vec<_> = parts
            .map(|others| scope.spawn(move || part(others)))
            .collect();
        let mut all = first.map_or_else(Vec::new, part);
        all.reserve_exact(things.len() - all.len());
        for other in others {
            all.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::{SHARE, map};

    #[test]
    fn results_come_in_the_order_of_the_things() {
        for count in [0, 1, SHARE, 3 * SHARE + 1] {
            let things: Vec<usize> = (0..count).collect();
            assert_eq!(map(&things, |place, thing| place + thing), {
                let doubled = things.iter().map(|thing| 2 * thing);
                doubled.collect::<Vec<_>>()
            });
        }
    }
}
