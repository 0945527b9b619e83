//! Sorting, by code that is the same for all types. The standard library's is some two thousand lines of what rustc hands to LLVM,
//! and once more for each type and each order: for those here, one line in twenty of the whole crate.

use std::cmp::Ordering;

/// Sorts a list. Elements that are equal keep their order.
pub(crate) fn sort_by<T>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    for (one, other) in swaps(list.len(), &|a, b| compare(&list[a], &list[b])) {
        list.swap(one, other);
    }
}

/// The places to swap, one pair after the other, so that what is at them gets into order.
fn swaps(length: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<(usize, usize)> {
    let mut from: Vec<usize> = (0..length).collect();
    from.sort_by(|a, b| compare(*a, *b));
    let mut swaps = Vec::new();
    for start in 0..length {
        // What each place gets may come from a place that waits for what another one has, and so on in a ring.
        let mut place = start;
        while from[place] != start {
            let next = from[place];
            swaps.push((place, next));
            from[place] = place;
            place = next;
        }
        from[place] = place;
    }
    swaps
}

#[cfg(test)]
mod tests {
    use super::sort_by;

    #[test]
    fn what_is_equal_keeps_its_order() {
        let mut list = vec!["dd", "c", "aaa", "bb", "a", "ccc", ""];
        sort_by(&mut list, |a, b| a.len().cmp(&b.len()));
        assert_eq!(list, ["", "c", "a", "dd", "bb", "aaa", "ccc"]);
    }

    #[test]
    fn every_order_of_a_few_is_sorted() {
        for code in 0..5_usize.pow(5) {
            let mut list: Vec<usize> = (0..5).map(|place| code / 5_usize.pow(place) % 5).collect();
            let mut sorted = list.clone();
            sorted.sort_unstable();
            sort_by(&mut list, usize::cmp);
            assert_eq!(list, sorted);
        }
    }
}
